// The judge is worth what its verdicts are worth: every bad chain is found by the invariant that it
// says it breaks, and is in order where nothing is wrong. `npm run mutants` prints the matrix.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { rules } from '../../harness/scoring/judge-invariants.ts';
import type { Entry, Seen } from '../mutants/catalogue.ts';
import { allMutants, seeAll, violated } from '../mutants/catalogue.ts';

const dir = mkdtempSync(join(tmpdir(), 'firedrill-mutants-'));
const mutants = await allMutants(dir);
const seen = new Map<Entry, Seen>();

beforeAll(async () => {
  await seeAll(mutants, dir, (mutant, result) => {
    if (result instanceof Error) throw result;
    seen.set(mutant, result);
  });
}, 3_600_000);

function seenOf(mutant: Entry): Seen {
  const result = seen.get(mutant);
  if (!result) throw new Error(`${mutant.name} was not drilled`);
  return result;
}

describe('the mutants', () => {
  it('are sixty or more, two or more for each invariant', () => {
    expect(mutants.length).toBeGreaterThanOrEqual(60);
    const few = Object.keys(rules).filter(
      (id) => mutants.filter(({ breaks }) => breaks === id).length < 2,
    );
    expect(few).toEqual([]);
  });

  it.each(mutants.map((mutant) => [mutant.name, mutant.breaks, mutant.on, mutant] as const))(
    '%s is found by %s on %s',
    (_, breaks, __, mutant) => {
      const { there } = seenOf(mutant);
      expect(violated(there)).toContain(breaks);
      const example = there.invariants[breaks]?.example;
      expect(example?.text.length).toBeGreaterThan(40);
      expect(example?.replay).toContain('firedrill replay');
    },
  );

  it.each(mutants.map((mutant) => [mutant.name, mutant] as const))(
    '%s is in order where nothing is wrong',
    (_, mutant) => {
      for (const row of seenOf(mutant).healthy) {
        expect([row.outcomes.complete, violated(row)], row.scenario).toEqual([row.calls, []]);
      }
    },
  );
});
