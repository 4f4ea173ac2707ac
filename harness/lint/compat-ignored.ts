import { record, records } from '../wires/json.ts';
import { dialectOf, given, sources } from './dialect-of.ts';
import type { Flag, LintRule } from './lint-rule.ts';

const ignored = [
  'response_format',
  'seed',
  'logprobs',
  'top_logprobs',
  'presence_penalty',
  'frequency_penalty',
  'logit_bias',
  'prediction',
  'service_tier',
  'reasoning_effort',
  'modalities',
  'audio',
];

/** Asking for what a request gets anyway: whoever overlooks that does as it says. */
const defaults: Readonly<Record<string, (value: unknown) => boolean>> = {
  response_format: (value) => record(value)?.type === 'text',
  logprobs: (value) => value === false,
  top_logprobs: (value) => value === 0,
  presence_penalty: (value) => value === 0,
  frequency_penalty: (value) => value === 0,
  logit_bias: (value) => JSON.stringify(value) === '{}',
  service_tier: (value) => value === 'auto',
  modalities: (value) => Array.isArray(value) && value.every((one) => one === 'text'),
};

/** Anthropic takes OpenAI's requests, and overlooks what it has no equal for. */
export const compatIgnored: LintRule = {
  name: 'compat-ignored',
  describe: 'parameters that Anthropic overlooks behind the OpenAI API: the answer does not obey',
  example: 'response_format: { type: json_schema } to Claude at /v1/chat/completions',
  look(request) {
    if (dialectOf(request) !== 'compat') return [];
    const { body } = request;
    const asked = given(request, ignored).filter((name) => !defaults[name]?.(body[name]));
    const flags = asked.map((name): Flag => {
      const instead =
        name === 'response_format'
          ? 'ask Anthropic’s own API with output_config.format'
          : 'do not rely on it here';
      const what = `${name} is ignored: ${instead}`;
      return { effect: 'ignored', what, source: sources.compat };
    });
    const strict = records(body.tools).some(
      (tool) => tool.strict === true || record(tool.function)?.strict === true,
    );
    if (strict) {
      const what = 'strict of a tool is ignored: arguments may not fit its schema';
      flags.push({ effect: 'ignored', what, source: sources.compat });
    }
    if (typeof body.n === 'number' && body.n !== 1) {
      const what = `n: ${body.n} is not allowed: it has to be 1`;
      flags.push({ effect: 'rejected', what, source: sources.compat });
    }
    return flags;
  },
};
