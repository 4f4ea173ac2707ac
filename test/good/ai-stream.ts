// The AI SDK, streaming. Its stream reports errors as parts, and ends like any other where an
// answer was cut off: what counts is the reason that it names at the end. Text is shown as it
// comes.
import { anthropic } from '@ai-sdk/anthropic';
import { openai } from '@ai-sdk/openai';
import type { LanguageModel } from 'ai';
import { jsonSchema, Output, streamText } from 'ai';
import type { Question } from '../../harness/api.ts';
import type { Answer, Ending } from './parts/answer.ts';
import { sound } from './parts/answer.ts';
import { beginningWith } from './parts/beginning-with.ts';
import { BadAnswer, ErrorInside, readFailure } from './parts/failure.ts';
import { Story } from './parts/story.ts';
import { Attempt, paced } from './parts/timing.ts';
import { refuseTools } from './parts/tools.ts';

export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];
export const limits = { attempts: 2, idleMs: 5_000, deadlineMs: 28_000 };

/** The SDK holds JSON back until more of it parses: text may come later than the first token. */
const firstTokenMs = limits.idleMs;

interface Target {
  name: string;
  model: LanguageModel;
}

export default () => {
  const order: Target[] = [
    { name: 'openai/gpt-4o', model: openai.chat('gpt-4o') },
    {
      name: 'anthropic/claude-3-5-sonnet-latest',
      model: anthropic('claude-3-5-sonnet-latest'),
    },
  ];

  return async (question: Question, signal: AbortSignal) => {
    refuseTools(question);
    const story = new Story();
    const pieces = walk(order, question, story, signal);
    const first = await pieces.next();
    return { text: beginningWith(first, pieces), meta: () => story.meta() };
  };
};

async function* walk(
  order: Target[],
  question: Question,
  story: Story,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const until = performance.now() + limits.deadlineMs - 100;
  for (const { name, model } of order) {
    const attempt = new Attempt(signal, until - performance.now());
    let told = false;
    try {
      const pieces = paced(
        ask(model, question, attempt.signal),
        attempt,
        firstTokenMs,
        limits.idleMs,
      );
      for (let next = await pieces.next(); ; next = await pieces.next()) {
        if (next.done) {
          const answer = sound(next.value);
          story.answered(name, answer.ending);
          if (!told) yield answer.text;
          return;
        }
        told ||= next.value.trim() !== '';
        yield next.value;
      }
    } catch (error) {
      signal.throwIfAborted();
      const { kind } = story.failed(name, readFailure(error));
      if (told) throw story.brokenOff();
      if (kind === 'policy') break;
    } finally {
      attempt.close();
    }
  }
  throw story.error();
}

async function* ask(
  model: LanguageModel,
  { system, prompt, schema }: Question,
  abortSignal: AbortSignal,
): AsyncGenerator<string, Answer> {
  const { stream } = streamText({
    model,
    maxRetries: 0,
    maxOutputTokens: 1024,
    abortSignal,
    ...(system !== null && { instructions: system }),
    prompt,
    ...(isRecord(schema) && { output: Output.object({ schema: jsonSchema(schema) }) }),
    providerOptions: { anthropic: { structuredOutputMode: 'outputFormat' } },
    // Errors are read from the stream; else they would be printed too.
    onError: () => {},
  });
  let text = '';
  let ending: Ending | null = null;
  for await (const part of stream) {
    if (part.type === 'text-delta') {
      text += part.text;
      yield part.text;
    } else if (part.type === 'finish') ending = endingOf(part.finishReason);
    else if (part.type === 'error') {
      throw part.error instanceof Error ? part.error : new ErrorInside(part.error);
    } else if (part.type === 'abort') throw abortSignal.reason;
  }
  if (ending === null) throw new BadAnswer('truncated', 'the stream has no end');
  return { text, ending, calls: [] };
}

function endingOf(reason: string): Ending {
  if (reason === 'stop' || reason === 'length') return reason;
  if (reason === 'content-filter') return 'refusal';
  throw new BadAnswer('truncated', `the answer ended with ${reason}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
