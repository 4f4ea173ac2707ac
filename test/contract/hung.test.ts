// Chains that never answer: each way is told apart, no way stops the run, and calls that nobody
// will answer count against the chain.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { HistoryEvent } from '../../harness/history.ts';
import type { Report } from '../../harness/report.ts';
import { readHistory } from '../../harness/run/history-file.ts';
import { bytesOf, drill, fixtureChain, writeScenario } from '../drills.ts';

const dir = mkdtempSync(join(tmpdir(), 'firedrill-hung-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
afterEach(() => {
  delete process.env.FIREDRILL_TEST_TROUBLE;
});

/** Ten seconds apart: no two calls are open at once. */
const arrival = (calls: number) => ({
  arrival: { rate: '6/m', for: `${calls * 10}s`, spread: 'even' },
  drain: '2m',
});
const long = writeScenario(dir, 'long', arrival(8));
const short = writeScenario(dir, 'short', arrival(3));
const users = writeScenario(dir, 'users', { arrival: { users: 2, think: '1s', for: '20s' } });

interface Drilled {
  out: string;
  report: Report;
  events: HistoryEvent[];
  notes: string[];
}

/** Drills a chain that meets this trouble in the fifth call of each trial. */
async function meeting(trouble: string, scenarios: string[], name = trouble): Promise<Drilled> {
  process.env.FIREDRILL_TEST_TROUBLE = `${trouble} 5`;
  const out = join(dir, name);
  const notes: string[] = [];
  const { report } = await drill({
    chain: fixtureChain('goes-wrong.ts'),
    scenarios,
    out,
    silenceMs: 1_500,
    onNote: (text) => notes.push(text),
  });
  if (!report) throw new Error('the run gave no report');
  return { out, report, events: [...readHistory(join(out, 'history.jsonl'))], notes };
}

function hungIn(events: HistoryEvent[]): { call: number; how: string; t: number }[] {
  return events.flatMap((event) =>
    event.e === 'hung' ? { call: event.call, how: event.how, t: event.t } : [],
  );
}

function outcomesOf({ report }: Drilled): Record<string, Record<string, number>> {
  return Object.fromEntries(
    report.scenarios.map(({ scenario, outcomes }) => [
      scenario,
      Object.fromEntries(Object.entries(outcomes).filter(([, count]) => count > 0)),
    ]),
  );
}

describe('a call that hangs', () => {
  it('is proven to where no timer and no work is left that could end it', async () => {
    const drilled = await meeting('waits-for-nothing', [long, short]);
    // At the end of the last answer, long before the drain is over.
    expect(hungIn(drilled.events)).toEqual([{ call: 5, how: 'proven', t: expect.any(Number) }]);
    expect(hungIn(drilled.events)[0]?.t).toBeLessThan(80_000);
    expect(outcomesOf(drilled)).toEqual({ long: { hung: 1, complete: 7 }, short: { complete: 3 } });
  });

  it('is cut where it outlives the drain', async () => {
    const drilled = await meeting('waits-for-ever', [long, short]);
    expect(hungIn(drilled.events)).toEqual([{ call: 5, how: 'cut', t: 70_000 + 120_000 }]);
    expect(outcomesOf(drilled)).toEqual({ long: { hung: 1, complete: 7 }, short: { complete: 3 } });
  });

  it('is shown as hung in every report', () => {
    const text = (name: string): string =>
      readFileSync(join(dir, 'waits-for-nothing', name), 'utf8');
    expect(text('calls.csv').match(/^.*\bhung\b.*$/gm)).toHaveLength(1);
    expect(text('summary.md')).toMatch(/hung/i);
    expect(text('scores.csv')).toMatch(/hung/);
    expect(text('report.json')).toContain('"hung": 1');
  });
});

describe('a chain that spins', () => {
  /** All later calls come to a process that stands still: they are asked, and hang with it. */
  const lost = { long: { complete: 4, hung: 4 }, short: { complete: 3 } };

  it('is found by 100,000 callbacks at one instant, and the run goes on', async () => {
    const drilled = await meeting('sets-timers', [long, short]);
    const hung = hungIn(drilled.events);
    expect(hung.map(({ call, how }) => `${call} ${how}`)).toEqual(
      [5, 6, 7, 8].map((call) => `${call} spinning`),
    );
    expect(outcomesOf(drilled)).toEqual(lost);
    expect(drilled.report.scenarios[0]).toMatchObject({ calls: 8, availability: 0.5 });
    expect(drilled.report.scenarios[0]?.goodput).toBe(0.5);
  });

  it.each(['loops-in-microtasks', 'loops'])(
    'is ended by the watchdog where it never gives back control, and the run goes on (%s)',
    async (trouble) => {
      const drilled = await meeting(trouble, [long, short]);
      expect(outcomesOf(drilled)).toEqual(lost);
      expect(drilled.report.scenarios[0]?.goodput).toBe(0.5);
      expect(drilled.notes).toEqual([
        expect.stringMatching(
          /^long, trial 1: the chain began to spin at 40\.000 s, call 5 was the last/,
        ),
      ]);
      // As if the trial had seen it itself: the same calls, asked the same, at the same times.
      const seen = [...readHistory(join(dir, 'sets-timers', 'history.jsonl'))];
      const asked = (list: HistoryEvent[]) => list.filter(({ e }) => e === 'call' || e === 'text');
      expect(asked(drilled.events)).toEqual(asked(seen));
      expect(readdirSync(drilled.out)).not.toContain('parts');
    },
  );

  it('loses no users that wait: a closed loop asks nothing more', async () => {
    const drilled = await meeting('sets-timers', [users], 'users');
    const calls = drilled.report.scenarios[0]?.calls ?? 0;
    expect(calls).toBeGreaterThanOrEqual(5);
    expect(calls).toBeLessThanOrEqual(6);
    expect(hungIn(drilled.events).map(({ how }) => how)).toContain('spinning');
  });
});

describe('a chain that ends its process', () => {
  it.each([
    ['rejects-unseen', 'TypeError: nobody looks'],
    ['throws-in-a-timer', 'RangeError: out of nowhere'],
    ['exits', 'ProcessExit: process.exit(3) was called'],
  ])('loses the calls in flight, says so, and is drilled on (%s)', async (trouble, error) => {
    const drilled = await meeting(trouble, [long, short]);
    const crashes = drilled.events.filter(({ e }) => e === 'crash');
    expect(crashes).toHaveLength(1);
    expect(drilled.report.scenarios[0]?.crashes).toEqual({
      count: 1,
      first: { trial: 1, at_ms: trouble === 'throws-in-a-timer' ? 40_005 : 40_000, error },
    });
    const lost = drilled.events.filter(
      (event) => event.e === 'answer' && event.error?.name === 'ProcessCrash',
    );
    expect(lost).toMatchObject([{ call: 5, kind: 'error' }]);
    expect(outcomesOf(drilled)).toEqual({
      long: { complete: 7, error: 1 },
      short: { complete: 3 },
    });
  });

  it('keeps it where it listens for rejections itself', async () => {
    const drilled = await meeting('rejects-and-listens', [long]);
    expect(drilled.events.filter(({ e }) => e === 'crash')).toEqual([]);
    expect(outcomesOf(drilled)).toEqual({ long: { complete: 7, hung: 1 } });
  });

  it('gives the same bytes each time', async () => {
    const again = await meeting('throws-in-a-timer', [long, short], 'again');
    expect(bytesOf(again.out)).toEqual(bytesOf(join(dir, 'throws-in-a-timer')));
  });
});
