// How many attempts each call has made on each target: the number names an attempt's random stream.
import { OpenMap } from '../open-map.ts';

/** What a chain goes on with in the background still counts as its call's: kept are so many. */
const callsKept = 200;

interface TargetCount {
  target: string;
  attempts: number;
}

export class AttemptCounts {
  readonly #byCall = new OpenMap<TargetCount[]>();
  /** Calls that are over and not forgotten yet. */
  readonly #over: number[] = [];

  /** Counts one more attempt; from 1. */
  next(call: number, target: string): number {
    const known = this.#byCall.get(call);
    const own = known?.find((count) => count.target === target);
    if (own) return ++own.attempts;
    const first = { target, attempts: 1 };
    if (known) known.push(first);
    else this.#byCall.set(call, [first]);
    return 1;
  }

  /** A call is over. Returns the one that is forgotten for it; null while there is room. */
  forget(call: number): number | null {
    this.#over.push(call);
    const long = this.#over.length > callsKept ? this.#over.shift() : undefined;
    if (long === undefined) return null;
    this.#byCall.delete(long);
    return long;
  }
}
