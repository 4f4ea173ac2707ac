import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { invariants } from '../../harness/invariants/index.ts';
import type { InvariantTallies } from '../../harness/scoring/judge-invariants.ts';
import { compareTwins, statusOf } from '../../harness/scoring/judge-invariants.ts';
import type { TwinKind } from '../../harness/twin-kind.ts';
import { twinKinds } from '../../harness/twin-kind.ts';
import { judgeAll } from './histories.ts';
import type { Flaw, World } from './simulated-chain.ts';
import { limits, simulate, targets } from './simulated-chain.ts';

const seed = fc.integer({ min: 0, max: 0x7fffffff });
const view = { limits, targets };

/** One thing is changed in each. */
const twins: Readonly<Record<TwinKind, Partial<World>>> = {
  status: { asStatus: true },
  words: { otherWords: true },
  chunks: { otherReads: true },
  stream: { streamed: true },
};

function judged(world: World, flaw: Flaw | null = null): InvariantTallies {
  const own = judgeAll(simulate(world, flaw), view);
  return twinKinds.reduce((tallies, twin) => {
    const other = judgeAll(simulate({ ...world, ...twins[twin] }, flaw), { ...view, twin });
    return compareTwins(tallies, other, twin);
  }, own);
}

function violated(world: World, flaw: Flaw | null = null): string[] {
  const tallies = judged(world, flaw);
  return Object.keys(tallies).filter((id) => statusOf(tallies[id]) === 'violated');
}

describe('a good chain', () => {
  it('is never accused of anything, whatever fails', () => {
    fc.assert(
      fc.property(seed, fc.boolean(), (number, primaryOnly) => {
        expect(violated({ seed: number, calls: 40, primaryOnly })).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('is put to every test', () => {
    const world = { seed: 1, calls: 600, primaryOnly: false };
    const tallies = judged(world);
    const left = Object.keys(invariants).filter((id) => statusOf(tallies[id]) !== 'held');
    // In this world there are no tools, no crowds and no callers who leave, and no target is well
    // for long: for these there are tests of their own, and the corpus.
    expect(left).toEqual(['I10', 'I19', 'I20', 'I21', 'I25']);
  });
});

describe('a chain with one flaw', () => {
  it.each<[Flaw, string[]]>([
    ['shows parts as answers', ['I01', 'I03']],
    ['glues answers', ['I03']],
    ['gives up on errors inside a 200', ['I02', 'I04']],
    ['starts over', ['I05']],
    ['waits for ever in the middle', ['I06', 'I07', 'I08']],
    ['waits for ever for headers', ['I07', 'I08']],
    ['ignores hints', ['I09']],
    ['sleeps through any hint', ['I09']],
    ['retries without backoff', ['I09']],
    ['retries spent quotas', ['I11']],
    ['retries bad requests', ['I12']],
    ['stops at a 404', ['I02', 'I13']],
    ['forgets the first cause', ['I22']],
    ['names the primary', ['I23']],
    ['believes words', ['I14']],
    ['takes nothing for an answer', ['I15']],
    ['hides refusals', ['I16']],
    ['refuses only where it streams', ['I16']],
    ['loses what comes in two reads', ['I28']],
    ['sends one key to all', ['I17']],
    ['leaves out the schema', ['I18']],
    ['counts one attempt', ['I24']],
    ['passes errors on', ['I27']],
  ])('that %s violates %j', (flaw, ids) => {
    const all = { seed: 7, calls: 1000, primaryOnly: false };
    const found = new Set([
      ...violated(all, flaw),
      ...violated({ ...all, primaryOnly: true }, flaw),
    ]);
    for (const id of ids) expect(found).toContain(id);
  });
});
