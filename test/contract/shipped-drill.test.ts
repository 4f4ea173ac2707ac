// What the shipped chains promise in the shipped scenarios, as the drill finds it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { HistoryEvent } from '../../harness/history.ts';
import { scenarioFiles } from '../../harness/project.ts';
import { drill, ownEvents, root } from '../drills.ts';

const dir = mkdtempSync(join(tmpdir(), 'shipped-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const chain = (name: string): string => resolve(root, 'fixtures/chains', name);

/** What the loop over models breaches; the reference chain holds all, as every drill shows. */
const breachable = [
  'cut-stream',
  'overload-after-payload',
  'quota-exhausted',
  'rate-limit-storm-with-hint',
  'slow-provider',
  'stall-before-headers',
  'stall-mid-stream',
  'total-outage',
  'truncated-stream',
];

describe('the naive chain', () => {
  it('answers on a healthy day and breaches nine scenarios', async () => {
    const { report } = await drill({
      chain: chain('naive.ts'),
      scenarios: scenarioFiles(['healthy', ...breachable], root),
      out: join(dir, 'naive'),
      workers: 2,
    });
    const breached = report?.scenarios.filter((row) => !row.held).map((row) => row.scenario);
    expect(breached).toEqual(breachable);
  }, 300_000);
});

type Answers = Map<number, HistoryEvent & { e: 'answer' }>;

describe('the cache of the reference chain in a total outage', () => {
  it('serves exactly the questions that were answered before', async () => {
    const out = join(dir, 'outage');
    await drill({
      chain: chain('gpt-first.yaml'),
      scenarios: scenarioFiles(['total-outage'], root),
      out,
    });
    const answers: Answers = new Map();
    const calls: (HistoryEvent & { e: 'call' })[] = [];
    for (const event of ownEvents(join(out, 'history.jsonl'))) {
      if (event.e === 'answer') answers.set(event.call, event);
      if (event.e === 'call') calls.push(event);
    }
    const down = calls.filter(({ due }) => due >= 5 * 60_000 && due < 15 * 60_000 - 5_000);
    const fromCache = (call: number): boolean => answers.get(call)?.meta?.served === 'cache';
    let served = 0;
    for (const { call, repeats } of down) {
      // The first asking, or an earlier repeat of it, brought a whole answer by then.
      const known = calls.some(
        (other) =>
          (other.call === repeats || (repeats !== undefined && other.repeats === repeats)) &&
          other.call < call &&
          (answers.get(other.call)?.meta?.degraded ?? false) === false,
      );
      expect(fromCache(call), `call ${call}`).toBe(known);
      if (known) served++;
    }
    expect(served).toBeGreaterThan(50);
  });
});
