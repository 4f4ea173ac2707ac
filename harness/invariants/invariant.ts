// The contract of an invariant: a rule that every good chain keeps (DESIGN section 6), judged as a
// fold over finished calls. One file each; the map in index.ts is what `list invariants` prints.
import type { HistoryEvent } from '../history.ts';
import type { CallRecord } from '../outcome/call-record.ts';
import type { TrialView } from '../scorers/scorer.ts';
import type { TwinKind } from '../twin-kind.ts';

/** A violation, told so that a person understands it without the history. */
export interface Violation {
  /** The trial's number, for its replay; the judge writes it. */
  trial?: number;
  call: number;
  /** ms since the start of the trial. */
  at: number;
  /** Which attempts at which times, and what should have happened. */
  text: string;
}

/** What one trial says of one invariant; plain JSON. */
export interface InvariantTally {
  /** How often the trial put the chain to this test. 0: not applicable. */
  exercised: number;
  violations: number;
  first: Violation | null;
  /** The limit that the verdict used, as text; null where it has none. */
  limit: string | null;
  /**
   * Only for rules over twins: what the chain decided, by circumstance and decision, to be compared
   * with the twin's. Two trials disagree on a circumstance where they share no decision at all: a
   * chain that draws lots, or whose breaker opens a moment later, is not accused of it.
   */
  decisions?: Decisions;
}

/** By circumstance, then by decision; as many entries as there are kinds, not calls. */
export type Decisions = Record<string, Record<string, Sighting>>;

/** How often a decision was taken, and the first time. */
export interface Sighting {
  calls: number;
  first: Violation;
}

export interface Invariant<State> {
  /** `I01` to `I28`. */
  id: string;
  /** The rule in one sentence. */
  rule: string;
  /** A line that says what violates it. */
  example: string;
  /** The kind of twin that it needs; null where one trial is enough. */
  twin: TwinKind | null;
  start(view: TrialView): State;
  event?(state: State, event: HistoryEvent): void;
  call?(state: State, record: CallRecord): void;
  end(state: State): InvariantTally;
}

export type InvariantStatus = 'held' | 'violated' | 'not-applicable' | 'not-judged';
