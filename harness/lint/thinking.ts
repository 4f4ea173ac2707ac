import { generation } from '../wires/anthropic-objection.ts';
import { record } from '../wires/json.ts';
import { dialectOf, sources } from './dialect-of.ts';
import type { LintRule } from './lint-rule.ts';

/** How much a model may think. */
export const thinking: LintRule = {
  name: 'thinking',
  describe: 'a budget for thinking that newer models no longer take',
  example: 'thinking: { type: enabled, budget_tokens: 2048 } to claude-sonnet-5',
  look(request) {
    const budget = record(request.body.thinking)?.budget_tokens;
    const takesNone = dialectOf(request) === 'anthropic' && generation(request.model) >= 5;
    if (budget === undefined || !takesNone) return [];
    const what = `thinking.budget_tokens is rejected by ${request.model}: leave it out`;
    return [{ effect: 'rejected', what, source: sources.sonnet5 }];
  },
};
