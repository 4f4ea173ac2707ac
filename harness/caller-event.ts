// What a history says of callers: the error that one got, what one did that did not wait, and
// what was left of calls when all of them had gone. Part
// of history.ts; a leaf.

export interface CallerError {
  name: string;
  message: string;
  status?: number;
  code?: string;
  /** Names, messages and codes of the causes, outermost first. */
  causes: string[];
  /** Attempts as the error lists them, where it does. */
  attempts?: Hop[];
}

/** One hop as the chain itself tells it. */
export interface Hop {
  target: string;
  outcome: string;
}

/** The caller did not wait for the outcome. Its answer event follows, at the same time. */
export interface CallerEvent {
  e: 'caller';
  t: number;
  call: number;
  /** abort: it gave up; deadline: its own time was over, which is an error to it. */
  did: 'abort' | 'deadline';
  /** At which moment, in words. */
  why: string;
}

/**
 * The chain has let go of a call that its caller had left: what it promised is settled, its text
 * closed. Attempts may follow all the same, where it goes on in the background.
 */
export interface ReleasedEvent {
  e: 'released';
  t: number;
  call: number;
}

/** Timers that go on for calls which were over a minute before: intervals, and what is set anew. */
export interface TimersLeft {
  /** How many calls left one. */
  calls: number;
  /** Of the first of them: the call, when the timer was set, and how often it fires. */
  call: number;
  setMs: number;
  /** Null: once. */
  everyMs: number | null;
}

/** The last line: the trial is whole. */
export interface CloseEvent {
  e: 'close';
  t: number;
  calls: number;
  attempts: number;
  /** What ended a live trial before its last call: a limit, or Ctrl-C; absent: it is complete. */
  stopped?: string;
  /** Absent where calls left nothing behind. */
  timers?: TimersLeft;
}
