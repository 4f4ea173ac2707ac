import { generation } from '../wires/anthropic-objection.ts';
import { dialectOf, sources } from './dialect-of.ts';
import type { LintRule } from './lint-rule.ts';

/** A begun answer that the model shall go on with. */
export const prefill: LintRule = {
  name: 'prefill',
  describe: 'the last turn is a begun answer, which the target rejects or does not go on with',
  example: 'messages that end with { role: assistant, content: "{" } to Claude 4.6 or later',
  look(request) {
    if (!request.traits.prefill) return [];
    const dialect = dialectOf(request);
    const { model } = request;
    if ((dialect === 'anthropic' || dialect === 'compat') && generation(model) >= 4.6) {
      const what = `${model} takes no begun answer: the conversation has to end with a user turn; ask for the form with a schema`;
      const source = 'Anthropic, Sonnet 5 migration guide; BerriAI/litellm#27967';
      return [{ effect: 'rejected', what, source }];
    }
    if (dialect !== 'openai') return [];
    const what = 'OpenAI does not go on with a begun answer: the model answers anew behind it';
    return [{ effect: 'changed', what, source: sources.chatTypes }];
  },
};
