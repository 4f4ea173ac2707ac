// What attempts that failed had said: half answers and the words of errors. None of it belongs into
// a later request as if it were a part of the conversation, so it is looked for in each of them.
import type { AttemptEvent, EndEvent } from '../history.ts';
import { OpenMap } from '../open-map.ts';
import { parsed } from '../parsed-json.ts';
import type { Asked, Frame } from '../wires/wire.ts';
import type { Decision } from './decision.ts';
import type { Delivery } from './delivery.ts';

/** Fewer letters stand in any text by chance. */
const leastChars = 20;
/** Words are known by their beginning. */
const mostChars = 40;
/** Errors of other calls that are looked for: providers say the same few sentences. */
const errorsKept = 6;

interface Said {
  attempt: number;
  what: 'text' | 'error';
  words: string;
}

interface OfCall {
  failed: Said[];
  /** What whole attempts said: it may well be repeated. */
  whole: string[];
}

interface Open {
  call: number;
  text: string;
  errors: readonly Frame[];
}

export class FailedWords {
  readonly #open = new OpenMap<Open>();
  readonly #byCall = new OpenMap<OfCall>();
  #lastErrors: Said[] = [];

  begun(attempt: number, call: number | null, { answer }: Decision, delivery: Delivery): void {
    if (call === null || delivery.kind !== 'response') return;
    const { frames } = delivery;
    const errors = answer === null ? frames : frames.filter(({ role }) => role === 'error');
    this.#open.set(attempt, { call, text: answer?.answer.text ?? '', errors });
  }

  ended({ attempt, chars, marker, inBand, how }: EndEvent): void {
    const open = this.#open.get(attempt);
    if (!open) return;
    this.#open.delete(attempt);
    const { call, text, errors } = open;
    if (marker && inBand === null) {
      if (text.length < leastChars) return;
      this.#of(call).whole.push(text);
      return;
    }
    const words = text.slice(0, Math.min(chars, mostChars)).trim();
    if (words.length >= leastChars) this.#of(call).failed.push({ attempt, what: 'text', words });
    // Who gave up before it was over may have read none of it.
    if (errors.length === 0 || how === 'aborted') return;
    // What comes later in it may be the number of its request.
    const error = errorIn(errors).slice(0, mostChars);
    if (error.length < leastChars) return;
    const said: Said = { attempt, what: 'error', words: error };
    this.#of(call).failed.push(said);
    const others = this.#lastErrors.filter((one) => one.words !== error);
    this.#lastErrors = [said, ...others].slice(0, errorsKept);
  }

  /** The call is over. */
  forget(call: number): void {
    this.#byCall.delete(call);
  }

  /** What of it a request repeats. */
  in(call: number, { turns }: Asked, question: readonly string[]): AttemptEvent['brings'] | null {
    const own = this.#byCall.get(call);
    const failed = [...(own?.failed ?? []), ...this.#lastErrors];
    if (failed.length === 0) return null;
    // What a tool says is the tool's.
    const texts = turns.filter(({ role }) => role !== 'tool').map(({ text }) => text);
    const found = failed.filter(
      ({ what, words }) =>
        texts.some((text) => text.includes(words)) &&
        !question.some((text) => text.includes(words)) &&
        !(what === 'text' && own?.whole.some((text) => text.includes(words))),
    );
    const said = found.find(({ what }) => what === 'error') ?? found[0];
    return said ? { attempt: said.attempt, what: said.what } : null;
  }

  #of(call: number): OfCall {
    const known = this.#byCall.get(call) ?? { failed: [], whole: [] };
    this.#byCall.set(call, known);
    return known;
  }
}

const decoder = new TextDecoder();

/** The sentence of an error, wherever its provider puts it; '' where it has none. */
function errorIn(frames: readonly Frame[]): string {
  const body = frames.map(({ bytes }) => decoder.decode(bytes)).join('');
  const quoted = /"message"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(body)?.[1];
  const message = quoted === undefined ? null : parsed(quoted);
  return typeof message === 'string' ? message.trim() : '';
}
