// Calls as they can be told from outside: requests that ask the same are attempts of one call,
// until one of them was answered whole; who asks the same again after that makes a new call. A
// header names the call where words cannot tell. What nobody asks any more is let go, so that a
// server may run for ever.
import type { HistoryEvent, Recorder } from '../history.ts';
import type { OpenCall } from '../upstream/answers.ts';
import type { Asked, RawRequest } from '../wires/wire.ts';
import type { Sample } from '../workloads/workload.ts';

/** Of a question that no workload has. */
export const anything = 'anything';

/** Names the call of a request, in words of the client's own; providers take no notice of it. */
export const callHeader = 'x-firedrill-call';

/** Longer than any client waits before it asks again, ms. */
const patienceMs = 10 * 60_000;
/** As many calls may wait to be asked again. */
const mostQuiet = 10_000;
/** Who asks more often than that has no call, but a loop. */
const mostAttempts = 1_000;

interface Lane extends OpenCall {
  key: string;
  /** Whether the client says which call it is. */
  named: boolean;
  answered: boolean;
  attempts: number;
  running: number;
  quietSince: number;
}

export interface LanesOptions {
  samples: readonly Sample[];
  record: Recorder;
  /** ms since the trial's start. */
  now(): number;
  /** A call is let go: whoever counts for it may forget it. */
  over(call: number): void;
}

export class Lanes {
  readonly #of: LanesOptions;
  readonly #samples: readonly { id: string; parts: string[] }[];
  readonly #byKey = new Map<string, Lane>();
  readonly #byCall = new Map<number, Lane>();
  readonly #byAttempt = new Map<number, Lane>();
  /** Those of which no attempt is running, the longest quiet first. */
  readonly #quiet = new Set<Lane>();
  #calls = 0;

  constructor(options: LanesOptions) {
    this.#of = options;
    this.#samples = options.samples.map(({ id, prompt }) => ({
      id,
      parts: prompt.split('{{ticket}}'),
    }));
  }

  /** How many there have been. */
  get calls(): number {
    return this.#calls;
  }

  get open(): number {
    return this.#byCall.size;
  }

  /** Null for a request without a question that does not say which call it is of. */
  callOf({ header }: Pick<RawRequest, 'header'>, { turns }: Pick<Asked, 'turns'>): OpenCall | null {
    const words = turns.findLast(({ role }) => role === 'user')?.text.trim() ?? '';
    const name = header(callHeader)?.trim() ?? '';
    if (words === '' && name === '') return null;
    this.#letGo();
    const named = name !== '';
    const key = named ? `named ${name}` : `asked ${words}`;
    const known = this.#byKey.get(key);
    const isFull = known !== undefined && known.attempts >= mostAttempts;
    return known && (named || !known.answered) && !isFull ? known : this.#begin(key, named, words);
  }

  event(event: HistoryEvent): void {
    if (event.e === 'attempt' && event.call !== null) this.#asked(event.attempt, event.call);
    else if (event.e === 'end') this.#ended(event.attempt, event.marker);
  }

  /** The trial is over. */
  closeAll(): void {
    for (const lane of [...this.#byCall.values()]) this.#close(lane);
  }

  #begin(key: string, named: boolean, words: string): Lane {
    const before = this.#byKey.get(key);
    if (before?.running === 0) this.#close(before);
    const t = this.#of.now();
    const call = ++this.#calls;
    const sample = this.#sampleOf(words);
    const none = { answered: false, attempts: 0, running: 0, quietSince: t };
    const lane: Lane = { call, sample, key, named, ...none };
    this.#byKey.set(key, lane);
    this.#byCall.set(call, lane);
    this.#quiet.add(lane);
    this.#of.record({ e: 'call', t, call, sample, due: t });
    return lane;
  }

  #asked(attempt: number, call: number): void {
    const lane = this.#byCall.get(call);
    if (!lane) return;
    lane.attempts++;
    lane.running++;
    this.#quiet.delete(lane);
    this.#byAttempt.set(attempt, lane);
  }

  #ended(attempt: number, whole: boolean): void {
    const lane = this.#byAttempt.get(attempt);
    if (!lane) return;
    this.#byAttempt.delete(attempt);
    lane.running--;
    lane.answered ||= whole;
    if (lane.running > 0) return;
    const isLeft = this.#byKey.get(lane.key) !== lane;
    // Whoever asks the same words from now on makes a new call.
    if (isLeft || (lane.answered && !lane.named)) {
      this.#close(lane);
      return;
    }
    lane.quietSince = this.#of.now();
    this.#quiet.add(lane);
  }

  #letGo(): void {
    const since = this.#of.now() - patienceMs;
    for (const lane of this.#quiet) {
      if (lane.quietSince > since && this.#quiet.size < mostQuiet) return;
      this.#close(lane);
    }
  }

  #close(lane: Lane): void {
    const { call, key } = lane;
    this.#quiet.delete(lane);
    this.#byCall.delete(call);
    if (this.#byKey.get(key) === lane) this.#byKey.delete(key);
    const t = this.#of.now();
    // What its caller made of it, nobody can see.
    this.#of.record({ e: 'answer', t, call, kind: 'aborted', first: null, chars: 0, score: null });
    this.#of.over(call);
  }

  #sampleOf(words: string): string {
    const found = this.#samples.find(({ parts }) => parts.every((part) => words.includes(part)));
    return found?.id ?? anything;
  }
}
