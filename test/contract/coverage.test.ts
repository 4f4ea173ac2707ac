// The table of the corpus is what its command makes, and where the corpus is at hand, every one of
// its items is in one place and says of itself what the corpus says.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { packageRoot } from '../../harness/project.ts';
import { coverageTable, expressed, unexpressed } from '../../tools/coverage-table.ts';
import { describeData } from '../data.ts';
import { mistakeFor } from '../mutants/planted/corpus-items.ts';
import { notShown } from '../mutants/planted/not-shown.ts';

describe('the table of the corpus', () => {
  it('is the one that is committed (npm run coverage-table)', () => {
    const committed = readFileSync(join(packageRoot, 'scenarios/corpus/COVERAGE.md'), 'utf8');
    expect(coverageTable()).toBe(committed);
  });

  it('has a line for every item, and its scenario has its name', () => {
    const done = expressed();
    const ids = [...done, ...unexpressed()].map(({ corpus }) => corpus);
    const lines = coverageTable().split('\n');
    for (const id of ids) {
      expect(lines.filter((line) => line.startsWith(`| ${id} |`))).toHaveLength(1);
    }
    expect(done.filter(({ item }) => item.file.endsWith(`/${item.scenario.name}.yaml`))).toEqual(
      done,
    );
  });
});

describe('an invariant that an item tells of', () => {
  /** Breakers and caches are seen over time: many an item is too short for it. */
  const overTime = ['I20', 'I21', 'I27'];

  it('is broken by a planted mistake there, or it is said why none can', () => {
    const open = expressed().flatMap(({ item }) =>
      item.judged
        .filter((id) => !overTime.includes(id) && mistakeFor(item, id) === null)
        .filter((id) => notShown[item.id]?.[id] === undefined)
        .map((id) => `${item.id} ${id}`),
    );
    expect(open).toEqual([]);
  });

  it('is said not to be shown only where no mistake shows it', () => {
    const items = new Map(expressed().map(({ item }) => [item.id, item]));
    for (const [id, reasons] of Object.entries(notShown)) {
      const item = items.get(id);
      for (const invariant of Object.keys(reasons)) {
        expect([id, invariant, item && mistakeFor(item, invariant)]).toEqual([id, invariant, null]);
      }
    }
  });
});

const corpusFile = z.array(
  z.looseObject({ id: z.string(), source: z.string(), invariants: z.array(z.string()) }),
);

describeData('the corpus', (dir) => {
  const items = (): z.infer<typeof corpusFile> =>
    corpusFile.parse(parse(readFileSync(join(dir, 'failure-corpus.yaml'), 'utf8')));
  const placed = (): string[] => [...expressed(), ...unexpressed()].map(({ corpus }) => corpus);

  it('knows every id that is named here', () => {
    const known = new Set(items().map(({ id }) => id));
    expect(placed().filter((id) => !known.has(id))).toEqual([]);
  });

  it('has each of its items in one place only', () => {
    const all = placed();
    expect(all.filter((id, index) => all.indexOf(id) !== index)).toEqual([]);
  });

  it('says of source and invariants what the scenarios say', () => {
    const byId = new Map(items().map((item) => [item.id, item]));
    for (const { corpus, item } of expressed()) {
      const { source = [], exercises = [] } = item.scenario.about ?? {};
      const told = byId.get(corpus);
      expect({ corpus, exercises, source }).toEqual({
        corpus,
        exercises: told?.invariants,
        source: [told?.source],
      });
    }
  });

  it('has no item that is nowhere, and at least 115 that are expressed', () => {
    const all = new Set(placed());
    const missing = items().filter(({ id }) => !all.has(id));
    expect(missing.map(({ id }) => id)).toEqual([]);
    expect(expressed().length).toBeGreaterThanOrEqual(115);
  });
});
