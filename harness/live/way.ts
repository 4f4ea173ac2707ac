// What live attempts are made with, and one of them as whoever carries it out sees it.
import type { Effect } from '../faults/effect.ts';
import type { Timers } from '../network/virtual-response.ts';
import type { Redaction } from '../recordings/redaction.ts';
import type { AnswerBook, KnownAnswer } from '../upstream/answer-book.ts';
import type { Decision } from '../upstream/decision.ts';
import type { Delivery } from '../upstream/delivery.ts';
import type { LivePlace, Passing, Step } from '../upstream/live.ts';
import type { Frame, Usage } from '../wires/wire.ts';
import type { Fetch } from './forward.ts';
import type { Spending } from './spending.ts';

export interface LiveSource {
  /** With the recordings that there are, for faults that serve another target's answer. */
  book: AnswerBook;
  timers: Timers;
  redaction: Redaction;
  spending: Pick<Spending, 'take'>;
  /** Whether the chain names the host of this URL. */
  mayAsk(url: Readonly<URL>, target: string): boolean;
  /** A mistake of the harness or of its input. */
  fail(error: Error): void;
  /** Of tests. */
  fetch?: Fetch;
}

/** What an attempt needs of all of them. */
export interface LiveOptions extends LiveSource {
  /** How many pieces of text an answer of the target is likely to have. */
  typical(target: string): number;
  /** A whole answer; `pieces` of a stream, else null. */
  said(passing: Passing, known: KnownAnswer, pieces: number | null): void;
  /** What the target said to another question; null where it has not been asked any. */
  another(passing: Passing): KnownAnswer | null;
  /** A recorded answer of another target to the same question. */
  recorded(target: string, passing: Passing): KnownAnswer;
}

/** A response on its way, from the hands of its provider into those of a transport. */
export interface Way {
  readonly of: LiveOptions;
  readonly passing: Passing;
  readonly place: LivePlace;
  /** What becomes of it, as far as that is known. */
  readonly decision: Decision;
  /** Nobody takes what is sent any more. */
  readonly isOver: boolean;
  /** ms since the request. */
  elapsedMs(): number;
  /** Ends early when the attempt does. */
  pause(ms: number): Promise<void>;
  /** An effect takes place now. */
  met(effect: Effect): void;
  head(from: Pick<Answered, 'status' | 'headers'>, sse: boolean, framing: [string, string][]): Step;
  send(frames: Iterable<Frame>): Generator<Step, void>;
  /**
   * An answer that was read before any of it was sent; `counted`: what the provider said it cost.
   */
  note(known: KnownAnswer, counted: Usage): void;
}

type Answered = Delivery & { kind: 'response' };
