// From a history to figures: the join feeds the scorers, tallies merge over trials, threads and
// shards, figures come at the end. Which scorers is the caller's choice; their tallies are by name.
import { HarnessError } from '../errors.ts';
import type { HistoryEvent } from '../history.ts';
import { createJoin } from '../outcome/join.ts';
import type { Scorer, TrialView } from '../scorers/scorer.ts';
import type { Figures } from './figures.ts';
import { withoutCanaries } from './without-canaries.ts';

export type Scorers = Readonly<Record<string, Scorer<unknown, unknown>>>;

/** Plain JSON by the scorer's name. */
export type Tallies = Readonly<Record<string, unknown>>;

export interface Scoring {
  event(event: HistoryEvent): void;
  /** Once, after the last event. */
  end(): Tallies;
}

export function createScoring(view: TrialView, scorers: Scorers): Scoring {
  const folds = Object.values(scorers).map((scorer) => ({ scorer, state: scorer.start(view) }));
  const forEvents = folds.filter(({ scorer }) => scorer.event && !scorer.canaries);
  const forCalls = folds.filter(({ scorer }) => scorer.call && !scorer.canaries);
  const forCanaries = folds.filter(({ scorer }) => scorer.call && scorer.canaries);
  const counts = withoutCanaries();
  const join = createJoin(view, (record) => {
    const takers = record.call.canary ? forCanaries : forCalls;
    for (const { scorer, state } of takers) scorer.call?.(state, record);
  });
  return {
    event(event) {
      if (counts(event)) {
        for (const { scorer, state } of forEvents) scorer.event?.(state, event);
      }
      join.event(event);
    },
    end() {
      join.end();
      return Object.fromEntries(folds.map(({ scorer, state }) => [scorer.name, scorer.end(state)]));
    },
  };
}

/** The tallies of both. */
export function mergeTallies(scorers: Scorers, a: Tallies, b: Tallies): Tallies {
  return each(scorers, (scorer) => scorer.merge(tallyOf(a, scorer), tallyOf(b, scorer)));
}

/** All fields of report.json that the scorers own, in their order, and why figures are null. */
export function figuresOf(scorers: Scorers, tallies: Tallies): Figures {
  const figures: Record<string, unknown> = {};
  const reasons: Record<string, string> = {};
  for (const scorer of Object.values(scorers)) {
    const { reasons: own, ...values } = scorer.figures(tallyOf(tallies, scorer));
    Object.assign(figures, values);
    Object.assign(reasons, own);
  }
  return { ...figures, reasons };
}

function each(
  scorers: Scorers,
  value: (scorer: Scorer<unknown, unknown>) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.values(scorers).map((scorer) => [scorer.name, value(scorer)]));
}

function tallyOf(tallies: Tallies, { name }: Scorer<unknown, unknown>): unknown {
  if (!Object.hasOwn(tallies, name)) {
    throw new HarnessError(
      `Failed to read tallies: there is none of the scorer "${name}", only of ` +
        `${Object.keys(tallies).join(', ') || 'no scorer'}. Were they made by another version?`,
    );
  }
  return tallies[name];
}
