// Every failure of the corpus that is on the shelf: it fires, the reference chain keeps what it is
// about, and a chain with that one mistake breaks it and nothing else.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScenarioRow } from '../../harness/report.ts';
import { drill, writeScenario } from '../drills.ts';
import type { CorpusItem } from '../mutants/planted/corpus-items.ts';
import {
  corpusItems,
  mistakeFor,
  writePlanted,
  writeReference,
} from '../mutants/planted/corpus-items.ts';
import { seenByThreshold } from '../mutants/planted/corpus-mistakes.ts';
import type { Mistake } from '../mutants/planted/mistakes.ts';

const dir = mkdtempSync(join(tmpdir(), 'firedrill-corpus-'));
const items = corpusItems();

/** Rows by chain file and scenario: items that share a chain share its run. */
const rows = new Map<string, Map<string, ScenarioRow>>();
const wanted = new Map<string, string[]>();

function want(chain: string, { file }: CorpusItem): string {
  const files = wanted.get(chain) ?? [];
  wanted.set(chain, files);
  if (!files.includes(file)) files.push(file);
  return chain;
}

/** The item's questions on a day on which nothing is wrong; returns the scenario's name. */
function wantHealthy(chain: string, { scenario: { workload } }: CorpusItem): string {
  const name = `healthy-${workload}`;
  const file = writeScenario(dir, name, { workload, arrival: { each: 'once', gap: '30s' } });
  const files = wanted.get(chain) ?? [];
  if (!files.includes(file)) files.push(file);
  return name;
}

/** What cannot be broken without breaking another rule too. */
const entailed: Readonly<Record<string, readonly string[]>> = {
  // An answer that breaks off and passes for whole has no explicit error after its payload.
  I01: ['I03'],
  // Who throws what a 200 brings before any payload neither moves on nor treats it as its status.
  // Where it was the connection that broke, no other target is asked either.
  I02: ['I04', 'I13'],
  // And what is said beside an error in a 200 has no marker, where it passes for an answer.
  I04: ['I01', 'I02'],
  // Who stays with a target that failed before any payload does not move on.
  I13: ['I02'],
  // And the nothing that such a 200 holds has no marker behind it, and tells nothing of its cost.
  I15: ['I01', 'I24'],
  // Who sleeps for days has no answer in time.
  I09: ['I08'],
  // Who works on for a caller that has gone keeps a connection for it.
  I25: ['I26'],
  // Who asks nobody while somebody stands ready does not move on.
  // And after a crowd it is not told from one who still counts the crowd.
  I20: ['I13', 'I26'],
};

const planted = items.flatMap((item) =>
  item.judged.flatMap((invariant) => {
    const mistake = mistakeFor(item, invariant);
    return mistake === null
      ? []
      : [{ item, invariant, mistake, chain: want(writePlanted(dir, mistake, item), item) }];
  }),
);
/** By chain and workload: who is wrong on a healthy day too has more than the one mistake. */
const healthy = new Map(
  planted.map(({ mistake, chain, item }) => {
    const name = wantHealthy(chain, item);
    return [`${chain} ${name}`, { mistake, chain, name }] as const;
  }),
);
const slow = items.flatMap((item) => {
  const seen = seenByThreshold[item.id];
  return seen ? [{ item, path: seen[0], chain: want(writePlanted(dir, seen[1], item), item) }] : [];
});
/** Of rules that nobody judges yet: such a chain may be the only one that meets a guard. */
const others = items.flatMap((item) =>
  (item.scenario.about?.exercises ?? []).flatMap((invariant) => {
    const mistake = item.judged.includes(invariant) ? null : mistakeFor(item, invariant);
    return mistake === null ? [] : [{ item, chain: want(writePlanted(dir, mistake, item), item) }];
  }),
);
const kept = items.map((item) => ({ item, chain: want(writeReference(dir, item), item) }));
/** Without a last target that has no answer to these questions: a mistake gets none from it. */
function recorded(item: CorpusItem): CorpusItem {
  return { ...item, targets: item.targets.replace(/, google\/[\w.-]+/, '') };
}
/** Else a mistake would be seen where nobody has made it. */
const faultless = items
  .filter(({ judged }) => judged.length > 0)
  .map((item) => ({ item, chain: want(writePlanted(dir, null, recorded(item)), item) }));

