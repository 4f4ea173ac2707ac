// Chains that never answer: each way is told apart, no way stops the run, and calls that nobody
// will answer count against the chain.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { warningsOf } from '../../harness/formats/warnings.ts';
import type { HistoryEvent } from '../../harness/history.ts';
import type { Report } from '../../harness/report.ts';
import type { Drill } from '../drills.ts';
import { drill, fixtureChain, ownEvents, writeScenario } from '../drills.ts';

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
  /** Events by the name of the trial. */
  events: Map<string, HistoryEvent[]>;
  notes: string[];
}

/** What the trials of one process meet: in their fifth call, in this order. */
const troubles = [
  'sets-timers',
  'waits-for-nothing',
  'waits-for-ever',
  'rejects-unseen',
  'throws-in-a-timer',
  'exits',
  'rejects-and-listens',
];
let together: Drilled;

beforeAll(async () => {
  const all = [...troubles, 'sets-timers'].map((trouble) => `${trouble} 5`).join();
  together = await meeting(all, [long, users], 'together', { trials: troubles.length });
});

async function meeting(
  trouble: string,
  scenarios: string[],
  name: string,
  more: Partial<Drill> = {},
): Promise<Drilled> {
  process.env.FIREDRILL_TEST_TROUBLE = trouble;
  const out = join(dir, name);
  const notes: string[] = [];
  const { report } = await drill({
    chain: fixtureChain('goes-wrong.ts'),
    scenarios,
    out,
    silenceMs: 4_000,
    onNote: (text) => notes.push(text),
    ...more,
  });
  if (!report) throw new Error('the run gave no report');
  return { out, report, events: eventsIn(join(out, 'history.jsonl')), notes };
}

function eventsIn(file: string): Map<string, HistoryEvent[]> {
  const trials = new Map<string, HistoryEvent[]>();
  let events: HistoryEvent[] = [];
  for (const event of ownEvents(file)) {
    if (event.e === 'trial') {
      events = [];
      trials.set(`${event.scenario} ${event.trial}`, events);
    }
    events.push(event);
  }
  return trials;
}

/** The events of the trial that met this trouble, and its row in the report. */
function met(trouble: string) {
  const trial = troubles.indexOf(trouble) + 1;
  const row = together.report.trials.find((one) => one.scenario === 'long' && one.trial === trial);
  if (!row) throw new Error(`no trial met ${trouble}`);
  return { row, trial, events: together.events.get(`long ${trial}`) ?? [] };
}

function hungIn(events: HistoryEvent[]): { call: number; how: string; t: number }[] {
  return events.flatMap((event) =>
    event.e === 'hung' ? [{ call: event.call, how: event.how, t: event.t }] : [],
  );
}

function outcomesOf({ outcomes }: { outcomes: Record<string, number> }): Record<string, number> {
  return Object.fromEntries(Object.entries(outcomes).filter(([, count]) => count > 0));
}

describe('a call that hangs', () => {
  it('is proven to where no timer and no work is left that could end it', () => {
    const { row, events } = met('waits-for-nothing');
    // At the end of the last answer, long before the drain is over.
    expect(hungIn(events)).toEqual([{ call: 5, how: 'proven', t: expect.any(Number) }]);
    expect(hungIn(events)[0]?.t).toBeLessThan(80_000);
    expect(outcomesOf(row)).toEqual({ hung: 1, complete: 7 });
  });

  it('is cut where it outlives the drain', () => {
    const { row, events } = met('waits-for-ever');
    expect(hungIn(events)).toEqual([{ call: 5, how: 'cut', t: 70_000 + 120_000 }]);
    expect(outcomesOf(row)).toEqual({ hung: 1, complete: 7 });
  });

  it('is shown as hung in every report', () => {
    const text = (name: string): string => readFileSync(join(together.out, name), 'utf8');
    // One proven, two cut, one whose chain listens.
    expect(text('calls.csv').match(/^long\b.*\bhung\b.*$/gm)).toHaveLength(4);
    expect(text('summary.md')).toMatch(/hung/i);
    expect(text('scores.csv')).toMatch(/hung/);
    expect(text('report.json')).toContain('"hung": 4');
  });
});

describe('a chain that spins', () => {
  /** All later calls come to a process that stands still: they are asked, and hang with it. */
  const lost = { complete: 4, hung: 4 };

  it('holds nobody else up where it gives back control between its turns', () => {
    const { row, events } = met('sets-timers');
    expect(hungIn(events)).toEqual([{ call: 5, how: 'cut', t: 70_000 + 120_000 }]);
    expect(outcomesOf(row)).toEqual({ complete: 7, hung: 1 });
    expect(together.report.trials).toHaveLength(2 * troubles.length);
  });

  // tools/shown/hung.ts does the same with `for (;;)`, and with the limits that users have.
  it.each(['loops-in-microtasks'])(
    'is ended by the watchdog where it never gives back control, and the run goes on (%s)',
    async (trouble) => {
      const { report, events, notes, out } = await meeting(`${trouble} 5`, [long, short], trouble);
      const [one, two] = report.scenarios;
      expect(one && outcomesOf(one)).toEqual(lost);
      expect(two && outcomesOf(two)).toEqual({ complete: 3 });
      expect(one?.goodput).toBe(0.5);
      expect(notes).toEqual([
        expect.stringMatching(
          /^long, trial 1: the chain began to spin at 40\.000 s, call 5 was the last/,
        ),
      ]);
      // As if the trial had seen it itself: the same calls, asked the same, at the same times.
      const asked = (list: HistoryEvent[]) => list.filter(({ e }) => e === 'call' || e === 'text');
      expect(asked(events.get('long 1') ?? [])).toEqual(asked(met('sets-timers').events));
      expect(readdirSync(out)).not.toContain('parts');
    },
  );

  it('ends with its closed loop, although a user whose call hangs never leaves', () => {
    const { calls } = together.report.trials.find(({ scenario }) => scenario === 'users') ?? {};
    const events = together.events.get('users 1') ?? [];
    expect(calls).toBeGreaterThan(6);
    expect(hungIn(events)).toEqual([{ call: 5, how: expect.any(String), t: expect.any(Number) }]);
  });
});

describe('a chain that ends its process', () => {
  it.each([
    ['rejects-unseen', 'TypeError: nobody looks'],
    ['throws-in-a-timer', 'RangeError: out of nowhere'],
    ['exits', 'ProcessExit: process.exit(3) was called'],
  ])('loses the calls in flight, says so, and is drilled on (%s)', (trouble, error) => {
    const { row, trial, events } = met(trouble);
    expect(events.filter(({ e }) => e === 'crash')).toHaveLength(1);
    expect(row.crashes).toEqual({
      count: 1,
      first: { trial, at_ms: trouble === 'throws-in-a-timer' ? 40_005 : 40_000, error },
    });
    const lost = events.filter(
      (event) => event.e === 'answer' && event.error?.name === 'ProcessCrash',
    );
    expect(lost).toMatchObject([{ call: 5, kind: 'error' }]);
    expect(outcomesOf(row)).toEqual({ complete: 7, error: 1 });
  });

  it('keeps it where it listens for rejections itself', () => {
    const { row, events } = met('rejects-and-listens');
    expect(events.filter(({ e }) => e === 'crash')).toEqual([]);
    expect(outcomesOf(row)).toEqual({ complete: 7, hung: 1 });
  });

  it('is warned of, with what was thrown first', () => {
    expect(warningsOf(together.report)).toEqual([
      expect.stringMatching(
        /^warning: long: the chain threw 3 times .* trial 4 at 40\.000 s: TypeError/,
      ),
    ]);
  });
});
