// How one attempt ended, and what of its answer was sent. Part of history.ts; a leaf.

/** How an attempt ended on the wire. */
export type Ending =
  /** All was sent. */
  | 'complete'
  /** Ended as if complete, but part was withheld (`clean` cut). */
  | 'short'
  | 'reset'
  | 'fin'
  | 'refused'
  | 'dns'
  | 'tls'
  /** The client's own 300 s limits. */
  | 'client-timeout'
  /** The chain aborted, or stopped reading. */
  | 'aborted'
  /** Still open when the trial ended. */
  | 'open';

export interface EndEvent {
  e: 'end';
  /** ms since the start of the trial. */
  t: number;
  attempt: number;
  how: Ending;
  /** Whether a terminal marker was sent. */
  marker: boolean;
  /** Whether an in-band error was sent, and its class. */
  inBand: string | null;
  /** First and last payload; null where none was sent. */
  first: number | null;
  last: number | null;
  /** Longest time without payload between headers and the last payload. */
  gap: number;
  /** Characters of the answer sent. */
  chars: number;
  /** Billed tokens; estimated where no recorded usage says. */
  input: number;
  output: number;
  estimated: boolean;
  /**
   * What the client was told of these counts, where that is not all of them: a stream that breaks
   * may have counted its input and never its output.
   */
  told?: 'input' | 'nothing';
  /** How many tools a live answer calls, which its reply could not know; absent where none. */
  calls?: number;
}
