// Keeps a hand-written record of each target's health, and asks only those that it thinks well:
// five failures in a row hold a target back for a while, then one call at a time probes it. A
// target that asked for time gets it, from all calls. Streams, and shows text as it comes.
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import type { Question } from '../../harness/api.ts';
import type { Answer } from './parts/answer.ts';
import { sound } from './parts/answer.ts';
import { beginningWith } from './parts/beginning-with.ts';
import { messageBody, readEvents } from './parts/claude-messages.ts';
import type { Failure } from './parts/failure.ts';
import { readFailure } from './parts/failure.ts';
import { chatBody, readChunks } from './parts/openai-chat.ts';
import { Story } from './parts/story.ts';
import { Attempt, between, paced } from './parts/timing.ts';
import { refuseTools } from './parts/tools.ts';

export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

const deadlineMs = 28_000;
const mostFailures = 5;
/** Told to stay away for longer, we look again after this. */
const longestCoolingMs = 45_000;

/** What all calls know of one target. */
class Health {
  #failures = 0;
  #backAt = 0;
  #probing = false;
  last: Failure | null = null;

  /** Whether a call may ask now; if so, it must say how it went. */
  admits(): boolean {
    if (performance.now() < this.#backAt) return false;
    if (this.#failures < mostFailures) return true;
    if (this.#probing) return false;
    this.#probing = true;
    return true;
  }

  wentWell(): void {
    this.#failures = 0;
    this.#probing = false;
  }

  /** The caller left, or the request was at fault: that says nothing of the target. */
  saysNothing(): void {
    this.#probing = false;
  }

  failed(failure: Failure): void {
    this.last = failure;
    this.#probing = false;
    if (failure.kind === 'limited') {
      this.#rest(Math.min(failure.waitMs ?? 0, longestCoolingMs));
    } else if (['down', 'lost', 'late', 'broken'].includes(failure.kind)) {
      this.#failures++;
      // Never the same for two processes: they would probe together.
      if (this.#failures >= mostFailures) this.#rest(between(31_000, 45_000));
    }
  }

  #rest(ms: number): void {
    this.#backAt = Math.max(this.#backAt, performance.now() + ms);
  }
}

type Ask = (question: Question, signal: AbortSignal) => AsyncGenerator<string, Answer>;

interface Target {
  name: string;
  health: Health;
  ask: Ask;
}

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

  const order: Target[] = [
    { name: 'openai/gpt-4o', health: new Health(), ask: gpt },
    { name: 'anthropic/claude-3-5-sonnet-latest', health: new Health(), ask: claude },
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
  const until = performance.now() + deadlineMs;
  for (const { name, ask, health } of order) {
    const left = until - performance.now();
    if (left <= 0) break;
    if (!health.admits()) {
      story.skipped(name, health.last);
      continue;
    }
    const attempt = new Attempt(signal, left);
    let told = false;
    let settled = false;
    try {
      const pieces = paced(ask(question, attempt.signal), attempt, 5_000, 4_000);
      for (let next = await pieces.next(); ; next = await pieces.next()) {
        if (next.done) {
          const answer = sound(next.value);
          settled = true;
          health.wentWell();
          story.answered(name, answer.ending);
          if (!told) yield answer.text;
          return;
        }
        told ||= next.value.trim() !== '';
        yield next.value;
      }
    } catch (error) {
      signal.throwIfAborted();
      settled = true;
      const failure = story.failed(name, readFailure(error));
      health.failed(failure);
      if (told) throw story.brokenOff();
      if (failure.kind === 'policy') break;
    } finally {
      if (!settled) health.saysNothing();
      attempt.close();
    }
  }
  throw story.error();
}
