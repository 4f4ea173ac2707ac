// What a rule, as users write it, decides for one attempt.
import { parse } from 'yaml';
import type { Effect } from '../../harness/faults/effect.ts';
import type { AttemptView } from '../../harness/faults/fault.ts';
import { stream } from '../../harness/rng.ts';
import { mainIssue, telling } from '../../harness/scenario/issue.ts';
import { rule } from '../../harness/scenario/rule.ts';
import { attempt } from '../attempts.ts';

export function decided(text: string): Effect | null {
  return decidedFor(attempt, text);
}

export function decidedFor(view: AttemptView, text: string): Effect | null {
  return rule.parse(parse(text)).arm()(view, stream(1));
}

/** The message of a rule that cannot be read. */
export function refused(text: string): string {
  const issue = mainIssue(rule.safeParse(parse(text), telling).error?.issues ?? []);
  return issue === null ? 'read' : `${issue.path.join('.')}: ${issue.message}`;
}
