// Lint rules by name. A new rule is its file and its line.
import { bodySize } from './body-size.ts';
import { compatIgnored } from './compat-ignored.ts';
import { contextWindow } from './context-window.ts';
import { foreignIds } from './foreign-ids.ts';
import { foreignParameters } from './foreign-parameters.ts';
import { images } from './images.ts';
import { jsonMode } from './json-mode.ts';
import type { LintRule } from './lint-rule.ts';
import { lostParts } from './lost-parts.ts';
import { modelName } from './model-name.ts';
import { objection } from './objection.ts';
import { outputCapName } from './output-cap-name.ts';
import { outputCapShort } from './output-cap-short.ts';
import { prefill } from './prefill.ts';
import { sampling } from './sampling.ts';
import { stopSequences } from './stop-sequences.ts';
import { strictSchema } from './strict-schema.ts';
import { systemPlacement } from './system-placement.ts';
import { temperatureRange } from './temperature-range.ts';
import { thinking } from './thinking.ts';
import { toolDialect } from './tool-dialect.ts';

export const lints: Readonly<Record<string, LintRule>> = {
  'body-size': bodySize,
  'compat-ignored': compatIgnored,
  'context-window': contextWindow,
  'foreign-ids': foreignIds,
  'foreign-parameters': foreignParameters,
  images,
  'json-mode': jsonMode,
  'lost-parts': lostParts,
  'model-name': modelName,
  objection,
  'output-cap-name': outputCapName,
  'output-cap-short': outputCapShort,
  prefill,
  sampling,
  'stop-sequences': stopSequences,
  'strict-schema': strictSchema,
  'system-placement': systemPlacement,
  'temperature-range': temperatureRange,
  thinking,
  'tool-dialect': toolDialect,
};
