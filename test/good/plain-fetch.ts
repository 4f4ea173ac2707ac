// No SDK at all: fetch, and readers of what comes back that are written by hand. Who is limited
// waits as long as it was told, and then for a time of its own, so that a crowd does not come
// back together. Text is shown as it comes.
import type { Question } from '../../harness/api.ts';
import { sound } from './parts/answer.ts';
import { beginningWith } from './parts/beginning-with.ts';
import { anthropic, ask, openai } from './parts/by-hand.ts';
import type { Failure } from './parts/failure.ts';
import { readFailure } from './parts/failure.ts';
import { Story } from './parts/story.ts';
import { Attempt, between, paced, sleep } from './parts/timing.ts';
import { refuseTools } from './parts/tools.ts';

export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

const deadlineMs = 28_000;
/** A longer wait than this is better spent with another provider. */
const longestHintMs = 3_000;

export default () => async (question: Question, signal: AbortSignal) => {
  refuseTools(question);
  const story = new Story();
  const pieces = walk(question, story, signal);
  const first = await pieces.next();
  return { text: beginningWith(first, pieces), meta: () => story.meta() };
};

async function* walk(
  question: Question,
  story: Story,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const until = performance.now() + deadlineMs;
  for (const provider of [openai, anthropic]) {
    for (let tries = 1; tries <= 2; tries++) {
      const attempt = new Attempt(signal, until - performance.now());
      let told = false;
      try {
        const pieces = paced(ask(provider, question, attempt.signal), attempt, 5_000, 4_000);
        for (let next = await pieces.next(); ; next = await pieces.next()) {
          if (next.done) {
            const answer = sound(next.value);
            story.answered(provider.name, answer.ending);
            if (!told) yield answer.text;
            return;
          }
          told ||= next.value.trim() !== '';
          yield next.value;
        }
      } catch (error) {
        signal.throwIfAborted();
        const failure = story.failed(provider.name, readFailure(error));
        if (told) throw story.brokenOff();
        if (failure.kind === 'policy') throw story.error();
        const waitMs = waitOf(failure);
        if (waitMs === null || tries === 2) break;
        // The other provider keeps half of the time.
        if (waitMs > (until - performance.now()) / 2) break;
        attempt.close();
        await sleep(waitMs, signal);
      } finally {
        attempt.close();
      }
    }
  }
  throw story.error();
}

/** How long to wait before the same provider is asked again; null: not at all. */
function waitOf({ again, kind, waitMs }: Failure): number | null {
  if (!again || (waitMs ?? 0) > longestHintMs) return null;
  return (waitMs ?? 0) + between(100, kind === 'limited' ? 5_000 : 1_200);
}
