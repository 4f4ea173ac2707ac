// One attempt on one target, within its limits. Text is handed on as it comes; the attempt
// succeeded only if this returns, and it returns only after a terminal marker and some text.
import { BadAnswer } from './attempt-error.ts';
import type { LimitSettings } from './attempt-limits.ts';
import { AttemptLimits } from './attempt-limits.ts';
import type { Ending, Target, TargetRequest, Usage } from './target.ts';
import type { ToolCall } from './tool-call.ts';

/** What the caller reads where a model refused without a word. */
export const silentRefusal = 'The model declined to answer.';

/** How a whole answer ended, and what it wants to be run. */
export interface Ended {
  ending: Ending;
  calls: ToolCall[];
}

/**
 * Throws what went wrong: an SDK's error, one of attempt-error.ts, or the caller's own reason.
 * `billed` hears in any case of the tokens that were counted until then.
 */
export async function* attempt(
  target: Target,
  request: TargetRequest,
  settings: LimitSettings,
  caller: AbortSignal,
  billed: (usage: Usage) => void = () => {},
): AsyncGenerator<string, Ended> {
  const limits = new AttemptLimits(settings, caller);
  const parts = target.ask(request, limits.signal)[Symbol.asyncIterator]();
  let ended: Ended | null = null;
  let usage: Usage | null = null;
  let told = false;
  let finished = false;
  try {
    for (;;) {
      const next = await limits.wait(parts.next());
      finished = next.done === true;
      if (next.done) break;
      const part = next.value;
      if (part.kind === 'headers') limits.sawHeaders();
      else if (part.kind === 'usage') usage = part.usage;
      else if (part.kind === 'end') {
        ended = { ending: part.ending, calls: part.calls ?? [] };
        limits.sawEnd();
      } else if (ended === null) {
        limits.sawText();
        if (part.kind === 'progress') continue;
        told ||= part.text.trim() !== '';
        yield part.text;
      }
    }
  } catch (error) {
    // Whatever goes wrong behind the marker takes nothing away from the answer.
    if (ended === null || caller.aborted) throw error;
  } finally {
    if (usage) billed(usage);
    limits.close(finished);
    // Not awaited: a transport that hangs must not hold up the next target.
    if (!finished) parts.return?.().catch(() => {});
  }
  if (ended === null) throw new BadAnswer('truncated', 'the answer ended without its marker');
  if (ended.ending === 'tools') return ended;
  if (!told && ended.ending === 'refusal') yield silentRefusal;
  else if (!told) throw new BadAnswer('empty', 'the answer has no text');
  return ended;
}
