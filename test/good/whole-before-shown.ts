// Streams from the provider, so that silence is noticed early, but shows an answer only once it
// is whole and sound. It costs the reader the first words, and buys that a target may be
// replaced at any point of its answer: nobody has read it. Claude first. Runs tools.
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import type { Question } from '../../harness/api.ts';
import type { Answer } from './parts/answer.ts';
import { sound } from './parts/answer.ts';
import { messageBody, readEvents } from './parts/claude-messages.ts';
import type { Failure } from './parts/failure.ts';
import { readFailure } from './parts/failure.ts';
import { chatBody, readChunks } from './parts/openai-chat.ts';
import { Story } from './parts/story.ts';
import { Attempt, between, paced, sleep } from './parts/timing.ts';
import type { Turn } from './parts/tools.ts';
import { mostTurns, runTools } from './parts/tools.ts';

export const targets = ['anthropic/claude-3-5-sonnet-latest', 'openai/gpt-4o'];
export const tools = true;
export const limits = { attempts: 4, idleMs: 5_000, deadlineMs: 29_000 };

const firstTokenMs = 6_000;

type Ask = (
  question: Question,
  turns: Turn[],
  signal: AbortSignal,
) => AsyncGenerator<string, Answer>;

export default () => {
  const anthropic = new Anthropic({ maxRetries: 0, logLevel: 'off' });
  const openai = new OpenAI({ maxRetries: 0, logLevel: 'off' });

  async function* claude(question: Question, turns: Turn[], signal: AbortSignal) {
    const body = messageBody('claude-3-5-sonnet-latest', question, turns);
    const events = await anthropic.messages.create({ ...body, stream: true }, { signal });
    return yield* readEvents(events, question);
  }

  async function* gpt(question: Question, turns: Turn[], signal: AbortSignal) {
    const body = chatBody('gpt-4o', question, turns);
    const chunks = await openai.chat.completions.create({ ...body, stream: true }, { signal });
    return yield* readChunks(chunks, question);
  }

  return async (question: Question, signal: AbortSignal) => {
    const call = new Call(question, signal);
    const order: [string, Ask][] = [
      ['anthropic/claude-3-5-sonnet-latest', claude],
      ['openai/gpt-4o', gpt],
    ];
    for (const [name, ask] of order) {
      const text = await call.tryTarget(name, ask);
      if (text !== null) return { text, meta: call.story.meta() };
    }
    throw call.story.error();
  };
};

/** One question on its way: what tools have said so far is kept for whoever is asked next. */
class Call {
  readonly story = new Story();
  readonly #turns: Turn[] = [];
  readonly #until = performance.now() + limits.deadlineMs - 100;
  readonly #question: Question;
  readonly #signal: AbortSignal;

  constructor(question: Question, signal: AbortSignal) {
    this.#question = question;
    this.#signal = signal;
  }

  /** The text of a whole answer; null where the next target should be asked. */
  async tryTarget(name: string, ask: Ask): Promise<string | null> {
    for (let failures = 0; failures < 2; ) {
      const answer = await this.#attempt(name, ask);
      if ('cause' in answer) {
        if (answer.kind === 'policy') throw this.story.error();
        failures++;
        // Who asks for time gets it from us by asking somebody else.
        if (failures === 2 || !answer.again || answer.waitMs !== null) return null;
        await sleep(between(100, 4_100), this.#signal);
      } else if (answer.ending !== 'tools') {
        return answer.text;
      } else {
        if (this.#turns.length === mostTurns) throw new Error('the model goes round in circles');
        this.#turns.push(await runTools(this.#question, answer));
        this.#signal.throwIfAborted();
      }
    }
    return null;
  }

  async #attempt(name: string, ask: Ask): Promise<Answer | Failure> {
    const attempt = new Attempt(this.#signal, Math.max(0, this.#until - performance.now()));
    try {
      const asked = ask(this.#question, this.#turns, attempt.signal);
      const pieces = paced(asked, attempt, firstTokenMs, limits.idleMs);
      let next = await pieces.next();
      while (!next.done) next = await pieces.next();
      const answer = sound(next.value, this.#question.schema);
      this.story.answered(name, answer.ending);
      return answer;
    } catch (error) {
      this.#signal.throwIfAborted();
      return this.story.failed(name, readFailure(error));
    } finally {
      attempt.close();
    }
  }
}
