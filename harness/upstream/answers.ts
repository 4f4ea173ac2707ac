// What the targets of one trial answer to its calls, and that the history has each answer once.
import { HarnessError } from '../errors.ts';
import type { Recorder } from '../history.ts';
import { mix } from '../rng.ts';
import type { Asked } from '../wires/wire.ts';
import type { AnswerBook, KnownAnswer } from './answer-book.ts';
import type { Given } from './changed-answer.ts';
import { changedAnswer, fixedAnswer } from './changed-answer.ts';
import type { Fired } from './schedule.ts';
import { begunIn, lastTurn, servedTurn, turnOf } from './session-turn.ts';
import { missing } from './unanswerable.ts';

/** A call as far as its attempts need to know it. */
export interface OpenCall {
  call: number;
  sample: string;
  /** No fault touches it. */
  canary?: true;
  /** What its prompt says and no other's. */
  ticket?: string;
  /** When its caller had an outcome, in ms since the trial's start. */
  overMs?: number;
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
  find(from: OpenCall, target: string, turn = 1): KnownAnswer | null {
    const draw = mix(this.#seed, from.sample, from.call);
    const found = this.#book.find(from.sample, target, draw, turn);
    if (found && !found.failure) this.note(found);
    return found;
  }

  /** What a target ends a call with that nobody else has a part in. */
  final(from: OpenCall, target: string): KnownAnswer | null {
    const draw = mix(this.#seed, from.sample, from.call);
    const found = lastTurn(this.#book, from.sample, target, draw);
    if (found && !found.failure) this.note(found);
    return found;
  }

  /** Which turn of a call's session a request asks for; null where its sample has no tools. */
  turn(from: OpenCall | null, asked: Asked): number | null {
    return from ? turnOf(this.#book.sample(from.sample), asked) : null;
  }

  /** What a target answers to one request, bent by the effects that fired. */
  to(
    from: OpenCall,
    target: string,
    asked: Asked,
    fired: readonly Fired[],
  ): Given<Fired> | HarnessError {
    const wanted = this.turn(from, asked) ?? 1;
    const turn = servedTurn(this.#book.turns(from.sample, target), wanted);
    const found = turn === null ? null : this.find(from, target, turn);
    if (turn === null || !found) {
      return new HarnessError(missing(this.#book, from.sample, target, wanted));
    }
    const begun = begunIn(asked);
    const said = (begun === '' ? null : this.#book.rest(found, begun)) ?? found;
    const sample = said.failure ? null : this.#book.sample(from.sample);
    if (!sample) return fixedAnswer(said, fired);
    return changedAnswer(said, sample, fired, {
      grade: this.#book.grade,
      toAnother: () => this.#toAnother(from, target, turn),
      of: (other) => {
        const answer = this.find(from, other, turn);
        if (!answer) throw new HarnessError(missing(this.#book, from.sample, other));
        return answer;
      },
    });
  }

  /** In words: what calls a tool is no answer that could stand for another. */
  #toAnother(from: OpenCall, target: string, turn: number): KnownAnswer | null {
    const other = this.#another(from);
    const found = this.find(other, target, turn);
    if (found && found.answer.text !== '' && found.answer.toolCalls.length === 0) return found;
    return this.final(other, target);
  }

  /** A call as it would be with another question. */
  #another({ call, sample }: OpenCall): OpenCall {
    const others = this.#book.samples.filter(({ id }) => id !== sample);
    const drawn = others[mix(this.#seed, 'another', call) % Math.max(1, others.length)];
    return { call, sample: drawn?.id ?? sample };
  }
}
