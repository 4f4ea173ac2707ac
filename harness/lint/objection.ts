import type { LintRule } from './lint-rule.ts';

/** What the provider itself answered: the request cannot work there, whatever other rules say. */
export const objection: LintRule = {
  name: 'objection',
  describe: 'the provider turned the request down, as it would in production',
  example: 'a 400 for temperature from Claude under anthropic-version 2026-10-21',
  look({ objection: said }) {
    if (said === null) return [];
    return [{ effect: 'rejected', what: said, source: 'the drilled provider’s own answer' }];
  },
};
