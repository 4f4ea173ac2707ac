import { generation } from '../wires/anthropic-objection.ts';
import { record } from '../wires/json.ts';
import { dialectOf, sources } from './dialect-of.ts';
import type { Flag, LintRule } from './lint-rule.ts';

/** Thinking of a model that thinks unasked takes as much as this even for small questions. */
const leastWithThoughts = 1024;

/** The cap cuts answers off that the primary gives whole. */
export const outputCapShort: LintRule = {
  name: 'output-cap-short',
  describe: 'the cap on output is below what the primary answers with, or leaves thoughts no room',
  example: 'max_tokens: 256 where the primary answered with 400 tokens',
  look(request) {
    const { maxTokens, primaryTokens, model } = request;
    if (maxTokens === null) return [];
    const flags: Flag[] = [];
    if (primaryTokens !== null && primaryTokens > maxTokens) {
      const what = `at most ${maxTokens} tokens may come back; the primary's answer has about ${primaryTokens}`;
      const source = 'the recorded answer, by firedrill’s estimate of tokens';
      flags.push({ effect: 'risk', what, source });
    }
    const off = record(request.body.thinking)?.type === 'disabled';
    const thinks = dialectOf(request) === 'anthropic' && generation(model) >= 5 && !off;
    if (thinks && maxTokens < leastWithThoughts) {
      const what = `max_tokens: ${maxTokens} has to hold what ${model} thinks, too: raise it, or send thinking: { type: disabled }`;
      flags.push({ effect: 'risk', what, source: sources.sonnet5 });
    }
    return flags;
  },
};
