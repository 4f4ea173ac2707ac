// LangChain's chat models, with its own retries off and a walk of its own: `withFallbacks` takes
// any error for a reason to go on, and tells nobody who answered. Answers come in one piece;
// what they ended with is read from the metadata, since a cut answer is a message like any
// other.
import { ChatAnthropic } from '@langchain/anthropic';
import type { AIMessage } from '@langchain/core/messages';
import { ChatOpenAI } from '@langchain/openai';
import type { Question } from '../../harness/api.ts';
import type { Answer, Ending } from './parts/answer.ts';
import { sound } from './parts/answer.ts';
import { BadAnswer, HttpError, readFailure } from './parts/failure.ts';
import { Story } from './parts/story.ts';
import { Attempt, between, sleep } from './parts/timing.ts';
import { refuseTools } from './parts/tools.ts';

export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

const attemptMs = 9_000;
const deadlineMs = 28_000;

/**
 * LangChain and the SDKs beneath it make classes of errors out of words in their messages, and lose
 * status and code on the way; an error inside a 200 is a message without choices to them. So what
 * came is told as it came, in an error without words.
 */
const strictFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  const body = await response.text();
  const told = parsed(body);
  if (!response.ok || told?.error) throw new HttpError(response, told);
  return new Response(body, response);
};

function parsed(body: string): { error?: unknown } | null {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

/** What was thrown above, wherever it was wrapped. */
function asItCame(error: unknown): unknown {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof HttpError) return cause;
  }
  return error;
}

type Ask = (question: Question, signal: AbortSignal) => Promise<AIMessage>;

export default () => {
  const openai = new ChatOpenAI({
    model: 'gpt-4o',
    maxTokens: 1024,
    maxRetries: 0,
    configuration: { fetch: strictFetch },
  });
  const anthropic = new ChatAnthropic({
    model: 'claude-3-5-sonnet-latest',
    maxTokens: 1024,
    maxRetries: 0,
    clientOptions: { fetch: strictFetch },
  });

  const order: [string, Ask][] = [
    [
      'openai/gpt-4o',
      ({ messages, schema }, signal) => {
        const json_schema = isRecord(schema) && { name: 'answer', schema };
        return openai.invoke(messages, {
          signal,
          ...(json_schema && { response_format: { type: 'json_schema', json_schema } }),
        });
      },
    ],
    [
      'anthropic/claude-3-5-sonnet-latest',
      ({ messages, schema }, signal) => {
        const format = isRecord(schema) && { type: 'json_schema' as const, schema };
        return anthropic.invoke(messages, {
          signal,
          ...(format && { outputConfig: { format } }),
        });
      },
    ],
  ];

  return async (question: Question, signal: AbortSignal) => {
    refuseTools(question);
    const story = new Story();
    const until = performance.now() + deadlineMs;
    for (const [name, ask] of order) {
      for (let tries = 1; tries <= 2; tries++) {
        const attempt = new Attempt(signal, Math.min(attemptMs, until - performance.now()));
        try {
          const message = await attempt.within(attemptMs, 'answer', ask(question, attempt.signal));
          const answer = sound(answerOf(message), question.schema);
          story.answered(name, answer.ending);
          return { text: answer.text, meta: story.meta() };
        } catch (error) {
          signal.throwIfAborted();
          const { kind, again, waitMs } = story.failed(name, readFailure(asItCame(error)));
          if (kind === 'policy') throw story.error();
          if (!again || kind === 'limited' || waitMs !== null || tries === 2) break;
        } finally {
          attempt.close();
        }
        await sleep(between(200, 1_500), signal);
      }
    }
    throw story.error();
  };
};

function answerOf({ text, response_metadata, additional_kwargs }: AIMessage): Answer {
  const refusal = additional_kwargs.refusal;
  const refused = typeof refusal === 'string' && refusal !== '';
  const { finish_reason, stop_reason } = response_metadata;
  const ending = refused ? 'refusal' : endingOf(finish_reason ?? stop_reason);
  return { text: text || (refused ? refusal : ''), ending, calls: [] };
}

function endingOf(reason: unknown): Ending {
  if (reason === 'stop' || reason === 'end_turn' || reason === 'stop_sequence') return 'stop';
  if (reason === 'length' || reason === 'max_tokens') return 'length';
  if (reason === 'content_filter' || reason === 'refusal') return 'refusal';
  throw new BadAnswer('malformed', `the answer ended with ${reason}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
