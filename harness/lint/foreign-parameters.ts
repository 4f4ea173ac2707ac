import type { LintDialect } from './dialect-of.ts';
import { dialectOf, given } from './dialect-of.ts';
import type { LintRule } from './lint-rule.ts';

/** Only names that the target's provider does not have, with what it calls the same. */
const strangers: Readonly<Partial<Record<LintDialect, Readonly<Record<string, string | null>>>>> = {
  anthropic: {
    max_completion_tokens: 'max_tokens',
    max_output_tokens: 'max_tokens',
    stop: 'stop_sequences',
    response_format: 'output_config.format',
    frequency_penalty: null,
    presence_penalty: null,
    logit_bias: null,
    logprobs: null,
    seed: null,
    n: null,
    stream_options: null,
    parallel_tool_calls: 'tool_choice.disable_parallel_tool_use',
    reasoning_effort: 'output_config.effort',
    functions: 'tools',
  },
  openai: {
    stop_sequences: 'stop',
    system: 'a message of role system',
    top_k: null,
    thinking: 'reasoning_effort',
    max_tokens_to_sample: 'max_completion_tokens',
    anthropic_version: null,
    generationConfig: null,
    contents: 'messages',
  },
  google: {
    messages: 'contents',
    max_tokens: 'generationConfig.maxOutputTokens',
    max_completion_tokens: 'generationConfig.maxOutputTokens',
    temperature: 'generationConfig.temperature',
    top_p: 'generationConfig.topP',
    stop: 'generationConfig.stopSequences',
    stop_sequences: 'generationConfig.stopSequences',
    response_format: 'generationConfig.responseJsonSchema',
    system: 'systemInstruction',
  },
};

const said: Readonly<Partial<Record<LintDialect, { words: string; source: string }>>> = {
  anthropic: { words: 'Extra inputs are not permitted', source: 'amrit110/oli#7' },
  openai: {
    words: 'Unrecognized request argument supplied',
    source: 'xlinx/sd-webui-decadetw-auto-prompt-llm#29; nashsu/llm_wiki#336',
  },
  google: { words: 'Unknown name: Cannot find field', source: 'tailcallhq/forgecode#3426' },
};

/** Parameters of another provider's API, forwarded as they are. */
export const foreignParameters: LintRule = {
  name: 'foreign-parameters',
  describe: "parameters of another provider's API, which the target's does not have",
  example: 'stop or response_format to Anthropic’s own API; top_k to OpenAI',
  look(request) {
    const dialect = dialectOf(request);
    const names = strangers[dialect];
    const answer = said[dialect];
    if (!names || !answer) return [];
    return given(request, Object.keys(names)).map((name) => ({
      effect: 'rejected',
      what: `${name} is unknown here ("${answer.words}"): ${instead(names[name] ?? null)}`,
      source: answer.source,
    }));
  },
};

function instead(own: string | null): string {
  return own === null ? 'leave it out' : `it is ${own}`;
}
