// A chain that reads files, unpacks and derives keys between its attempts, on a machine that is
// busy with something else: the clock stands still meanwhile, so no timeout fires that a real clock
// would not give, and every run has the same history. tools/shown/real-work.ts does it 1,000 times.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { realWorkIsCheap } from '../../harness/clock/real-work.ts';
import { drill, fixtureChain, timeoutsIn, writeScenario } from '../drills.ts';

const dir = mkdtempSync(join(tmpdir(), 'firedrill-real-work-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const packed = join(dir, 'megabyte.gz');
writeFileSync(packed, gzipSync(Buffer.from(randomBytes(768 * 1024).toString('base64'))));
process.env.FIREDRILL_TEST_PACKED = packed;

const scenario = writeScenario(dir, 'works', {
  arrival: { rate: '3/s', for: '3s' },
  faults: [
    { inject: 'server-error', status: 503, chance: '30%' },
    { inject: 'stall', at: 'headers', chance: '15%' },
  ],
});

/** Threads that do nothing but keep the processor from others. */
function busy(threads: number): () => Promise<unknown> {
  const workers = Array.from(
    { length: threads },
    () => new Worker('for (let i = 0; ; i++) Math.sqrt(i);', { eval: true }),
  );
  return () => Promise.all(workers.map((worker) => worker.terminate()));
}

describe.runIf(realWorkIsCheap())('work outside JavaScript', () => {
  it('takes no virtual time and gives one history on a busy machine', async () => {
    const histories: string[] = [];
    for (const threads of [0, 3]) {
      const out = join(dir, `busy-${threads}`);
      const idle = busy(threads);
      await drill({ chain: fixtureChain('real-work.ts'), scenarios: [scenario], trials: 2, out });
      await idle();
      histories.push(readFileSync(join(out, 'history.jsonl'), 'utf8'));
      const { timeouts, stalled } = timeoutsIn(join(out, 'history.jsonl'));
      expect(timeouts.length).toBeGreaterThan(0);
      expect(timeouts).toEqual(stalled);
    }
    expect(histories[1]).toBe(histories[0]);
  });
});
