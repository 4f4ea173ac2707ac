import { sources } from './dialect-of.ts';
import type { Flag, LintRule } from './lint-rule.ts';

/** A history that another provider's model made. */
export const foreignIds: LintRule = {
  name: 'foreign-ids',
  describe: "ids of tool calls, or signatures of reasoning, that another provider's model made",
  example: 'tool_use_id: call_abc to Claude',
  look({ traits }) {
    const flags: Flag[] = [];
    const [id] = traits.foreignIds;
    if (id !== undefined) {
      const what = `the history has the tool call ${id} of another provider: ids are not interchangeable; give it one of the target's form`;
      flags.push({ effect: 'risk', what, source: sources.messageTypes });
    }
    if (traits.foreignSignatures.length > 0) {
      const what =
        'the history has signed reasoning of another provider: leave it out, nobody else can read it';
      flags.push({ effect: 'rejected', what, source: sources.messageTypes });
    }
    return flags;
  },
};
