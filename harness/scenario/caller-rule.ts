// One rule of a scenario's `caller`: what the caller of some calls does beside waiting. It gives up
// at a moment of its choice, or it had a deadline of its own from the start. Reading only;
// caller-actions.ts acts.
import { z } from 'zod';
import { expectedText, expecting } from './issue.ts';
import type { Numbers } from './units.ts';
import { duration, durationMs, holdsNumber, numbers, share, someTime } from './units.ts';

/** When the caller goes. */
export type CallerMoment =
  /** So long after it asked. */
  | { at: 'time'; ms: number }
  /** With the piece that makes it so many characters; at least one. */
  | { at: 'characters'; count: number }
  /** As the nth attempt of its call begins. */
  | { at: 'attempt'; nth: number }
  /** Nothing is on the wire, so long after an attempt failed: the `after`-th or a later one. */
  | { at: 'backoff'; after: number; intoMs: number };

export interface CallerRule {
  did: 'abort' | 'deadline';
  when: CallerMoment;
  /** Null: all calls. */
  call: Numbers | null;
  chance: number;
}

const abortWords =
  'a moment to abort at: a duration like 3s, "40 characters", "attempt 2" or backoff';

/** Of `backoff` only the word is read here: its keys stand beside it. */
const abort = z.string({ error: expecting(abortWords) }).transform((text, context) => {
  const moment = momentOf(text);
  if (moment) return moment;
  context.addIssue({ code: 'custom', message: expectedText(abortWords, text) });
  return z.NEVER;
});

function momentOf(text: string): CallerMoment | null {
  if (text === 'backoff') return { at: 'backoff', after: 1, intoMs: 100 };
  const characters = /^(\d+) characters?$/.exec(text);
  if (characters) return { at: 'characters', count: Math.max(1, Number(characters[1])) };
  const attempt = /^attempt ([1-9]\d*)$/.exec(text);
  if (attempt) return { at: 'attempt', nth: Number(attempt[1]) };
  const ms = durationMs(text);
  return ms === null ? null : { at: 'time', ms };
}

const fields = z.strictObject({
  abort: abort
    .optional()
    .describe(
      'When the caller gives up: a duration like 3s, "40 characters", "attempt 2" or backoff.',
    ),
  deadline: someTime
    .optional()
    .describe("The caller's own time limit, like 5s; its end is an error to the caller."),
  after: z
    .number()
    .int()
    .min(1)
    .optional()
    .describe('Of `abort: backoff`: not before the backoff that follows this attempt.'),
  into: duration
    .optional()
    .describe('Of `abort: backoff`: so long after the attempt ended, like 100ms.'),
  call: numbers
    .optional()
    .describe('Which calls, by number: a number, a list of numbers, or a range like 1..3 or 2..'),
  chance: share.default(1).describe('The share of these calls, like 10%.'),
});

export const callerRule = fields.transform((given, context): CallerRule => {
  const problem = problemOf(given);
  if (problem) {
    context.addIssue({ code: 'custom', ...problem });
    return z.NEVER;
  }
  const { abort, deadline, after, into, call = null, chance } = given;
  if (!abort) {
    return { did: 'deadline', when: { at: 'time', ms: deadline ?? 0 }, call, chance };
  }
  const when =
    abort.at === 'backoff'
      ? { ...abort, after: after ?? abort.after, intoMs: into ?? abort.intoMs }
      : abort;
  return { did: 'abort', when, call, chance };
});

function problemOf(given: z.infer<typeof fields>): { path: string[]; message: string } | null {
  const { abort, deadline, after, into } = given;
  if (!abort && deadline === undefined) {
    return { path: [], message: 'says nothing to do: write abort: 3s, or deadline: 5s' };
  }
  if (abort && deadline !== undefined) {
    return { path: ['deadline'], message: 'goes not with `abort`: write two rules' };
  }
  const alone = after === undefined ? (into === undefined ? null : 'into') : 'after';
  if (alone === null || abort?.at === 'backoff') return null;
  return { path: [alone], message: `goes with abort: backoff only` };
}

/** Whether the rules above the one at `index` leave no call to it. */
export function isDead(rules: readonly CallerRule[], index: number): boolean {
  const above = rules.slice(0, index).filter(({ chance }) => chance === 1);
  const own = rules[index]?.call ?? null;
  // Who takes a call changes at these numbers only.
  const edges = [...above, { call: own }].flatMap(({ call }) => edgesOf(call));
  return edges
    .filter((number) => holds(own, number))
    .every((number) => above.some(({ call }) => holds(call, number)));
}

/** Null: all calls. */
function holds(calls: Numbers | null, number: number): boolean {
  return calls === null || holdsNumber(calls, number);
}

function edgesOf(calls: Numbers | null): number[] {
  if (calls === null) return [1];
  if ('list' in calls) return calls.list.flatMap((one) => [one, one + 1]);
  return [calls.from, calls.to + 1].filter(Number.isFinite);
}
