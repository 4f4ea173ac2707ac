// The official SDKs as they come, answers in one piece. Each asks once more by itself, which is
// enough for a blip; an answer that says "later", or that no repetition cures, is the next
// provider's turn. Runs tools.
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import type { Question } from '../../harness/api.ts';
import type { Answer } from './parts/answer.ts';
import { sound } from './parts/answer.ts';
import { messageBody, readMessage } from './parts/claude-messages.ts';
import { readFailure } from './parts/failure.ts';
import { chatBody, readCompletion } from './parts/openai-chat.ts';
import { Story } from './parts/story.ts';
import { Attempt } from './parts/timing.ts';
import type { Turn } from './parts/tools.ts';
import { mostTurns, runTools } from './parts/tools.ts';

export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];
export const tools = true;

/** For one target, the SDK's second try included. */
const targetMs = 10_000;
const deadlineMs = 28_000;

interface Target {
  name: string;
  ask(question: Question, turns: Turn[], signal: AbortSignal): Promise<Answer>;
}

/**
 * The SDKs ask again after each 429, in half a second or after exactly the time that they are told:
 * a crowd that was turned away would come back as one. And a spent quota is a 429 too.
 */
const politeFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  const { status, statusText } = response;
  const told = response.headers.has('retry-after') || response.headers.has('retry-after-ms');
  if (response.ok || (status !== 429 && !told)) return response;
  const headers = new Headers(response.headers);
  headers.set('x-should-retry', 'false');
  return new Response(response.body, { status, statusText, headers });
};

const options = { maxRetries: 1, timeout: 15_000, fetch: politeFetch, logLevel: 'off' } as const;

export default () => {
  const openai = new OpenAI(options);
  const anthropic = new Anthropic(options);
  const order: Target[] = [
    {
      name: 'openai/gpt-4o',
      async ask(question, turns, signal) {
        const body = chatBody('gpt-4o', question, turns);
        return readCompletion(await openai.chat.completions.create(body, { signal }), question);
      },
    },
    {
      name: 'anthropic/claude-3-5-sonnet-latest',
      async ask(question, turns, signal) {
        const body = messageBody('claude-3-5-sonnet-latest', question, turns);
        return readMessage(await anthropic.messages.create(body, { signal }), question);
      },
    },
  ];

  return async (question: Question, signal: AbortSignal) => {
    const story = new Story();
    const until = performance.now() + deadlineMs;
    const turns: Turn[] = [];
    let left = order;
    while (turns.length < mostTurns) {
      const { answer, from } = await askInOrder(left, question, turns, story, until, signal);
      if (answer.ending !== 'tools') return { text: answer.text, meta: story.meta() };
      turns.push(await runTools(question, answer));
      signal.throwIfAborted();
      // Whoever called the tools is told first what they said; who failed is not asked again.
      left = left.slice(left.indexOf(from));
    }
    throw new Error(`the model still asks for tools after ${mostTurns} turns`);
  };
};

async function askInOrder(
  order: Target[],
  question: Question,
  turns: Turn[],
  story: Story,
  until: number,
  signal: AbortSignal,
): Promise<{ answer: Answer; from: Target }> {
  for (const from of order) {
    const left = until - performance.now();
    if (left <= 0) break;
    const attempt = new Attempt(signal, Math.min(targetMs, left));
    try {
      const asked = from.ask(question, turns, attempt.signal);
      const answer = sound(await attempt.within(left, 'answer', asked), question.schema);
      story.answered(from.name, answer.ending);
      return { answer, from };
    } catch (error) {
      signal.throwIfAborted();
      if (story.failed(from.name, readFailure(error)).kind === 'policy') break;
    } finally {
      attempt.close();
    }
  }
  throw story.error();
}
