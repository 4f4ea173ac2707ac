// What the targets of one trial answer to its calls, and that the history has each answer once.
import { HarnessError } from '../errors.ts';
import type { Recorder } from '../history.ts';
import { mix } from '../rng.ts';
import type { Asked } from '../wires/wire.ts';
import type { AnswerBook, KnownAnswer } from './answer-book.ts';
import { changedAnswer } from './changed-answer.ts';
import type { Fired } from './schedule.ts';
import { missing } from './unanswerable.ts';

/** A call as far as its attempts need to know it. */
export interface OpenCall {
  call: number;
  sample: string;
}

export class Answers {
  readonly #book: AnswerBook;
  readonly #record: Recorder;
  readonly #seed: number;
  /** Ids of the answers that the history has. */
  readonly #noted = new Set<string>();

  constructor(book: AnswerBook, record: Recorder, seed: number) {
    this.#book = book;
    this.#record = record;
    this.#seed = seed;
  }

  note({ event }: KnownAnswer): void {
    if (this.#noted.has(event.id)) return;
    this.#noted.add(event.id);
    this.#record(event);
  }

  /** Both sides of a comparison get the same draw: it depends on the call, not on the target. */
  find(from: OpenCall, target: string): KnownAnswer | null {
    const draw = mix(this.#seed, from.sample, from.call);
    const found = this.#book.find(from.sample, target, draw);
    if (found && !found.failure) this.note(found);
    return found;
  }

  /** What a target answers to one request, bent by the effects that fired. */
  to(
    from: OpenCall,
    target: string,
    asked: Asked,
    fired: readonly Fired[],
  ): KnownAnswer | HarnessError {
    const found = this.find(from, target);
    if (!found) return new HarnessError(missing(this.#book, from.sample, target));
    const begun = asked.turns.findLast((turn) => turn.role === 'assistant')?.text ?? '';
    const said = (begun === '' ? null : this.#book.rest(found, begun)) ?? found;
    const sample = said.failure ? null : this.#book.sample(from.sample);
    if (!sample || fired.length === 0) return said;
    const effects = fired.map(({ effect }) => effect);
    return changedAnswer(said, sample, effects, {
      toAnother: () => this.find(this.#another(from), target),
      of: (other) => {
        const answer = this.find(from, other);
        if (!answer) throw new HarnessError(missing(this.#book, from.sample, other));
        return answer;
      },
    });
  }

  /** A call as it would be with another question. */
  #another({ call, sample }: OpenCall): OpenCall {
    const others = this.#book.samples.filter(({ id }) => id !== sample);
    const drawn = others[mix(this.#seed, 'another', call) % Math.max(1, others.length)];
    return { call, sample: drawn?.id ?? sample };
  }
}
