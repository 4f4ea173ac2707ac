// The official SDKs, streaming. Text is shown as it comes. Until the first of it nobody has read
// anything, and another target may be asked; from then on a failure is an error that says so.
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import type { Question } from '../../harness/api.ts';
import type { Answer } from './parts/answer.ts';
import { sound } from './parts/answer.ts';
import { beginningWith } from './parts/beginning-with.ts';
import { messageBody, readEvents } from './parts/claude-messages.ts';
import { readFailure } from './parts/failure.ts';
import { chatBody, readChunks } from './parts/openai-chat.ts';
import { Story } from './parts/story.ts';
import { Attempt, between, paced, sleep } from './parts/timing.ts';
import { refuseTools } from './parts/tools.ts';

export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

const firstTokenMs = 5_000;
const idleMs = 4_000;
const deadlineMs = 28_000;

type Ask = (question: Question, signal: AbortSignal) => AsyncGenerator<string, Answer>;

export default () => {
  const openai = new OpenAI({ maxRetries: 0, logLevel: 'off' });
  const anthropic = new Anthropic({ maxRetries: 0, logLevel: 'off' });

  const order: [string, Ask][] = [
    [
      'openai/gpt-4o',
      async function* (question, signal) {
        const body = { ...chatBody('gpt-4o', question), stream: true } as const;
        return yield* readChunks(await openai.chat.completions.create(body, { signal }), question);
      },
    ],
    [
      'anthropic/claude-3-5-sonnet-latest',
      async function* (question, signal) {
        const body = {
          ...messageBody('claude-3-5-sonnet-latest', question),
          stream: true,
        } as const;
        return yield* readEvents(await anthropic.messages.create(body, { signal }), question);
      },
    ],
  ];

  return async (question: Question, signal: AbortSignal) => {
    refuseTools(question);
    const story = new Story();
    const pieces = walk(order, question, story, signal);
    // Where no target answers, that is an error, and not a stream that begins with one.
    const first = await pieces.next();
    return { text: beginningWith(first, pieces), meta: () => story.meta() };
  };
};

async function* walk(
  order: [string, Ask][],
  question: Question,
  story: Story,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const until = performance.now() + deadlineMs;
  for (const [name, ask] of order) {
    // A blip passes: one more try where nothing was said yet and nobody asked us to stay away.
    for (let tries = 1; tries <= 2; tries++) {
      const left = until - performance.now();
      if (left <= 0) throw story.error();
      const attempt = new Attempt(signal, left);
      let told = false;
      try {
        const pieces = paced(ask(question, attempt.signal), attempt, firstTokenMs, idleMs);
        for (let next = await pieces.next(); ; next = await pieces.next()) {
          if (next.done) {
            const answer = sound(next.value);
            story.answered(name, answer.ending);
            if (!told) yield answer.text;
            return;
          }
          // Blank beginnings are no answer yet.
          told ||= next.value.trim() !== '';
          yield next.value;
        }
      } catch (error) {
        signal.throwIfAborted();
        const { kind, again, waitMs } = story.failed(name, readFailure(error));
        if (told) throw story.brokenOff();
        if (kind === 'policy') throw story.error();
        if (!again || kind === 'limited' || waitMs !== null || tries === 2) break;
      } finally {
        attempt.close();
      }
      await sleep(between(200, 1_200), signal);
    }
  }
  throw story.error();
}
