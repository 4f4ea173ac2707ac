// All invariants over one history, and what becomes of their tallies: merged over trials, compared
// between twins, turned into a status. Has the shape of a scorer, so that one fold over the history
// serves scores and invariants alike.
import { invariants } from '../invariants/index.ts';
import type {
  Decisions,
  Invariant,
  InvariantStatus,
  InvariantTally,
  Violation,
} from '../invariants/invariant.ts';
import type { Scorer } from '../scorers/scorer.ts';
import type { TwinKind } from '../twin-kind.ts';

/** Every rule by its id, in order. */
export const rules: Readonly<Record<string, string>> = Object.fromEntries(
  Object.values(invariants).map(({ id, rule }) => [id, rule]),
);

/** By id; plain JSON. */
export type InvariantTallies = Record<string, InvariantTally>;

export interface JudgeState {
  trial: number;
  folds: Fold[];
  forEvents: Fold[];
}

interface Fold {
  invariant: Invariant<unknown>;
  state: unknown;
}

/** What a report says of one invariant. */
export interface InvariantReport {
  status: InvariantStatus;
  rule: string;
  /** The limit that the verdict used; null where it has none. */
  limit: string | null;
  /** Calls that put the chain to this test. */
  exercised: number;
  violations: number;
  /** In the order of trials. */
  first: Violation | null;
}

export const judgeInvariants: Scorer<JudgeState, InvariantTallies> = {
  name: 'judge-invariants',
  start(view) {
    const folds = Object.values(invariants).map((invariant) => ({
      invariant,
      state: invariant.start(view),
    }));
    const forEvents = folds.filter(({ invariant }) => invariant.event);
    return { trial: view.trial.trial, folds, forEvents };
  },
  event({ forEvents }, event) {
    for (const { invariant, state } of forEvents) invariant.event?.(state, event);
  },
  call({ folds }, record) {
    for (const { invariant, state } of folds) invariant.call?.(state, record);
  },
  end({ trial, folds }) {
    return Object.fromEntries(
      folds.map(({ invariant, state }) => [invariant.id, inTrial(invariant.end(state), trial)]),
    );
  },
  merge: mergeInvariants,
  figures: (tallies) => ({ invariants: reportInvariants(tallies) }),
};

/** Pooled by call; violated in one trial is violated. `a` comes first in the order of trials. */
export function mergeInvariants(a: InvariantTallies, b: InvariantTallies): InvariantTallies {
  const merged = { ...a };
  for (const [id, tally] of Object.entries(b)) {
    const before = merged[id];
    merged[id] = before ? mergeTally(before, tally) : tally;
  }
  return merged;
}

/**
 * The tallies of a trial once those of its twin are known. `twin` names the one thing in which it
 * differs; rules over other twins keep their tallies.
 */
export function compareTwins(
  trial: InvariantTallies,
  twinTallies: InvariantTallies,
  twin: TwinKind,
): InvariantTallies {
  const compared = { ...trial };
  for (const [id, invariant] of Object.entries(invariants)) {
    const own = trial[id];
    if (invariant.twin !== twin || !own) continue;
    compared[id] = disagreement(own, twinTallies[id]?.decisions ?? {}, twin);
  }
  return compared;
}

/** Null and undefined tallies are those of rules that have no file yet. */
export function statusOf(tally: InvariantTally | null | undefined): InvariantStatus {
  if (!tally) return 'not-judged';
  if (tally.violations > 0) return 'violated';
  return tally.exercised > 0 ? 'held' : 'not-applicable';
}

/** All 28, in order. */
export function reportInvariants(tallies: InvariantTallies): Record<string, InvariantReport> {
  return Object.fromEntries(
    Object.entries(rules).map(([id, rule]) => {
      const tally = tallies[id];
      const { limit = null, violations = 0, exercised = 0, first = null } = tally ?? {};
      return [id, { status: statusOf(tally), rule, limit, exercised, violations, first }];
    }),
  );
}

function inTrial(tally: InvariantTally, trial: number): InvariantTally {
  const { decisions, first } = tally;
  for (const byName of Object.values(decisions ?? {})) {
    for (const sighting of Object.values(byName)) sighting.first = { trial, ...sighting.first };
  }
  return { ...tally, first: first && { trial, ...first } };
}

function mergeTally(a: InvariantTally, b: InvariantTally): InvariantTally {
  const decisions = mergeDecisions(a.decisions, b.decisions);
  const fromB = b.first !== null && (a.first === null || isBefore(b.first, a.first));
  return {
    exercised: a.exercised + b.exercised,
    violations: a.violations + b.violations,
    first: fromB ? b.first : a.first,
    // Of two limits the one that the shown violation broke.
    limit: fromB ? b.limit : a.limit,
    ...(decisions ? { decisions } : {}),
  };
}

function mergeDecisions(a: Decisions | undefined, b: Decisions | undefined): Decisions | null {
  if (!a || !b) return a ?? b ?? null;
  const merged: Decisions = { ...a };
  for (const [circumstance, byName] of Object.entries(b)) {
    const known = { ...merged[circumstance] };
    for (const [name, sighting] of Object.entries(byName)) {
      const before = known[name];
      known[name] = before
        ? {
            calls: before.calls + sighting.calls,
            first: isBefore(sighting.first, before.first) ? sighting.first : before.first,
          }
        : sighting;
    }
    merged[circumstance] = known;
  }
  return merged;
}

/** What the chain did in the twin, and what should have been; `did`: "went on or asked again". */
const inTwin: Readonly<Record<TwinKind, (did: string) => string>> = {
  status: (did) => `For the equal HTTP status it ${did}; both should be treated alike.`,
  words: (did) =>
    `With other words in its errors, and nothing else changed, it ${did}: status and code ` +
    'should have decided.',
  chunks: (did) => `With the same bytes in other reads it ${did}; it should not notice them.`,
  stream: (did) =>
    `Told to stream where it did not, or not to where it did, it ${did}; one policy should hold ` +
    'for both.',
};

/** Beside what the trial says by itself, if anything. */
function disagreement(own: InvariantTally, other: Decisions, twin: TwinKind): InvariantTally {
  const { decisions = {}, limit } = own;
  const result: InvariantTally = { exercised: 0, violations: 0, first: null, limit };
  for (const [circumstance, here] of Object.entries(decisions)) {
    const there = other[circumstance];
    if (!there) continue;
    const agree = Object.keys(here).some((name) => Object.hasOwn(there, name));
    const instead = Object.keys(there).join(' or ');
    for (const { calls, first } of Object.values(here)) {
      result.exercised += calls;
      if (agree) continue;
      result.violations += calls;
      if (result.first && !isBefore(first, result.first)) continue;
      result.first = { ...first, text: `${first.text} ${inTwin[twin](instead)}` };
    }
  }
  return {
    exercised: Math.max(own.exercised, result.exercised),
    violations: Math.max(own.violations, result.violations),
    first: own.first ?? result.first,
    limit,
  };
}

function isBefore(a: Violation, b: Violation): boolean {
  const trials = (a.trial ?? 0) - (b.trial ?? 0);
  return trials < 0 || (trials === 0 && a.at < b.at);
}
