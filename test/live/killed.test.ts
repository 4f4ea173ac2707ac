import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { folderWith } from '../cli.ts';
import type { KillOptions, Kills } from './killed.ts';
import { killProxy, killRecord } from './killed.ts';
import { startedMock } from './recording.ts';

async function killed(kill: (options: KillOptions) => Promise<Kills>): Promise<Kills> {
  vi.stubEnv('OPENAI_API_KEY', '');
  vi.stubEnv('ANTHROPIC_API_KEY', '');
  onTestFinished(() => void vi.unstubAllEnvs());
  const mock = await startedMock({ tps: 60 });
  onTestFinished(() => mock.stop());
  return kill({ mock, dir: folderWith(), kills: 3, samples: 20, seed: 7 });
}

describe('recording that is killed again and again', () => {
  it.each([
    { what: 'record', kill: killRecord },
    { what: 'serve --record --once', kill: killProxy },
  ])(
    'leaves no broken file and pays nothing twice: $what',
    async ({ kill }) => {
      const seen = await killed(kill);
      expect(seen).toMatchObject({ broken: [], paidAgain: 0, kept: seen.wanted });
      // Some requests were under way: the kills came in the middle.
      expect(seen.unfinished).toBeGreaterThan(0);
      // Of what was under way, some had not left yet.
      expect(seen.requests).toBeLessThanOrEqual(seen.wanted + seen.unfinished);
    },
    120_000,
  );
});
