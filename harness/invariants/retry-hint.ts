// I09: who says "later" is heard: at least the hint, at most the cap. Going to another target at
// once is fine, and so is giving up. Without a usable hint there is backoff, never a loop at full
// speed; since jitter may draw a short wait, a loop is told from what all waits of a trial have in
// common.
import type { AttemptRecord, CallRecord } from '../outcome/call-record.ts';
import { effectMember } from '../outcome/effect-member.ts';
import type { TrialView } from '../scorers/scorer.ts';
import { attemptText, seconds } from './attempt-text.ts';
import type { Broken } from './call-rule.ts';
import type { FailureKind } from './failure-kind.ts';
import { failureOf } from './failure-kind.ts';
import type { Invariant, Violation } from './invariant.ts';
import { marginMs } from './margins.ts';
import { endOf, follows, overlap, sameScope } from './timeline.ts';

interface State {
  view: TrialView;
  exercised: number;
  violations: number;
  first: Violation | null;
  /** Waits without a usable hint, by provider and by what was sent in its place. */
  waits: Map<string, Waits>;
}

interface Waits {
  count: number;
  longest: number;
  /** Calls with two short waits in a row. */
  loops: number;
  first: Violation | null;
  /** The first wait of all, where no call had two. */
  once: Violation | null;
}

export const retryHint: Invariant<State> = {
  id: 'I09',
  rule: 'A further attempt on the same limit scope waits at least the hint, at most the cap; an unusable hint means backoff.',
  example: 'A 429 with retry-after 20 is asked again after half a second.',
  twin: null,
  start: (view) => ({ view, exercised: 0, violations: 0, first: null, waits: new Map() }),
  call(state, record) {
    let broken: Broken | null = null;
    let exercised = false;
    for (const attempt of record.attempts) {
      const kind = failureOf(attempt);
      if (kind === null || !heard.has(kind) || !attempt.reply || attempt.reply.status < 300) {
        continue;
      }
      const hinted = typeof attempt.reply.hintMs === 'number';
      if (!hinted && kind !== 'rate-limit') continue;
      exercised = true;
      if (hinted) broken ??= againstHint(state.view.limits.hintCapMs, attempt, record);
    }
    if (!exercised) return;
    state.exercised++;
    if (broken === null) {
      countWaits(state, record);
      return;
    }
    state.violations++;
    state.first ??= { call: record.call.call, at: broken.at, text: broken.text() };
  },
  end({ view, exercised, violations, first, waits }) {
    const limit = `hints up to ${seconds(view.limits.hintCapMs)}`;
    const result = { exercised, violations, first, limit };
    for (const group of waits.values()) {
      if (!isLoop(group, view)) continue;
      const { count, loops, first: loop, once } = group;
      const example = loop ?? once;
      result.violations += loops || count;
      if (!result.first || (example && example.at < result.first.at)) result.first = example;
    }
    return result;
  },
};

/** Failures that come with a hint: a spent quota may ask for days, and is not to be slept on. */
const heard: ReadonlySet<FailureKind> = new Set([
  'rate-limit',
  'target',
  'transient',
  'credential',
]);

/** The next attempt of the call that knew of this failure. */
function nextAfter(attempt: AttemptRecord, { attempts }: CallRecord): AttemptRecord | null {
  return attempts.find((other) => follows(attempt, other)) ?? null;
}

function againstHint(capMs: number, attempt: AttemptRecord, record: CallRecord): Broken | null {
  const { reply } = attempt;
  const { attempts, answer, hung } = record;
  const hint = reply?.hintMs;
  if (!reply || typeof hint !== 'number') return null;
  const lane = (other: AttemptRecord): boolean => other !== attempt && sameScope(other, attempt);
  if (attempts.some((other) => lane(other) && overlap(other, attempt))) return null;
  const again = attempts.find((other) => lane(other) && follows(attempt, other));
  const next = nextAfter(attempt, record);
  if (again) {
    const wait = again.start.t - reply.t;
    if (hint <= capMs && wait < hint - Math.min(marginMs, hint / 10)) {
      const should = `it should have waited ${seconds(hint)}, as it was told`;
      return broken(attempt, again.start.t, `asked again after ${seconds(wait)}; ${should}`);
    }
  }
  // How long it slept shows where nothing else happened in between.
  const until = next?.start.t ?? answer?.t ?? hung?.t ?? reply.t;
  // Who honours a hint comes later than told, or a crowd would come back in step (I10).
  const most = hint <= capMs && next === again ? hint + capMs : capMs;
  const overCap = until - reply.t > most + marginMs;
  if (overCap && isBusy(attempt, record, reply.t, until)) return null;
  if (!overCap || (hint <= capMs && next !== again)) return null;
  const should = `no hint should hold it up for longer than ${seconds(capMs)}`;
  return broken(
    attempt,
    reply.t + capMs,
    `told to wait ${seconds(hint)}, and nothing further was done before ${seconds(until)}; ${should}`,
  );
}

