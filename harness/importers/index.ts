// The importers by the name that users type; a further format is one file and one key here.
import { ddTestAgent } from './dd-test-agent.ts';
import { goVcr } from './go-vcr.ts';
import { har } from './har.ts';
import { httprr } from './httprr.ts';
import type { Importer } from './importer.ts';
import { nock } from './nock.ts';
import { reqLlm } from './req-llm.ts';
import { rubyVcr } from './ruby-vcr.ts';
import { vcrpy } from './vcrpy.ts';

export const importers: Readonly<Record<string, Importer>> = {
  vcrpy,
  'ruby-vcr': rubyVcr,
  'go-vcr': goVcr,
  har,
  nock,
  httprr,
  'req-llm': reqLlm,
  'dd-test-agent': ddTestAgent,
};