beforeAll(async () => {
  let count = 0;
  for (const [chain, scenarios] of wanted) {
    const { report } = await drill({ chain, scenarios, out: join(dir, `run-${count++}`) });
    rows.set(chain, new Map(report?.scenarios.map((row) => [row.scenario, row])));
  }
}, 3_600_000);

afterAll(() => rows.clear());

function rowOf(chain: string, { scenario }: CorpusItem): ScenarioRow {
  const row = rows.get(chain)?.get(scenario.name);
  if (!row) throw new Error(`${scenario.name} was not drilled`);
  return row;
}

function violated({ invariants }: ScenarioRow): string[] {
  return Object.keys(invariants).filter((id) => invariants[id]?.status === 'violated');
}

describe('an item of the corpus', () => {
  it.each(items.map((item) => [item.id, item] as const))('%s fires', (_, item) => {
    // What only a mistake runs into, nothing else can meet.
    const chains = [...kept, ...planted, ...others].filter((one) => one.item === item);
    const met = chains.map(({ chain }) => rowOf(chain, item).faults);
    const unmet = item.scenario.faults.flatMap((rule, index) =>
      met.some((faults) => (faults[index]?.met ?? 0) > 0) ? [] : [rule.fault],
    );
    expect(unmet).toEqual([]);
  });

  it.each(kept.map((one) => [one.item.id, one] as const))(
    '%s is kept by the reference chain',
    (_, { item, chain }) => {
      const row = rowOf(chain, item);
      expect(violated(row).map((id) => [id, row.invariants[id]?.example?.text])).toEqual([]);
    },
  );

  const left = kept.filter(({ item }) => item.scenario.caller.length > 0);
  it.each(left.map((one) => [one.item.id, one] as const))(
    '%s has callers that abort, or none',
    (_, { item, chain }) => {
      const { outcomes } = rowOf(chain, item);
      const did = item.scenario.caller.map((rule) => rule.did);
      expect((outcomes.aborted ?? 0) > 0).toBe(did.includes('abort'));
    },
  );
});

describe('a planted mistake', () => {
  it.each(faultless.map((one) => [one.item.id, one] as const))(
    'is what is seen in %s: without one nothing is',
    (_, { item, chain }) => expect(violated(rowOf(chain, item))).toEqual([]),
  );

  it.each([...healthy.values()].map((one) => [one.mistake, one.name, one] as const))(
    'does no harm where nothing fails: %s, %s',
    (_, name, { chain }) => {
      const row = rows.get(chain)?.get(name);
      expect(row?.outcomes).toMatchObject({ complete: row?.calls });
      expect(row && violated(row)).toEqual([]);
    },
  );

  it.each(planted.map((one) => [one.item.id, one.invariant, one.mistake, one] as const))(
    'is seen in %s by %s: %s',
    (_, invariant, mistake: Mistake, { item, chain }) => {
      const seen = violated(rowOf(chain, item));
      expect(seen, mistake).toContain(invariant);
      const named = new Set([
        ...(item.scenario.about?.exercises ?? []),
        ...(entailed[invariant] ?? []),
      ]);
      expect(seen.filter((id) => !named.has(id))).toEqual([]);
    },
  );

  it.each(slow.map((one) => [one.item.id, one.path, one] as const))(
    'is seen in %s by the threshold of %s',
    (_, path, { item, chain }) => {
      const good = kept.find((one) => one.item === item)?.chain ?? '';
      const heldBy = (file: string): boolean | undefined =>
        rowOf(file, item).verdicts.find((verdict) => verdict.path === path)?.held;
      expect([heldBy(good), heldBy(chain)]).toEqual([true, false]);
    },
  );
});
