// The contract of a scorer: a fold over a trial's history with a mergeable result. A scorer keeps
// sums, never calls. `tally` is plain JSON: it crosses threads, shards and files, and two tallies
// merge to the tally of both trials, so that pooled figures are exact.
import type { HistoryEvent, TrialEvent } from '../history.ts';
import type { Limits } from '../limits.ts';
import type { CallRecord } from '../outcome/call-record.ts';
import type { FaultWindow, ModelPrice } from '../plan-view.ts';

/** What a scorer may know beside the history. */
export interface TrialView {
  trial: TrialEvent;
  limits: Limits;
  /** What the user would wait, ms; null where the scenario has none. */
  deadlineMs: number | null;
  /** The least score of a good answer. */
  floor: number;
  /** The scenario's rules: on what, from when to when (ms; null: open). */
  windows: FaultWindow[];
  /** USD per million tokens by provider/model; null where not known. */
  price(target: string): ModelPrice | null;
  /** TTFT p50 in ms of a target on its own, for limits that depend on it. */
  family(sample: string): string | null;
  critical(sample: string): boolean;
  /** Whether not every model is for it: it has tools, a schema or a long prompt. */
  special(sample: string): boolean;
}

export interface Scorer<State, Tally> {
  /** The name of the file and the key in the map. */
  name: string;
  /** It sees canary calls and no others, and no events; every other scorer sees all but those. */
  canaries?: true;
  start(view: TrialView): State;
  /** Every event of the history, in order. */
  event?(state: State, event: HistoryEvent): void;
  /** Every call once it and all its attempts are over. */
  call?(state: State, record: CallRecord): void;
  end(state: State): Tally;
  merge(a: Tally, b: Tally): Tally;
  /**
   * The report fields that this scorer owns (DESIGN sections 5 and 10), and `reasons`: why a
   * figure is null, by its path (`withReasons` in figures.ts makes both).
   */
  figures(tally: Tally): Record<string, unknown>;
}
