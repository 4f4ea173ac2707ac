import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { HarnessError } from '../../harness/errors.ts';
import type { HistoryEvent } from '../../harness/history.ts';
import { LiveHistory } from '../../harness/realtime/live-history.ts';
import { folderWith } from '../cli.ts';

const closing = (t: number): HistoryEvent => ({ e: 'close', t, calls: 0, attempts: 0 });

async function timesOf(lines: AsyncIterable<string>): Promise<number[]> {
  const times: number[] = [];
  for await (const line of lines) times.push(JSON.parse(line).t);
  return times;
}

it('gives back the events from any one on to any other, while more of them come', async () => {
  const history = new LiveHistory(join(folderWith(), 'h.jsonl'));
  for (let t = 0; t < 2_500; t++) history.record(closing(t));
  for (const [since, until] of [
    [0, 2_500],
    [1, 3],
    [999, 1_001],
    [1_000, 2_000],
    [2_499, 2_500],
    [2_500, 2_500],
    [9_000, 2_500],
  ] as const) {
    const times = await timesOf(history.lines(since, until));
    expect(times.length).toBe(Math.max(0, until - since));
    expect(times.every((t, index) => t === since + index)).toBe(true);
  }
  const rest = history.lines(2_400);
  history.record(closing(2_500));
  expect(await timesOf(rest)).toHaveLength(100);
  expect(await timesOf(history.lines(2_400))).toHaveLength(101);
  history.discard();
});

it.skipIf(process.platform !== 'linux')('tells once where the disk is full', async () => {
  const dir = folderWith();
  symlinkSync('/dev/full', join(dir, 'h.jsonl.partial'));
  const history = new LiveHistory(join(dir, 'h.jsonl'));
  history.record(closing(1));
  history.record(closing(2));
  const error = await history.failed;
  expect(error).toBeInstanceOf(HarnessError);
  expect(String(error)).toMatch(/the history .* cannot be written: ENOSPC/);
  expect(history.events).toBe(0);
  history.discard();
});
