// What a target has on its hands, by whoever asks it: a chain may hold a target back because it has
// enough to do, by a limit of the chain's own on calls at once or on calls in a span of time.
import type { AttemptEvent, EndEvent } from '../history.ts';
import { OpenMap } from '../open-map.ts';

interface Load {
  inFlight: number;
  /** The most that were in flight when it was asked for one more. */
  mostBefore: number;
  /** When it was asked, ascending; the last `fewAsks`. */
  last: number[];
}

/** Fewer in a minute are at nobody's limit. */
const fewAsks = 3;
const minuteMs = 60_000;

export class TargetLoad {
  readonly #loads = new Map<string, Load>();
  readonly #open = new OpenMap<Load>();

  asked({ attempt, t, provider, model }: AttemptEvent): void {
    const target = `${provider}/${model}`;
    const load = this.#loads.get(target) ?? { inFlight: 0, mostBefore: 0, last: [] };
    this.#loads.set(target, load);
    load.mostBefore = Math.max(load.mostBefore, load.inFlight);
    load.inFlight++;
    load.last.push(t);
    if (load.last.length > fewAsks) load.last.shift();
    this.#open.set(attempt, load);
  }

  ended({ attempt }: EndEvent): void {
    const load = this.#open.get(attempt);
    if (!load) return;
    this.#open.delete(attempt);
    load.inFlight--;
  }

  /** Whether more are in flight than it was ever asked beside. */
  isFull(target: string): boolean {
    const { inFlight, mostBefore } = this.#loads.get(target) ?? idle;
    return inFlight > mostBefore && inFlight > 1;
  }

  /** Whether it was asked again and again in the minute before `t`. */
  isBusy(target: string, t: number): boolean {
    const { last } = this.#loads.get(target) ?? idle;
    return last.length === fewAsks && (last[0] ?? 0) >= t - minuteMs;
  }
}

const idle: Load = { inFlight: 0, mostBefore: 0, last: [] };
