// The contract of providers who answer by themselves, in real time: what an upstream hands them,
// and what a transport carries out as it comes. harness/live implements it.
import type { EndEvent, Ending, Recorder } from '../history.ts';
import type { Asked, RawRequest, Stamp, Wire } from '../wires/wire.ts';
import type { Sample } from '../workloads/workload.ts';
import type { KnownAnswer } from './answer-book.ts';
import type { OpenCall } from './answers.ts';
import type { Decision } from './decision.ts';
import type { Delivery } from './delivery.ts';
import type { Fired } from './schedule.ts';

/** A request that no fault has ended. */
export interface Passing {
  url: Readonly<URL>;
  target: string;
  wire: Wire;
  asked: Asked;
  request: RawRequest;
  fired: readonly Fired[];
  from: OpenCall | null;
  sample: Sample | null;
  turn: number | null;
}

/** What a transport does next for its client. */
export type Step =
  | { do: 'head'; status: number; headers: readonly (readonly [name: string, value: string])[] }
  | { do: 'send'; bytes: Uint8Array }
  | { do: 'end'; how: 'complete' | 'short' | 'reset' | 'fin' }
  /** The provider's own connection failed: the error is what `fetch` shows. */
  | { do: 'fail'; error: unknown }
  /** Nothing more, until the client gives up. */
  | { do: 'silence' };

/** One response as it comes, bent on its way. */
export interface LiveStream {
  /** Once. Whoever stops before its end calls `over`. */
  steps(): AsyncGenerator<Step, void>;
  /** Hangs up on the provider, where it still speaks; only the first counts. */
  over(how: Ending): void;
  /** A mistake of the harness. */
  fail(error: unknown): void;
}

/** Where an attempt stands in its trial. */
export interface LivePlace {
  attempt: number;
  /** ms since the trial's start. */
  start: number;
  now(): number;
  stamp: Stamp;
  record: Recorder;
  /** What it came to, right before its end. */
  settled(decision: Decision, delivery: Delivery): void;
  /** These found nothing to disturb. */
  takeBack(fired: readonly Fired[]): void;
  note(known: KnownAnswer): void;
  end(event: EndEvent): void;
}

export type Open = (place: LivePlace) => { delivery: Delivery; live: LiveStream };

/** No request may be sent any more: the trial ends with the calls that are open. */
export class RunStopped extends Error {
  override readonly name = 'RunStopped';
  /** What stopped it: an option of the command line, or Ctrl-C. */
  readonly by: string;
  /** Whose request was not sent; null where none was about to be. */
  readonly call: number | null;

  constructor(by: string, call: number | null) {
    super(`stopped by ${by}`);
    this.by = by;
    this.call = call;
  }
}

export interface LiveProviders {
  /**
   * Null where faults leave nothing to ask for. Throws where it must not be sent: RunStopped where
   * it may cost more than is left, HarnessError for all else.
   */
  take(passing: Passing): Open | null;
}
