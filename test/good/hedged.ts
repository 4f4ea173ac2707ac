// Does not wait for one target to fail before it asks the next: where the first is silent for
// two seconds, the second is asked too, and the first whole answer is taken. The loser is hung
// up on, so that it costs no more than what it has said.
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import type { Question } from '../../harness/api.ts';
import type { Answer } from './parts/answer.ts';
import { sound } from './parts/answer.ts';
import { messageBody, readEvents } from './parts/claude-messages.ts';
import { readFailure } from './parts/failure.ts';
import { chatBody, readChunks } from './parts/openai-chat.ts';
import { Story } from './parts/story.ts';
import { Attempt, paced } from './parts/timing.ts';
import { refuseTools } from './parts/tools.ts';

export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

const hedgeMs = 2_000;
const firstTokenMs = 9_000;
const idleMs = 4_000;
const attemptMs = 25_000;

type Ask = (question: Question, signal: AbortSignal) => AsyncGenerator<string, Answer>;

export default () => {
  const openai = new OpenAI({ maxRetries: 0, logLevel: 'off' });
  const anthropic = new Anthropic({ maxRetries: 0, logLevel: 'off' });

  async function* gpt(question: Question, signal: AbortSignal) {
    const body = { ...chatBody('gpt-4o', question), stream: true } as const;
    return yield* readChunks(await openai.chat.completions.create(body, { signal }), question);
  }

  async function* claude(question: Question, signal: AbortSignal) {
    const body = { ...messageBody('claude-3-5-sonnet-latest', question), stream: true } as const;
    return yield* readEvents(await anthropic.messages.create(body, { signal }), question);
  }

  return async (question: Question, signal: AbortSignal) => {
    refuseTools(question);
    const race = new Race(question, signal);
    const second = 'anthropic/claude-3-5-sonnet-latest';
    const text = await race.run('openai/gpt-4o', gpt, second, claude);
    return { text, meta: race.story.meta() };
  };
};

/** One question, with two lanes at most. */
class Race {
  readonly story = new Story();
  readonly #question: Question;
  readonly #signal: AbortSignal;
  readonly #running = new Map<string, Attempt>();
  /** The second target's turn: the first is silent, or has failed. */
  readonly #turn = Promise.withResolvers<void>();
  /** Somebody has answered, or has refused for all. */
  #isOver = false;

  constructor(question: Question, signal: AbortSignal) {
    this.#question = question;
    this.#signal = signal;
  }

  async run(first: string, askFirst: Ask, second: string, askSecond: Ask): Promise<string> {
    const hedge = setTimeout(() => this.#turn.resolve(), hedgeMs);
    const patient = (): void => clearTimeout(hedge);
    const lanes = [
      this.#lane(first, askFirst, patient),
      this.#turn.promise.then(() => this.#lane(second, askSecond, () => {})),
    ];
    try {
      return await Promise.any(lanes);
    } catch {
      this.#signal.throwIfAborted();
      throw this.story.error();
    } finally {
      clearTimeout(hedge);
    }
  }

  async #lane(name: string, ask: Ask, onText: () => void): Promise<string> {
    if (this.#isOver || this.#signal.aborted) throw this.story.error();
    const attempt = new Attempt(this.#signal, attemptMs);
    this.#running.set(name, attempt);
    try {
      const pieces = paced(ask(this.#question, attempt.signal), attempt, firstTokenMs, idleMs);
      let next = await pieces.next();
      // Who has begun is let finish: two seconds are the patience with silence.
      onText();
      while (!next.done) next = await pieces.next();
      const answer = sound(next.value, this.#question.schema);
      if (this.#isOver) throw this.story.error();
      this.#end(name);
      this.story.answered(name, answer.ending);
      return answer.text;
    } catch (error) {
      if (this.#signal.aborted || this.#isOver) throw error;
      const failure = this.story.failed(name, readFailure(error));
      if (failure.kind === 'policy') this.#end(name);
      throw error;
    } finally {
      this.#running.delete(name);
      attempt.close();
      this.#turn.resolve();
    }
  }

  /** Hangs up on whoever is still at it. */
  #end(by: string): void {
    this.#isOver = true;
    for (const [name, attempt] of this.#running) {
      if (name === by) continue;
      this.story.hops.push({ target: name, outcome: 'overtaken' });
      attempt.close();
    }
  }
}
