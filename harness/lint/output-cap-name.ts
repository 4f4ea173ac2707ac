import { isReasoningModel } from '../wires/openai-objection.ts';
import { dialectOf, given, sources } from './dialect-of.ts';
import type { LintRule } from './lint-rule.ts';

/** The cap on output has another name, or has to be there. */
export const outputCapName: LintRule = {
  name: 'output-cap-name',
  describe: 'the cap on output stands under a name that the target does not take, or is missing',
  example: 'max_tokens to gpt-5, or no max_tokens to Claude',
  look(request) {
    const dialect = dialectOf(request);
    if (dialect === 'openai' && request.wire === 'openai-chat') {
      if (given(request, ['max_tokens']).length === 0 || !isReasoningModel(request.model))
        return [];
      const what = `max_tokens is not supported by ${request.model}: send max_completion_tokens`;
      const source = `${sources.chatTypes}; langflow-ai/openrag#398`;
      return [{ effect: 'rejected', what, source }];
    }
    if (dialect !== 'anthropic' || given(request, ['max_tokens']).length > 0) return [];
    const what = 'max_tokens is missing: Anthropic requires it';
    return [{ effect: 'rejected', what, source: sources.messageTypes }];
  },
};
