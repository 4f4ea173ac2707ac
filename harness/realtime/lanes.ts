// Calls as they can be told from outside: requests that ask the same are attempts of one call,
// until one of them was answered whole; who asks the same again after that makes a new call.
import type { HistoryEvent, Recorder } from '../history.ts';
import type { OpenCall } from '../upstream/upstream.ts';
import type { Asked } from '../wires/wire.ts';
import type { Sample } from '../workloads/workload.ts';

/** Of a question that no workload has. */
export const anything = 'anything';

interface Lane extends OpenCall {
  answered: boolean;
}

export class Lanes {
  readonly #samples: readonly { id: string; parts: string[] }[];
  readonly #record: Recorder;
  readonly #now: () => number;
  readonly #byWords = new Map<string, Lane>();
  readonly #byAttempt = new Map<number, Lane>();
  readonly #byCall = new Map<number, Lane>();

  constructor(samples: readonly Sample[], record: Recorder, now: () => number) {
    this.#samples = samples.map(({ id, prompt }) => ({ id, parts: prompt.split('{{ticket}}') }));
    this.#record = record;
    this.#now = now;
  }

  get calls(): number[] {
    return [...this.#byCall.keys()];
  }

  /** Null for a request without a question. */
  callOf({ turns }: Pick<Asked, 'turns'>): OpenCall | null {
    const words = turns.findLast(({ role }) => role === 'user')?.text.trim();
    if (!words) return null;
    const known = this.#byWords.get(words);
    if (known && !known.answered) return known;
    const call = this.#byCall.size + 1;
    const lane: Lane = { call, sample: this.#sampleOf(words), answered: false };
    this.#byWords.set(words, lane);
    this.#byCall.set(call, lane);
    const t = this.#now();
    this.#record({ e: 'call', t, call, sample: lane.sample, due: t });
    return lane;
  }

  event(event: HistoryEvent): void {
    if (event.e === 'attempt' && event.call !== null) {
      const lane = this.#byCall.get(event.call);
      if (lane) this.#byAttempt.set(event.attempt, lane);
    }
    if (event.e !== 'end') return;
    const lane = this.#byAttempt.get(event.attempt);
    this.#byAttempt.delete(event.attempt);
    if (lane && event.marker) lane.answered = true;
  }

  #sampleOf(words: string): string {
    const found = this.#samples.find(({ parts }) => parts.every((part) => words.includes(part)));
    return found?.id ?? anything;
  }
}
