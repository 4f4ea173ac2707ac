import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundable } from '../../harness/scenario/report-field.ts';
import type { Judged } from '../../harness/scenario/threshold.ts';
import { figureAt, judge, thresholds } from '../../harness/scenario/threshold.ts';

const judged: Judged = {
  figures: {
    availability: 0.995,
    latency_ms: { p50: 800, p95: 6000, p99: null },
    outcomes: { complete: 10 },
    served_by: { 'openai/gpt-4o': 0.75 },
    recovery_ms: null,
    quality: { drop: -0.01 },
  },
  reasons: { 'latency_ms.p99': 'hung', recovery_ms: 'not recovered' },
  invariants: {
    I01: { status: 'held' },
    I05: { status: 'violated' },
    I07: { status: 'not-judged' },
  },
};

const verdicts = (given: object) => judge(thresholds.parse(given), judged);

describe('a bound', () => {
  it.each([
    ['availability', '>= 99%', true],
    ['availability', '> 99.5%', false],
    ['availability', '>= 0.995', true],
    ['latency_ms.p95', '<= 6s', true],
    ['latency_ms.p95', '< 6s', false],
    ['latency_ms.p50', '== 800', true],
    ['quality.drop', '<= 5%', true],
    ['quality.drop', '<= -0.02', false],
    ['served_by.openai/gpt-4o', '>= 75%', true],
  ])('%s %s holds: %s', (path, bound, held) => {
    expect(verdicts({ [path]: bound })).toEqual([
      { path, bound, value: figureAt(judged.figures, path), held, reason: null },
    ]);
  });

  it.each([
    ['availability', '>= 120%', 'is a share, at most 100%'],
    ['goodput', '>= 99', 'is a share, at most 100%'],
    ['fallback_rate', '<= 5s', 'is a share, at most 100%'],
    ['served_by.openai/gpt-4o', '>= 75', 'is a share, at most 100%'],
    ['outcomes.spliced', '<= 5%', 'is a number: write a bound like "<= 2"'],
    ['calls', '<= 5s', 'is a number: write a bound like "<= 2"'],
    ['ttft_ms.p95', '<= 5%', 'is a time: write a bound like "<= 6s"'],
    ['canary.latency_ms.p50', '<= 5%', 'is a time: write a bound like "<= 6s"'],
  ])('on %s of %s is a slip, and is told', (path, bound, message) => {
    const read = thresholds.safeParse({ [path]: bound });
    expect(read.error?.issues).toMatchObject([{ path: [path] }]);
    expect(read.error?.issues[0]?.message).toContain(message);
  });

  it.each([
    ['latency_ms.p99', 'hung'],
    ['recovery_ms', 'not recovered'],
    ['ttft_ms.p50', 'no value'],
  ])('on %s, which has no value, is breached, with the reason', (path, reason) => {
    const [verdict] = verdicts({ [path]: '<= 1h' });
    expect(verdict).toMatchObject({ held: false, value: null, reason });
  });

  it('counts what never occurred as none', () => {
    expect(verdicts({ 'outcomes.spliced': '== 0', 'served_by.x/y': '<= 1%' })).toMatchObject([
      { value: 0, held: true },
      { value: 0, held: true },
    ]);
    expect(figureAt(judged.figures, 'quality.constructor')).toBeNull();
    expect(figureAt(judged.figures, 'outcomes.constructor')).toBe(0);
    expect(figureAt(judged.figures, 'toString')).toBeNull();
  });

  it('agrees with arithmetic for every figure and bound', () => {
    const ops = { '<=': (a: number, b: number) => a <= b, '>': (a: number, b: number) => a > b };
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(1000), fc.constantFrom('<=', '>'), (value, bound, op) => {
        const [verdict] = judge(thresholds.parse({ calls: `${op} ${bound}` }), {
          ...judged,
          figures: { calls: value },
        });
        expect(verdict?.held).toBe(ops[op](value, bound));
      }),
    );
  });
});

it('is held where it asks about what did not occur: nobody went without an answer', () => {
  const path = 'degraded_of_unanswered';
  const none = { ...judged, figures: { ...judged.figures, [path]: null } };
  const because = (reason: string) => ({ ...none, reasons: { [path]: reason } });
  const bound = thresholds.parse({ [path]: '>= 99%' });
  expect(judge(bound, because('every call got a usable answer'))).toMatchObject([{ held: true }]);
  expect(judge(bound, because('no calls'))).toMatchObject([{ held: false }]);
});

describe('invariants', () => {
  it('are all judged, or those that are named', () => {
    expect(verdicts({ invariants: 'all' })).toEqual([
      { path: 'invariants', bound: 'all', value: 1, held: false, reason: 'violated: I05' },
    ]);
    expect(verdicts({ invariants: ['I01', 'I07'] })).toMatchObject([
      { bound: 'I01, I07', value: 0, held: true, reason: null },
    ]);
  });
});

describe('a threshold that is wrong', () => {
  it.each([
    [
      { 'latency.p95': '<= 6s' },
      /unknown report field "latency\.p95" \(did you mean latency_ms\.p95\?\)/,
    ],
    [{ 'outcomes.': '== 0', availabilty: '>= 1' }, /did you mean availability\?/],
    [{ availability: '99%' }, /expected a bound like ">= 99%", "<= 6s" or "== 0", found "99%"/],
    [{ availability: '>= 99 %' }, /expected a bound/],
    [{ availability: 1 }, /expected a bound/],
    [{ calls: '>= NaN' }, /expected a bound/],
    [{ invariants: 'some' }, /expected all, or a list of invariants like \[I01, I05\]/],
    [{ invariants: ['I29'] }, /expected I01 to I28/],
  ])('%j is told', (given, message) => {
    const issues = thresholds.safeParse(given).error?.issues ?? [];
    expect(issues.map((issue) => issue.message).join('\n')).toMatch(message);
  });

  it('names every field that may be bound', () => {
    const [issue] = thresholds.safeParse({ nonsense: 1 }).error?.issues ?? [];
    for (const path of boundable) expect(issue?.message).toContain(path.replace('s.*', 's.'));
  });
});
