// The end of a trial whose worker was ended because its chain span: what it had written is closed,
// the call that ran last is hung, and so is every other that was still open.
import { renameSync } from 'node:fs';
import type { HistoryEvent } from './history.ts';
import { linesOf, writeHistory } from './history-file.ts';

/** Makes a whole history out of `file`'s partial one. */
export function finishSpun(file: string, at: { call: number; nowMs: number }): void {
  const torn = `${file}.torn`;
  renameSync(`${file}.partial`, torn);
  const writer = writeHistory(file);
  const open = new Set<number>();
  let calls = 0;
  let attempts = 0;
  let now = 0;
  for (const line of linesOf(torn)) {
    const event = whole(line);
    if (!event) break;
    if ('t' in event) now = event.t;
    if (event.e === 'call') {
      calls++;
      open.add(event.call);
    } else if (event.e === 'attempt') attempts++;
    else if (event.e === 'answer') open.delete(event.call);
    writer.record(event);
  }
  const t = Math.max(now, at.nowMs);
  for (const call of open) writer.record({ e: 'hung', t, call, how: 'spinning' });
  writer.record({ e: 'close', t, calls, attempts });
  writer.close();
}

/** The last line of a torn file may be cut anywhere. */
function whole(line: string): HistoryEvent | null {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
