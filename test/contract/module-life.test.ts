// Chains whose modules have state and timers of their own: each trial gets a worker of its own, in
// which nothing was asked before, and the timers go on.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../harness/report.ts';
import { bytesOf, drill, fixtureChain, writeScenario } from '../drills.ts';

const dir = mkdtempSync(join(tmpdir(), 'firedrill-module-life-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const blip = writeScenario(dir, 'blip', {
  arrival: { rate: '1/s', for: '60s', spread: 'even' },
  faults: [{ inject: 'server-error', status: 503, from: '10s', to: '20s' }],
});

describe('a chain with a timer in its module', () => {
  const outs = [1, 2].map((workers) => ({ workers, out: join(dir, `workers-${workers}`) }));
  let report: Report | null = null;

  for (const { workers, out } of outs) {
    beforeAll(async () => {
      const chain = fixtureChain('heartbeat.ts');
      ({ report } = await drill({ chain, scenarios: [blip], out, workers, trials: 3 }));
    });
  }

  it('recovers by it, in every trial', () => {
    expect(report?.trials).toHaveLength(3);
    for (const { outcomes } of report?.trials ?? []) {
      // Every five seconds of the outage three calls fail, and two find the breaker open.
      expect(outcomes).toMatchObject({ error: expect.any(Number) });
      expect(outcomes.error).toBeLessThanOrEqual(15);
      expect(outcomes.error).toBeGreaterThanOrEqual(10);
    }
  });

  it('is asked nothing before its trial, not even for its first target', () => {
    for (const { served_by } of report?.trials ?? []) {
      expect(served_by?.['openai/gpt-4o']).toBeGreaterThan(0);
    }
  });

  it('leaves the same bytes, whoever drills it', () => {
    const [one, two] = outs.map(({ out }) => bytesOf(out));
    expect(two).toEqual(one);
  });
});
