import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ending } from '../../harness/history.ts';
import { invariants } from '../../harness/invariants/index.ts';
import { outcomes } from '../../harness/outcome/outcomes.ts';
import {
  compareTwins,
  judgeInvariants,
  mergeInvariants,
  reportInvariants,
  rules,
  statusOf,
} from '../../harness/scoring/judge-invariants.ts';
import type { AttemptSpec } from '../invariants/histories.ts';
import {
  claude,
  gpt,
  History,
  judgeAll,
  mini,
  ok,
  one,
  status,
  verdict,
} from '../invariants/histories.ts';

const nine = Array.from({ length: 9 }, (_, i) => status(gpt, i * 500, 503));

describe('judging a trial', () => {
  it('names all 28 rules in order, and judges each', () => {
    const ids = Array.from({ length: 28 }, (_, i) => `I${String(i + 1).padStart(2, '0')}`);
    expect(Object.keys(rules)).toEqual(ids);
    const report = reportInvariants(judgeAll(new History()));
    expect(Object.keys(report)).toEqual(ids);
    expect(ids.filter((id) => report[id]?.status === 'not-judged')).toEqual([]);
  });

  it('keeps every invariant under its own id', () => {
    for (const [id, invariant] of Object.entries(invariants)) {
      expect(invariant.id).toBe(id);
      expect(invariant.rule).toMatch(/\.$/);
      expect(invariant.example).toMatch(/\.$/);
    }
  });

  it('has every file of the folder that exports an invariant in the map', async () => {
    const folder = new URL('../../harness/invariants/', import.meta.url);
    const found = new Set<unknown>();
    for (const file of readdirSync(folder)) {
      const exported: Record<string, unknown> = await import(new URL(file, folder).href);
      for (const value of Object.values(exported)) {
        if (typeof value === 'object' && value !== null && 'twin' in value) found.add(value);
      }
    }
    expect(found).toEqual(new Set(Object.values(invariants)));
  });

  it('finds nothing applicable in a history without calls', () => {
    for (const tally of Object.values(judgeAll(new History()))) {
      expect(statusOf(tally)).toBe('not-applicable');
    }
  });

  it('writes the number of the trial into the first violation', () => {
    expect(judgeAll(one(nine, { outcome: 'error' }), { trial: 3 }).I05?.first).toMatchObject({
      trial: 3,
      call: 1,
    });
  });

  it('keeps the first violation and counts the others', () => {
    const history = new History()
      .call([ok(gpt, 0)], { outcome: 'complete' })
      .call(nine, { outcome: 'error' })
      .call(nine, { outcome: 'error' });
    expect(verdict('I05', history)).toBe('violated 2/2');
    expect(judgeAll(history).I05?.first?.call).toBe(2);
  });
});

const ms = fc.integer({ min: 0, max: 400_000 });
const maybe = fc.option(ms, { nil: null });
const reason = fc.option(fc.constantFrom('quota', 'overloaded', 'context-length', 'new'), {
  nil: null,
});

const anyAttempt: fc.Arbitrary<AttemptSpec> = fc.record({
  target: fc.constantFrom(gpt, claude, mini),
  at: ms,
  start: fc.record({ stream: fc.boolean(), body: fc.constantFrom('a', 'b') }),
  reply: fc.record({
    t: ms,
    status: fc.constantFrom(0, 200, 400, 404, 409, 429, 500, 529),
    reason,
    hintMs: maybe,
  }),
  end: fc.option(
    fc.record({
      t: ms,
      how: fc.constantFrom<Ending[]>('complete', 'short', 'reset', 'refused', 'aborted', 'open'),
      marker: fc.boolean(),
      inBand: reason,
      first: maybe,
      last: maybe,
      gap: ms,
      chars: fc.nat(400),
    }),
    { nil: null },
  ),
});

describe('any history', () => {
  it('is judged without an error, in words and numbers that make sense', () => {
    const calls = fc.array(
      fc.tuple(
        fc.array(anyAttempt, { maxLength: 8 }),
        fc.constantFrom(...outcomes),
        ms,
        fc.boolean(),
      ),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(calls, (made) => {
        const history = new History();
        for (const [attempts, outcome, ends, cut] of made) {
          const hung =
            outcome === 'hung' ? { hung: cut ? ('cut' as const) : ('proven' as const) } : {};
          history.call(attempts, { outcome, ends, ...hung });
        }
        const before = structuredClone(history.records);
        const tallies = judgeAll(history, { targets: [gpt, claude, mini] });
        expect(history.records).toEqual(before);
        for (const [id, { exercised, violations, first }] of Object.entries(tallies)) {
          expect(violations, id).toBeLessThanOrEqual(exercised);
          expect(first !== null, id).toBe(violations > 0);
          if (!first) continue;
          expect(first.text).not.toMatch(/undefined|NaN|null|Infinity/);
          expect(first.text).toMatch(/\d+\.\d s/);
          expect(Number.isFinite(first.at)).toBe(true);
        }
      }),
    );
  });
});

describe('pooling trials', () => {
  const good = judgeAll(one([status(gpt, 0, 503), ok(claude, 110)], { outcome: 'complete' }));
  const bad = (trial: number) => judgeAll(one(nine, { outcome: 'error' }), { trial });

  it('is violated if any trial is', () => {
    expect(statusOf(mergeInvariants(good, bad(2)).I05)).toBe('violated');
    expect(mergeInvariants(good, bad(2)).I05).toMatchObject({ exercised: 2, violations: 1 });
  });

  it('shows the violation of the first trial, in whichever order they come', () => {
    expect(mergeInvariants(bad(2), bad(3)).I05?.first?.trial).toBe(2);
    expect(mergeInvariants(bad(3), bad(2)).I05?.first?.trial).toBe(2);
  });

  it('leaves the tallies that it was given as they are', () => {
    const before = structuredClone(good);
    mergeInvariants(good, bad(2));
    compareTwins(good, bad(2), 'status');
    expect(good).toEqual(before);
  });

  it('has tallies that survive a file', () => {
    const tallies = bad(1);
    expect(JSON.parse(JSON.stringify(tallies))).toEqual(tallies);
    expect(judgeInvariants.figures(tallies)).toHaveProperty('invariants.I05.status', 'violated');
  });

  it('pools to the same in any grouping', () => {
    const spec = fc.constantFrom(good, bad(1), bad(2), bad(3), judgeAll(new History()));
    fc.assert(
      fc.property(spec, spec, spec, (a, b, c) => {
        const left = mergeInvariants(mergeInvariants(a, b), c);
        expect(mergeInvariants(a, mergeInvariants(b, c))).toEqual(left);
      }),
    );
  });
});
