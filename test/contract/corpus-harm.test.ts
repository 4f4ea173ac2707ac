// What mistakes of translation do to users, in items whose rules nobody judges yet: figures tell.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { ScenarioRow } from '../../harness/report.ts';
import { drill } from '../drills.ts';
import { corpusItems, writePlanted } from '../mutants/planted/corpus-items.ts';
import type { Mistake } from '../mutants/planted/mistakes.ts';

const dir = mkdtempSync(join(tmpdir(), 'firedrill-harm-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const items = corpusItems();

async function rowOf(id: string, mistake: Mistake | null): Promise<ScenarioRow> {
  const item = items.find((one) => one.id === id);
  if (!item) throw new Error(`no item ${id}`);
  const chain = writePlanted(dir, mistake, item);
  const out = join(dir, `run-${id}-${mistake}`);
  const { report } = await drill({ chain, scenarios: [item.file], out });
  const [row] = report?.scenarios ?? [];
  if (!row) throw new Error('no report');
  return row;
}

const met = ({ faults }: ScenarioRow): number[] => faults.map((rule) => rule.met);

describe.skipIf(process.env.FIREDRILL_CORPUS)('a mistake of translation', () => {
  it('loses the form of an answer with its schema', async () => {
    const id = 'json-schema-dropped-on-fallback';
    const right = await rowOf(id, null);
    expect(right.outcomes).toMatchObject({ complete: right.calls });
    expect(met(right)[1]).toBe(0);
    const wrong = await rowOf(id, 'drops-schema');
    expect(wrong.outcomes).toMatchObject({ malformed: wrong.calls });
  });

  it('has every fallback refuse a key that is not its own', async () => {
    const id = 'hook-injected-key-reused-by-fallbacks';
    expect(await rowOf(id, null)).toMatchObject({ availability: 1 });
    expect(await rowOf(id, 'one-key-for-all')).toMatchObject({ availability: 0 });
  });

  it('loses sessions whose history the next provider cannot read', async () => {
    const id = 'foreign-tool-call-id-too-long';
    expect(await rowOf(id, null)).toMatchObject({ availability: 1 });
    // One session of ten needs no tool.
    expect(await rowOf(id, 'sends-foreign-history')).toMatchObject({ availability: 0.1 });
  });
});

describe.skipIf(process.env.FIREDRILL_CORPUS)('a desk that mixes two spaces', () => {
  it('finds the wrong documents in good order, and for good where it stays with the other', async () => {
    const id = 'embedding-fallback-same-width-other-space';
    const right = await rowOf(id, null);
    expect(right).toMatchObject({ availability: 1, goodput: 1 });
    const wrong = await rowOf(id, 'mixes-spaces');
    expect(wrong.availability).toBe(1);
    expect(wrong.goodput).toBeGreaterThan(0.6);
    expect(wrong.goodput).toBeLessThan(0.8);
    const stays = await rowOf(id, 'stays-with-fallback');
    expect(stays.availability).toBe(1);
    expect(stays.goodput).toBeLessThan(0.5);
  });

  it('finds nothing where the widths differ, and does not come back', async () => {
    const id = 'embedding-fallback-wrong-width';
    expect(await rowOf(id, null)).toMatchObject({ availability: 1, goodput: 1 });
    const wrong = await rowOf(id, 'stays-with-fallback');
    expect(wrong.outcomes).toMatchObject({ error: wrong.calls });
  });
});
