// A live trial that was stopped goes on where it stopped: what its file has is taken over, but for
// the last line, and what is asked from now on is numbered and timed as if nothing had been
// between.
import { HarnessError } from '../errors.ts';
import type { HistoryEvent, Recorder } from '../history.ts';
import { readHistory } from '../run/history-file.ts';
import type { Before } from './live-bench.ts';
import { nothingBefore } from './live-bench.ts';

/** Takes over what `file` has; what it came to. */
export function takeOver(file: string, record: Recorder): Before {
  const before: Before = { ...nothingBefore };
  let close: (HistoryEvent & { e: 'close' }) | null = null;
  for (const event of readHistory(file)) {
    if (event.e === 'close') close = event;
    else record(event);
    if (event.e === 'attempt') before.attempts++;
    else if (event.e === 'call' && event.canary) before.canaries++;
    else if (event.e === 'call') before.calls++;
  }
  if (!close?.stopped) throw new HarnessError(`${file} is no trial that was stopped`);
  return { ...before, atMs: close.t };
}
