// Policies of cockatiel around the official SDKs: for each target a time limit, inside a breaker,
// inside a retry with decorrelated jitter. Only a target that is unwell opens its breaker, and only
// its own: not a request that is wrong, not a limit on our account, and not a caller who left.
import Anthropic from '@anthropic-ai/sdk';
import {
  BrokenCircuitError,
  ConsecutiveBreaker,
  circuitBreaker,
  decorrelatedJitterGenerator,
  ExponentialBackoff,
  handleWhen,
  type IPolicy,
  retry,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel';
import OpenAI from 'openai';
import type { Question } from '../../harness/api.ts';
import type { Answer } from './parts/answer.ts';
import { sound } from './parts/answer.ts';
import { messageBody, readMessage } from './parts/claude-messages.ts';
import { readFailure } from './parts/failure.ts';
import { chatBody, readCompletion } from './parts/openai-chat.ts';
import { Story } from './parts/story.ts';
import { Attempt } from './parts/timing.ts';
import { refuseTools } from './parts/tools.ts';

export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

const attemptMs = 8_000;
const deadlineMs = 28_000;
/** Less than two probes in a minute. */
const halfOpenAfter = 35_000;

/** What an attempt ended with whose caller had left: no failure of anybody. */
class CallerLeft extends Error {}

function isUnwell(error: unknown): boolean {
  if (error instanceof CallerLeft || error instanceof BrokenCircuitError) return false;
  return ['down', 'lost', 'late', 'broken'].includes(readFailure(error).kind);
}

/** Limits are left alone: who asks for time gets it, while another provider answers. */
function isBlip(error: unknown): boolean {
  const { again, waitMs } = readFailure(error);
  return isUnwell(error) && again && waitMs === null;
}

function policyFor(): IPolicy {
  const backoff = new ExponentialBackoff({
    initialDelay: 300,
    maxDelay: 2_000,
    generator: decorrelatedJitterGenerator,
  });
  return wrap(
    retry(handleWhen(isBlip), { maxAttempts: 1, backoff }),
    circuitBreaker(handleWhen(isUnwell), { halfOpenAfter, breaker: new ConsecutiveBreaker(5) }),
    timeout(attemptMs, TimeoutStrategy.Aggressive),
  );
}

export default () => {
  const openai = new OpenAI({ maxRetries: 0, logLevel: 'off' });
  const anthropic = new Anthropic({ maxRetries: 0, logLevel: 'off' });

  async function gpt(question: Question, signal: AbortSignal): Promise<Answer> {
    const body = chatBody('gpt-4o', question);
    return readCompletion(await openai.chat.completions.create(body, { signal }), question);
  }

  async function claude(question: Question, signal: AbortSignal): Promise<Answer> {
    const body = messageBody('claude-3-5-sonnet-latest', question);
    return readMessage(await anthropic.messages.create(body, { signal }), question);
  }

  const order = [
    { name: 'openai/gpt-4o', ask: gpt, policy: policyFor() },
    { name: 'anthropic/claude-3-5-sonnet-latest', ask: claude, policy: policyFor() },
  ];

  return async (question: Question, signal: AbortSignal) => {
    refuseTools(question);
    const story = new Story();
    const call = new Attempt(signal, deadlineMs);
    try {
      for (const { name, ask, policy } of order) {
        const once = async (ended: AbortSignal): Promise<Answer> => {
          try {
            return sound(await ask(question, ended), question.schema);
          } catch (error) {
            if (signal.aborted) throw new CallerLeft();
            // The retry above may hide it: the story has every attempt.
            if (!ended.aborted) story.failed(name, readFailure(error));
            throw error;
          }
        };
        try {
          const asked = policy.execute(({ signal: ended }) => once(ended), call.signal);
          const answer = await call.within(deadlineMs, 'answer', asked);
          story.answered(name, answer.ending);
          return { text: answer.text, meta: story.meta() };
        } catch (error) {
          signal.throwIfAborted();
          const failure = readFailure(error);
          if (!(error instanceof BrokenCircuitError) && failure.kind === 'late') {
            story.failed(name, failure);
          }
          if (failure.kind === 'policy' || call.signal.aborted) break;
        }
      }
      throw story.error();
    } finally {
      call.close();
    }
  };
};
