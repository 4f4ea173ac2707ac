// The same input and seed give the same bytes, whatever the number of workers and the order of
// trials. tools/shown/determinism.ts shows it over many more runs and two versions of Node.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { wallFields } from '../../harness/report.ts';
import { withoutWall, withoutWallText } from '../../harness/run/wall-filter.ts';
import {
  bytesOf,
  drill,
  fixtureChain,
  ownEvents,
  shuffled,
  writeScenario,
  writeShortened,
} from '../drills.ts';

const dir = mkdtempSync(join(tmpdir(), 'firedrill-determinism-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const files = [
  'attempts.csv',
  'calls.csv',
  'firedrill.sarif',
  'history.jsonl',
  'junit.xml',
  'report.json',
  'scores.csv',
  'summary.md',
  'timeline.csv',
];

const shaky = writeScenario(dir, 'shaky', {
  arrival: { rate: '2/s', for: '20s' },
  faults: [
    { inject: 'rate-limit', retryAfter: '1s', on: { provider: 'openai' }, chance: '40%' },
    { inject: 'stall', at: '12 tokens', on: { provider: 'anthropic' }, chance: '20%' },
    { inject: 'disconnect', at: '40%', how: 'reset', chance: '15%' },
  ],
});
const ramp = writeShortened(dir, 'recovery-ramp', 30);

describe('two runs of the same input', () => {
  it.each(['openai-stream.ts', 'anthropic-json.ts'])(
    'have the same bytes with one worker and with two in another order (%s)',
    async (name) => {
      const chain = fixtureChain(name);
      const scenarios = [shaky, ramp];
      const one = join(dir, `${name}-one`);
      const two = join(dir, `${name}-two`);
      const seeded = { chain, scenarios, trials: 2, seed: 7 };
      await drill({ ...seeded, out: one });
      await drill({ ...seeded, out: two, workers: 2, order: (jobs) => shuffled(jobs, 1) });
      const bytes = bytesOf(one);
      expect(Object.keys(bytes)).toEqual(files);
      expect(bytesOf(two)).toEqual(bytes);
      // Something did go wrong, and was answered in different ways: the equality says something.
      const events = [...ownEvents(join(one, 'history.jsonl'))];
      const effects = new Set(events.flatMap((event) => (event.e === 'effect' ? event.fault : [])));
      expect(effects.size).toBeGreaterThanOrEqual(3);
      const served = new Set(events.flatMap((event) => (event.e === 'reply' ? event.status : [])));
      expect(served.size).toBeGreaterThanOrEqual(2);
    },
  );

  it('differ in their history when the seed differs', async () => {
    const chain = fixtureChain('openai-stream.ts');
    const other = join(dir, 'seed');
    await drill({ chain, scenarios: [shaky, ramp], trials: 2, seed: 8, out: other });
    const calls = (out: string) =>
      [...ownEvents(join(out, 'history.jsonl'))].filter(({ e }) => e === 'call');
    // Of the first test: other questions at other times, not only another number in the first line.
    expect(calls(other)).not.toEqual(calls(join(dir, 'openai-stream.ts-one')));
  });
});

describe('a chain with state in its modules', () => {
  it('gets a worker for every trial when it says isolate: results do not depend on the order', async () => {
    const scenario = writeScenario(dir, 'ten', {
      arrival: { rate: '1/s', for: '10s', spread: 'even' },
    });
    const chain = fixtureChain('remembers.ts');
    const [one, two] = [join(dir, 'isolate-one'), join(dir, 'isolate-two')];
    const input = { chain, scenarios: [scenario], trials: 2 };
    await drill({ ...input, out: one });
    await drill({ ...input, out: two, order: (jobs) => jobs.toReversed() });
    expect(bytesOf(two)).toEqual(bytesOf(one));
    // Every trial began with a module that had been asked nothing.
    const models = [...ownEvents(join(one, 'history.jsonl'))].flatMap((event) =>
      event.e === 'attempt' ? event.model : [],
    );
    const trial = [...Array(7).fill('gpt-4o'), ...Array(3).fill('gpt-4o-mini')];
    expect(models).toEqual([...trial, ...trial]);
  });
});

describe('the filter of wall fields', () => {
  it('removes what it lists and nothing else', () => {
    const report = { a: 1, wall: { ms: 3 }, trials: [{ x: 1, wall_ms: 4, wall: 5 }], wall_ms: 6 };
    expect(wallFields).toEqual(['wall', 'trials[].wall_ms']);
    expect(withoutWall(report)).toEqual({ a: 1, trials: [{ x: 1, wall: 5 }], wall_ms: 6 });
  });

  it('keeps the order of keys, which is part of the bytes', () => {
    const text = (keys: string) => withoutWallText(`{${keys}}`);
    expect(text('"a":1,"trials":[{"wall_ms":1,"y":2,"x":3}],"b":2')).not.toBe(
      text('"b":2,"trials":[{"y":2,"x":3}],"a":1'),
    );
    expect(text('"a":1,"wall":{"ms":1}')).toBe(text('"wall":{"ms":2},"a":1'));
  });
});
