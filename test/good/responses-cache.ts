// OpenAI's responses API, Claude behind it, and a cache in front. Text is shown as it comes.
// Only an answer that one target finished by itself is kept, and one from the cache is labelled
// with its age: what broke off, was cut by its length or refused is nobody's answer to the next
// question.
import Anthropic from '@anthropic-ai/sdk';
import { LRUCache } from 'lru-cache';
import OpenAI from 'openai';
import type { ChainAnswer, Question } from '../../harness/api.ts';
import type { Answer } from './parts/answer.ts';
import { sound } from './parts/answer.ts';
import { beginningWith } from './parts/beginning-with.ts';
import { messageBody, readEvents } from './parts/claude-messages.ts';
import { readFailure } from './parts/failure.ts';
import { readResponse, responseBody } from './parts/openai-responses.ts';
import { Story } from './parts/story.ts';
import { Attempt, between, paced, sleep } from './parts/timing.ts';
import { refuseTools } from './parts/tools.ts';

export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];
export const limits = { attempts: 3, idleMs: 4_000, deadlineMs: 25_000 };

type Ask = (question: Question, signal: AbortSignal) => AsyncGenerator<string, Answer>;

interface Kept {
  text: string;
  at: number;
}

interface Target {
  name: string;
  ask: Ask;
  /** Attempts at most. */
  tries: number;
}

export default () => {
  const openai = new OpenAI({ maxRetries: 0, logLevel: 'off' });
  const anthropic = new Anthropic({ maxRetries: 0, logLevel: 'off' });
  const cache = new LRUCache<string, Kept>({ max: 500 });

  async function* gpt(question: Question, signal: AbortSignal) {
    const events = await openai.responses.create(responseBody('gpt-4o', question), { signal });
    return yield* readResponse(events);
  }

  async function* claude(question: Question, signal: AbortSignal) {
    const body = { ...messageBody('claude-3-5-sonnet-latest', question), stream: true } as const;
    return yield* readEvents(await anthropic.messages.create(body, { signal }), question);
  }

  const order: Target[] = [
    { name: 'openai/gpt-4o', ask: gpt, tries: 2 },
    { name: 'anthropic/claude-3-5-sonnet-latest', ask: claude, tries: 1 },
  ];

  return async (question: Question, signal: AbortSignal): Promise<ChainAnswer> => {
    refuseTools(question);
    const key = JSON.stringify([question.system, question.prompt, question.schema]);
    const kept = cache.get(key);
    if (kept) {
      const cachedMs = Math.round(performance.now() - kept.at);
      return { text: kept.text, meta: { served: 'cache', cachedMs, hops: [] } };
    }
    const story = new Story();
    const pieces = walk(order, question, story, signal, ({ text, ending }) => {
      if (ending === 'stop') cache.set(key, { text, at: performance.now() });
    });
    const first = await pieces.next();
    return { text: beginningWith(first, pieces), meta: () => story.meta() };
  };
};

async function* walk(
  order: Target[],
  question: Question,
  story: Story,
  signal: AbortSignal,
  finished: (answer: Answer) => void,
): AsyncGenerator<string> {
  const until = performance.now() + limits.deadlineMs;
  for (const { name, ask, tries } of order) {
    for (let n = 1; n <= tries; n++) {
      const attempt = new Attempt(signal, until - performance.now());
      let told = false;
      try {
        const pieces = paced(ask(question, attempt.signal), attempt, 5_000, limits.idleMs);
        for (let next = await pieces.next(); ; next = await pieces.next()) {
          if (next.done) {
            const answer = sound(next.value);
            story.answered(name, answer.ending);
            finished(answer);
            if (!told) yield answer.text;
            return;
          }
          told ||= next.value.trim() !== '';
          yield next.value;
        }
      } catch (error) {
        signal.throwIfAborted();
        const { kind, again, waitMs } = story.failed(name, readFailure(error));
        if (told) throw story.brokenOff();
        if (kind === 'policy') throw story.error();
        if (!again || kind === 'limited' || waitMs !== null || n === tries) break;
      } finally {
        attempt.close();
      }
      await sleep(between(100, 1_500), signal);
    }
  }
  throw story.error();
}
