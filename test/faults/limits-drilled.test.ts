// A crowd of callers at a real limit: the reference chain waits as it is told to. With jitter it
// uses nearly all that the limit gives; callers who come back together leave much of it unused.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { Effect } from '../../harness/faults/effect.ts';
import { drill, ownEvents, writeScenario } from '../drills.ts';

const dir = mkdtempSync(join(tmpdir(), 'firedrill-limits-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const limit = { perMinute: 300, burst: 2 };
const windowMs = 20_000;

/** 160 calls within a tenth of a second; five a second are let through. */
const scenario = writeScenario(dir, 'crowd', {
  arrival: { rate: '1600/s', for: '100ms', spread: 'even' },
  faults: [{ inject: 'token-bucket', requests: `${limit.perMinute}/m`, burst: limit.burst }],
});

/** Requests let through within the window, as a share of what the limit allows. */
async function shareUsed(jitter: 'full' | 'none'): Promise<number> {
  const chain = join(dir, `${jitter}.yaml`);
  const retry = `{ max: 10, backoff: 250ms..4s, jitter: ${jitter}, hintCap: 60s }`;
  writeFileSync(chain, `targets: [openai/gpt-4o-mini]\nretry: ${retry}\ndeadline: 60s\n`);
  const out = join(dir, jitter);
  await drill({ chain, scenarios: [scenario], out });
  let through = 0;
  let hinted = 0;
  for (const event of ownEvents(join(out, 'history.jsonl'))) {
    if (event.e === 'reply' && event.reason === 'rate-limit' && event.hintMs) hinted++;
    if (event.e !== 'effect' || event.t >= windowMs) continue;
    if ((event.effect as Effect).kind === 'limits') through++;
  }
  // The limit was met all the time, and said so.
  expect(hinted).toBeGreaterThan(300);
  return through / ((limit.perMinute * windowMs) / 60_000 + limit.burst);
}

it('lets nine tenths of its rate through to callers with jitter, far less to those without', async () => {
  const withJitter = await shareUsed('full');
  expect(withJitter).toBeGreaterThan(0.9);
  expect(withJitter).toBeLessThanOrEqual(1);
  expect(await shareUsed('none')).toBeLessThan(0.7);
}, 60_000);
