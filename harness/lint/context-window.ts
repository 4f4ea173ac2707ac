import { generation } from '../wires/anthropic-objection.ts';
import { sources } from './dialect-of.ts';
import type { LintRule } from './lint-rule.ts';

/** The tokenizer of Sonnet 5 makes so many more tokens of a text than that of 4.6. */
const finer = 1.3;

/** Prompt and answer fit into the target's window. */
export const contextWindow: LintRule = {
  name: 'context-window',
  describe: "the prompt, with what may come back, is larger than the target's context window",
  example: '150,000 tokens to a model with a window of 128,000',
  look({ context, traits, maxTokens, model }) {
    if (context === null) return [];
    const isFiner = generation(model) >= 5;
    const input = Math.ceil(traits.inputTokens * (isFiner ? finer : 1));
    const wanted = input + (maxTokens ?? 0);
    if (wanted <= context.tokens) return [];
    const cap = maxTokens === null ? '' : `, with ${maxTokens} that may come back`;
    const what = `about ${input} tokens go in${cap}: the window of ${model} holds ${context.tokens}`;
    const source = isFiner ? `${context.source}; ${sources.sonnet5}` : context.source;
    return [{ effect: 'rejected', what, source }];
  },
};