/** Who has another lane at work, as in a race, does not sleep. */
function isBusy(attempt: AttemptRecord, { attempts }: CallRecord, from: number, to: number) {
  return attempts.some((other) => other !== attempt && other.start.t < to && endOf(other) > from);
}

function broken(attempt: AttemptRecord, at: number, what: string): Broken {
  return { at, text: () => `${attemptText(attempt)}. The same target was ${what}.` };
}

const shortMs = 50;
/** With so many waits, not one of them long, chance is excluded. */
const manyWaits = 10;

function countWaits({ waits }: State, record: CallRecord): void {
  let before: Wait | null = null;
  let looped = false;
  for (const attempt of record.attempts) {
    const wait = waitAfter(attempt, record);
    if (wait) {
      const group = waits.get(wait.key) ?? noWaits();
      waits.set(wait.key, group);
      group.once ??= onceOf(attempt, wait, record);
      group.count++;
      group.longest = Math.max(group.longest, wait.ms);
      if (before && !looped && isTwice(before, wait)) {
        looped = true;
        group.loops++;
        group.first ??= loopOf(attempt, before, wait, record);
      }
    }
    before = wait;
  }
}

/** From a rate limit without a usable hint to the next attempt, which is on the same target. */
interface Wait {
  key: string;
  ms: number;
  until: number;
}

function waitAfter(attempt: AttemptRecord, record: CallRecord): Wait | null {
  const { start, reply } = attempt;
  if (!reply || failureOf(attempt) !== 'rate-limit' || reply.hintMs != null) return null;
  const next = nextAfter(attempt, record);
  if (!next || !sameScope(attempt, next)) return null;
  const until = next.start.t;
  return { key: `${start.provider} ${sentHint(attempt)}`, ms: until - reply.t, until };
}

function noWaits(): Waits {
  return { count: 0, longest: 0, loops: 0, first: null, once: null };
}

function isTwice(before: Wait, wait: Wait): boolean {
  return before.key === wait.key && before.ms < shortMs && wait.ms < shortMs;
}

function loopOf(attempt: AttemptRecord, before: Wait, wait: Wait, { call }: CallRecord): Violation {
  const text =
    `${attemptText(attempt)}, without a usable hint. The same target was asked again after ` +
    `${before.ms} ms and then after ${wait.ms} ms; without a hint there should be backoff.`;
  return { call: call.call, at: wait.until, text };
}

function onceOf(attempt: AttemptRecord, { ms, until }: Wait, { call }: CallRecord): Violation {
  const text =
    `${attemptText(attempt)}, without a usable hint. The same target was asked again after ` +
    `${ms} ms, as after every such answer of the trial; without a hint there should be backoff.`;
  return { call: call.call, at: until, text };
}

/** Of many calls that ask only once more, jitter would have drawn one longer wait. */
function isLoop({ count, longest, loops }: Waits, { trial }: TrialView): boolean {
  const isAtOnce = longest <= (trial.clock === 'virtual' ? 2 : 20);
  if (loops === 0) return count >= manyWaits && isAtOnce;
  return longest < shortMs && (count >= manyWaits || isAtOnce);
}

/** What was sent as a hint that cannot be used: chains may loop on one form and not on another. */
function sentHint({ effects }: AttemptRecord): string {
  for (const { effect } of effects) {
    const hint = effectMember(effect, 'rejection', 'hint');
    if (hint !== undefined) return JSON.stringify(hint);
  }
  return 'none';
}
