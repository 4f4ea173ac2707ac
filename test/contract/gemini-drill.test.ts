// A chain over Google's SDK as it comes, with its own fetch options and retries, in virtual time.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { HistoryEvent } from '../../harness/history.ts';
import { drill, fixtureChain, ownEvents, writeScenario } from '../drills.ts';

const dir = mkdtempSync(join(tmpdir(), 'firedrill-gemini-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const texts = {
  'google/gemini-2.0-flash': 'Paris, says Gemini, and that is all there is to say.',
  'openai/gpt-4o': 'Paris, says the other one.',
};
const recordings = Object.entries(texts).map(([target, text]) =>
  JSON.stringify({ kind: 'authored', sample: 'capital', target, text }),
);
writeFileSync(join(dir, 'capital.jsonl'), recordings.join('\n'));
writeFileSync(
  join(dir, 'capital.yaml'),
  JSON.stringify({
    name: 'capital',
    provenance: 'written for this test',
    recordings: 'capital.jsonl',
    samples: [{ id: 'capital', prompt: 'What is the capital of France? ({{ticket}})' }],
  }),
);
const workload = join(dir, 'capital.yaml');
const arrival = { rate: '6/m', for: '60s', spread: 'even' };

async function drilled(name: string, faults: unknown[]): Promise<HistoryEvent[][]> {
  const scenario = writeScenario(dir, name, { workload, arrival, faults, drain: '10m' });
  const out = join(dir, `out-${name}`);
  await drill({ chain: fixtureChain('gemini-first.ts'), scenarios: [scenario], out });
  const byCall = new Map<number, HistoryEvent[]>();
  const attempts = new Map<number, number>();
  let trials = 0;
  for (const event of ownEvents(join(out, 'history.jsonl'))) {
    // Twins, in which one thing differs, come after the trial itself.
    if (event.e === 'trial' && ++trials > 1) break;
    if (event.e === 'attempt' && event.call !== null) attempts.set(event.attempt, event.call);
    const call = 'call' in event ? event.call : undefined;
    const owner = call ?? ('attempt' in event ? attempts.get(event.attempt) : undefined);
    if (typeof owner !== 'number') continue;
    byCall.set(owner, [...(byCall.get(owner) ?? []), event]);
  }
  return [...byCall.values()];
}

const google = { on: { provider: 'google' } };

function attemptsOf(events: HistoryEvent[]): string[] {
  return events.flatMap((event) => (event.e === 'attempt' ? [event.provider] : []));
}

/** When each of the attempts began, ms after the first. */
function startsOf(events: HistoryEvent[]): number[] {
  const times = events.flatMap((event) => (event.e === 'attempt' ? [event.t] : []));
  return times.map((at) => at - (times[0] ?? 0));
}

describe('a chain over Google’s SDK', () => {
  it('streams from Gemini with the key of the drill when nothing is wrong', async () => {
    const calls = await drilled('well', []);
    expect(calls).toHaveLength(6);
    for (const events of calls) {
      const attempt = events.find(({ e }) => e === 'attempt');
      expect(attempt).toMatchObject({ provider: 'google', wire: 'gemini', stream: true });
      expect(attempt).toMatchObject({ model: 'gemini-2.0-flash' });
      expect(attempt).not.toHaveProperty('foreign');
      expect(attemptsOf(events)).toEqual(['google']);
      expect(events.find(({ e }) => e === 'end')).toMatchObject({ how: 'complete', marker: true });
    }
  });

  it('retries an overload by itself after half a second of virtual time, then falls back', async () => {
    const calls = await drilled('overloaded', [{ inject: 'overloaded', ...google }]);
    for (const events of calls) {
      expect(attemptsOf(events)).toEqual(['google', 'google', 'openai']);
      const [, again = 0] = startsOf(events);
      expect(again).toBeGreaterThanOrEqual(500);
      expect(again).toBeLessThan(1000);
      expect(events.filter(({ e }) => e === 'effect')).toHaveLength(2);
      expect(events.find(({ e }) => e === 'reply')).toMatchObject({
        status: 503,
        reason: 'overloaded',
      });
    }
  });

  it('is told in the body when to come back, and the history knows it', async () => {
    const limited = { inject: 'rate-limit', retryAfter: '7s', attempt: 1, ...google };
    const calls = await drilled('limited', [limited]);
    for (const events of calls) {
      expect(attemptsOf(events)).toEqual(['google', 'google']);
      expect(events.find(({ e }) => e === 'reply')).toMatchObject({ status: 429, hintMs: 7000 });
      // The SDK reads no hint.
      expect(startsOf(events)[1]).toBeLessThan(1000);
    }
  });

  it('meets an error in the midst of a stream and a stream without its end', async () => {
    const broken = { inject: 'error-event', at: 'first-event', reason: 'overloaded', ...google };
    for (const events of await drilled('in-band', [broken])) {
      expect(attemptsOf(events)).toEqual(['google', 'openai']);
      expect(events.find(({ e }) => e === 'end')).toMatchObject({ inBand: 'overloaded' });
    }
    const short = { inject: 'truncate', at: '3 tokens', ...google };
    for (const events of await drilled('short', [short])) {
      expect(attemptsOf(events)).toEqual(['google']);
      expect(events.find(({ e }) => e === 'end')).toMatchObject({ how: 'short', marker: false });
    }
  });

  it('gives up after its own eight seconds when nothing comes, and tries once more', async () => {
    const calls = await drilled('stalled', [{ inject: 'stall', ...google }]);
    for (const events of calls) {
      expect(attemptsOf(events)).toEqual(['google', 'google', 'openai']);
      expect(startsOf(events)).toEqual([0, 8500, 16_500]);
    }
  });

  it('ends the run with the host’s name where it wants a token from somebody else', async () => {
    const scenario = writeScenario(dir, 'vertex', { workload, arrival });
    const chain = fixtureChain('vertex-signed-in.ts');
    const run = drill({ chain, scenarios: [scenario], out: join(dir, 'out-vertex') });
    await expect(run).rejects.toThrow(/googleapis\.com/);
  });
});
