// A canary in every place of a request and of a response: nothing that record, serve --record and
// import write has it, nor does what they print.
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { folderWith } from '../cli.ts';
import {
  canaryInImport,
  canaryInProxy,
  canaryInRecord,
  canaryPlaces,
  canaryVariables,
} from './canary.ts';
import { recording } from './recording.ts';

const { cases } = canaryPlaces;

describe('a canary in every place', () => {
  it('is in nothing that serve --record writes, at any time', async () => {
    const seen = await canaryInProxy(folderWith(), recording, ({ how, response, text }) => {
      // The app has all of it: nothing is masked on its way.
      expect(text.length).toBeGreaterThan(2_000);
      expect(`${how} ${response.status}`).toBe(`${how} ${how === 'Fail' ? 400 : 200}`);
      expect(response.headers.get('x-echo-x-api-key')).toContain('quiet-canary');
    });
    expect(seen.found).toEqual([]);
    expect(seen).toMatchObject({ requests: cases, recordings: cases });
  }, 60_000);

  it('is in nothing that import writes', async () => {
    const seen = await canaryInImport(folderWith());
    expect(seen.found).toEqual([]);
    expect(seen).toMatchObject({ requests: cases, recordings: cases });
  }, 60_000);

  it('is in nothing that record writes', async () => {
    for (const [name, value] of Object.entries(canaryVariables())) vi.stubEnv(name, value);
    onTestFinished(() => void vi.unstubAllEnvs());
    const seen = await canaryInRecord(folderWith());
    expect(seen.found).toEqual([]);
    expect(seen).toMatchObject({ requests: 16, recordings: 16 });
  }, 60_000);
});
