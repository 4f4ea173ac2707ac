import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { folderWith } from '../cli.ts';
import type { CapOptions, Capped } from './capped.ts';
import { capProxy, capRecord } from './capped.ts';
import { recording, startedMock } from './recording.ts';

async function capped(run: (options: CapOptions) => Promise<Capped>): Promise<Capped> {
  vi.stubEnv('OPENAI_API_KEY', 'sk-of-a-test-0123456789');
  onTestFinished(() => void vi.unstubAllEnvs());
  const mock = await startedMock();
  onTestFinished(() => mock.stop());
  return run({ mock, dir: folderWith(), cap: 2, samples: 60 });
}

describe('a limit of cost', () => {
  it.each([
    { what: 'record', run: capRecord },
    {
      what: 'serve --record',
      run: (options: CapOptions) => capProxy(options, recording),
    },
  ])(
    'is never exceeded, and the same command goes on: $what',
    async ({ run }) => {
      const { cap, spent, kept, codes, paidAgain } = await capped(run);
      expect(spent.length).toBeGreaterThan(1);
      for (const usd of spent) expect(usd).toBeLessThanOrEqual(cap);
      expect(codes).toEqual([...codes.slice(0, -1).map(() => 1), 0]);
      expect(kept).toEqual(kept.toSorted((a, b) => a - b));
      expect(kept.at(-1)).toBe(60);
      expect(kept[0]).toBeGreaterThan(5);
      expect(paidAgain).toBe(0);
    },
    60_000,
  );
});
