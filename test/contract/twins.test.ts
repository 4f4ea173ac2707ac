// Twins in whole drills: what a chain that can be told to stream is told, and what becomes of it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { HistoryEvent } from '../../harness/history.ts';
import { readHistory } from '../../harness/run/history-file.ts';
import { drill, root, writeScenario } from '../drills.ts';

const dir = mkdtempSync(join(tmpdir(), 'twins-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const refusals = writeScenario(dir, 'refusals', {
  arrival: { rate: '6/m', for: '2m', spread: 'even' },
  faults: [{ inject: 'degenerate', as: 'refusal', chance: '50%' }],
});

/** Writes a chain module of test/mutants/planted/. */
function steered(name: string, careful: boolean, more = ''): string {
  const file = join(dir, `${name}.ts`);
  const from = pathToFileURL(join(root, 'test/mutants/planted/steered-chain.ts')).href;
  writeFileSync(
    file,
    `import { steeredChain } from ${JSON.stringify(from)};\n${more}` +
      `export default steeredChain({ careful: ${careful} });\n`,
  );
  return file;
}

async function drilled(chain: string) {
  const out = mkdtempSync(join(dir, 'run-'));
  const { report } = await drill({ chain, scenarios: [refusals], out });
  const streamed: Record<string, Set<boolean>> = {};
  const calls: Record<string, number> = {};
  let twin = '';
  for (const event of readHistory(join(out, 'history.jsonl')) as Iterable<HistoryEvent>) {
    if (event.e === 'trial') twin = event.twin ?? 'trial';
    if (event.e === 'close') calls[twin] = event.calls;
    if (event.e !== 'attempt') continue;
    const seen = streamed[twin] ?? new Set();
    streamed[twin] = seen.add(event.stream);
  }
  return { row: report?.scenarios[0], streamed, calls };
}

describe('a chain that says whether it streams', () => {
  it.each([true, false])(
    'is told the contrary in its twin: %s',
    async (stream) => {
      const chain = steered(`says-${stream}`, true, `export const stream = ${stream};\n`);
      const { row, streamed, calls } = await drilled(chain);
      expect(streamed.trial).toEqual(new Set([stream]));
      expect(streamed.stream).toEqual(new Set([!stream]));
      expect(calls).toEqual({ trial: 12, chunks: 12, stream: 12 });
      expect(row?.invariants.I16).toMatchObject({ status: 'held', limit: 'refusal: surface' });
      expect(row?.invariants.I16?.exercised).toBeGreaterThan(0);
    },
    60_000,
  );

  it('is found out where refusals fare otherwise in the twin', async () => {
    const { row } = await drilled(steered('uneven', false, 'export const stream = true;\n'));
    expect(row?.invariants.I16).toMatchObject({ status: 'violated' });
    expect(row?.invariants.I16?.example?.text).toMatch(
      /passed it on to the caller at [\d.]+ s\. Told to stream where it did not, or not to where it did, it showed an empty answer;/,
    );
    // A twin is in no figure.
    expect(row?.outcomes.empty ?? 0).toBe(0);
  }, 60_000);
});

describe('a chain that cannot be told to stream or not', () => {
  it('is given no options, asked nothing in the twin, and judged by its trial alone', async () => {
    const { row, streamed, calls } = await drilled(steered('plain', false));
    expect(streamed.trial).toEqual(new Set([true]));
    expect(calls).toEqual({ trial: 12, chunks: 12, stream: 0 });
    expect(row?.invariants.I16).toMatchObject({ status: 'held' });
  }, 60_000);
});
