// Who asks what when: the calls of a trial in order of their scheduled arrival, drawn from a stream
// of their own, so that every chain and every fault meets the same questions at the same times.
import type { Rng } from '../rng.ts';
import { stream } from '../rng.ts';
import type { Arrival, Scenario } from '../scenario/scenario.ts';
import type { Sample } from '../workloads/workload.ts';

/** The scheduled arrivals of an open loop, in order; a closed loop has its own pacing. */
export function* openArrivals(
  arrival: Exclude<Arrival, { users: number }>,
  samples: number,
  seed: number,
): Generator<number> {
  if ('each' in arrival) {
    for (let i = 0; i < samples; i++) yield i * arrival.gap;
    return;
  }
  if ('burst' in arrival) {
    yield* burstArrivals(arrival);
    return;
  }
  const rng = stream(seed, 'arrival');
  const mean = 1000 / arrival.rate;
  let at = arrival.spread === 'even' ? 0 : rng.exponential(mean);
  for (let i = 1; at < arrival.for; i++) {
    yield Math.floor(at);
    at = arrival.spread === 'even' ? i * mean : at + rng.exponential(mean);
  }
}

function* burstArrivals(arrival: Extract<Arrival, { burst: number }>): Generator<number> {
  const { burst, every, within } = arrival;
  for (let start = 0; start < arrival.for; start += every) {
    for (let i = 0; i < burst; i++) {
      const at = start + Math.floor((i * within) / burst);
      if (at < arrival.for) yield at;
    }
  }
}

/** What a call asks, and the earlier call that it comes back to. */
interface Next {
  sample: Sample;
  repeats: number | null;
  follows: number | null;
}

/**
 * Chooses the sample of each call: all of them once in a new order, then again; or a repeat, or
 * what follows an earlier one.
 */
export class Questions {
  readonly #samples: readonly Sample[];
  readonly #order: Rng;
  readonly #repeat: Rng;
  readonly #share: number;
  readonly #zipf: number;
  readonly #follow: number;
  /** By the sample that they follow. */
  readonly #followers: Map<string | undefined, Sample[]>;
  #bag: Sample[] = [];
  /** First call of each new question, oldest first. */
  readonly #asked: { call: number; sample: Sample }[] = [];
  /** Sums of the Zipf weights of the first n questions. */
  readonly #weights: number[] = [];
  readonly #once: boolean;

  constructor(scenario: Scenario, samples: readonly Sample[], seed: number) {
    this.#follow = scenario.repeat?.follow ?? 0;
    this.#followers = Map.groupBy(samples, ({ follows }) => follows);
    this.#samples = this.#follow > 0 ? (this.#followers.get(undefined) ?? []) : samples;
    this.#order = stream(seed, 'order');
    this.#repeat = stream(seed, 'repeat');
    this.#share = scenario.repeat?.share ?? 0;
    this.#zipf = scenario.repeat?.zipf ?? 1;
    this.#once = 'each' in scenario.arrival;
  }

  /** The next question, for call number `call`. */
  next(call: number): Next {
    const again = this.#share > 0 && this.#repeat.next() < this.#share ? this.#earlier() : null;
    if (again) return this.#again(again);
    const sample = this.#draw();
    if (this.#share > 0) {
      this.#asked.push({ call, sample });
      const weight = this.#asked.length ** -this.#zipf;
      this.#weights.push((this.#weights.at(-1) ?? 0) + weight);
    }
    return { sample, repeats: null, follows: null };
  }

  #again({ call, sample }: { call: number; sample: Sample }): Next {
    const verbatim = { sample, repeats: call, follows: null };
    if (this.#follow === 0 || this.#repeat.next() >= this.#follow) return verbatim;
    const list = this.#followers.get(sample.id) ?? [];
    const follower = list[this.#repeat.int(list.length)];
    return follower ? { sample: follower, repeats: null, follows: call } : verbatim;
  }

  #draw(): Sample {
    if (this.#bag.length === 0) this.#bag = this.#shuffled();
    const sample = this.#bag.pop();
    if (!sample) throw new Error('a workload without samples');
    return sample;
  }

  #shuffled(): Sample[] {
    const bag = [...this.#samples];
    if (this.#once) return bag.reverse();
    for (let i = bag.length - 1; i > 0; i--) {
      const j = this.#order.int(i + 1);
      const [a, b] = [bag[i], bag[j]];
      if (a && b) [bag[i], bag[j]] = [b, a];
    }
    return bag;
  }

  /** An earlier question: the n-th that was ever asked with weight n^-zipf. */
  #earlier(): { call: number; sample: Sample } | null {
    const total = this.#weights.at(-1);
    if (total === undefined) return null;
    const drawn = this.#repeat.next() * total;
    let low = 0;
    let high = this.#weights.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#weights[middle] ?? 0) > drawn) high = middle;
      else low = middle + 1;
    }
    return this.#asked[low] ?? null;
  }
}
