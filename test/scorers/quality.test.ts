import { describe, expect, it } from 'vitest';
import { quality } from '../../harness/scorers/quality.ts';
import type { CallSpec } from './hand-made.ts';
import { figuresBy, historyOf, primary, second, textOf, viewOf } from './hand-made.ts';

const samples = Array.from({ length: 20 }, (_, i) => `s${i + 1}`);
const texts = samples.flatMap((sample) => [
  textOf(primary, `First on ${sample}.`, { sample, score: 0.9 }),
  textOf(second, `Second on ${sample}.`, { sample, score: 0.85 }),
]);

function own(sample: string): CallSpec {
  return { sample, attempts: [{}], text: `First on ${sample}.`, score: 0.9 };
}

function other(sample: string, score = 0.85): CallSpec {
  const attempts = [{ status: 503 }, { target: second, from: 200 }];
  return { sample, attempts, text: `Second on ${sample}.`, score };
}

function figures(calls: CallSpec[], view = viewOf()): Record<string, unknown> {
  return figuresBy(quality, historyOf(calls, texts), view).quality as Record<string, unknown>;
}

describe('quality drop', () => {
  it('is what the healthy primary would have scored less what was served, per call', () => {
    expect(figures([own('s1'), own('s2'), other('s3'), other('s3')])).toMatchObject({
      baseline: 0.9,
      served: 0.875,
      drop: 0.025,
      n: 3,
      calls: 4,
    });
  });

  it('is exactly five points where every answer is five points worse', () => {
    const found = figures(samples.map((sample) => other(sample)));
    expect(found.drop).toBe(0.05);
  });

  it('is nothing, for certain, only where nobody got another answer', () => {
    const none = figuresBy(quality, historyOf(samples.map(own), texts));
    expect(none.quality).toMatchObject({ drop: 0, ci95: [0, 0], mde: null, n: 20 });
    expect(none.reasons['quality.mde']).toMatch(/^no call was served another answer/);
    const equal = figures(samples.map((sample) => other(sample, 0.9)));
    const [low = 0, high = 0] = equal.ci95 as number[];
    // Of 20 samples none differed: up to 16% of others may.
    expect(equal.drop).toBe(0);
    expect([low.toFixed(3), high.toFixed(3)]).toEqual(['-0.161', '0.161']);
    const rare = figures([
      ...samples.flatMap((s) => [own(s), own(s), own(s)]),
      ...samples.map((s) => other(s, 0.9)),
    ]);
    expect((rare.ci95 as number[])[1]).toBeCloseTo(high / 4, 6);
    expect(rare.mde).toBeCloseTo((equal.mde as number) / 4, 6);
  });

  it('may be another in other samples where another target has the same words for some', () => {
    const alike = samples.map((sample) => ({
      ...own(sample),
      attempts: [{ status: 503 }, { target: second, text: null, from: 200 }],
    }));
    expect(figures(alike).ci95).not.toEqual([0, 0]);
  });

  it('counts broken answers that were presented as success, and an empty one as 0', () => {
    const cut: CallSpec = {
      sample: 's1',
      attempts: [{ how: 'reset', chars: 5 }],
      text: 'First',
      score: 0.4,
    };
    const empty: CallSpec = {
      sample: 's2',
      attempts: [{ chars: 0 }],
      answer: { text: '', score: null },
    };
    expect(figures([cut, empty])).toMatchObject({ served: 0.2, calls: 2 });
  });

  it('leaves out what nobody took for an answer, and what nobody can score', () => {
    const error = { name: 'Error', message: 'x', causes: [] };
    const out: CallSpec[] = [
      { sample: 's1', attempts: [{ status: 503 }], text: 'Not now.', score: 0 },
      { sample: 's1', attempts: [{ status: 503 }], answer: { kind: 'error', error, score: 0 } },
      { sample: 's1', answer: { kind: 'aborted' } },
      { sample: 's1', hung: 'cut' },
      { sample: 'unknown', attempts: [], text: 'Hm.', answer: { meta: { served: 'cache' } } },
      { ...own('s2'), score: null },
    ];
    expect(figures([...out, own('s3')])).toMatchObject({ n: 1, calls: 1 });
    const none = figuresBy(quality, historyOf(out, texts));
    expect(none.quality).toMatchObject({ drop: null, ci95: null, mde: null, n: 0, calls: 0 });
    expect(none.reasons['quality.drop']).toMatch(/give the workload checks/);
    const nobody = figuresBy(quality, historyOf([{ sample: 's1', hung: 'cut' }], texts));
    expect(nobody.reasons['quality.drop']).toBe('no answer that was presented as success');
  });

  it('counts what is damaged as worth nothing where nothing can score it', () => {
    const attempts = [{ how: 'reset' as const, chars: 5 }];
    const damaged: CallSpec = { sample: 's1', attempts, text: 'First', score: null };
    const { baseline } = figures([own('s1')]);
    expect(figures([damaged])).toMatchObject({ drop: baseline, served: 0, calls: 1, unscored: 0 });
  });

  it('counts apart what nobody can score', () => {
    expect(figures([{ ...own('s2'), score: null }, own('s3')])).toMatchObject({ unscored: 1 });
  });

  it('has no interval for one sample, however often it was asked', () => {
    const found = figuresBy(quality, historyOf([own('s1'), other('s1'), other('s1')], texts));
    expect(found.quality).toMatchObject({ ci95: null, mde: null, n: 1, calls: 3 });
    expect(found.reasons['quality.ci95']).toBe('one sample has no interval');
  });

  it('has an interval around the drop that samples make, not calls', () => {
    const once = samples.map((sample, i) => other(sample, 0.5 + (i % 5) / 10));
    const found = figures(once);
    const [low = 0, high = 0] = found.ci95 as number[];
    expect(low).toBeLessThan(found.drop as number);
    expect(high).toBeGreaterThan(found.drop as number);
    const often = figures([...once, ...once, ...once]);
    expect(often).toMatchObject({ calls: 60, n: 20, drop: found.drop, ci95: found.ci95 });
    expect(often.mde).toBeCloseTo(found.mde as number, 10);
  });

  it('draws the same interval for the same seed', () => {
    const calls = samples.map((sample, i) => other(sample, 0.3 + ((i * 7) % 11) / 20));
    const seeded = (seed: number) => figures(calls, viewOf({ trial: { seed } })).ci95;
    expect(seeded(1)).toEqual(seeded(1));
    expect(seeded(1)).not.toEqual(seeded(2));
  });
});

describe('quality by group', () => {
  const view = viewOf({
    family: (sample) => (sample === 's3' ? null : sample <= 's2' ? 'b' : 'a'),
  });

  it('is of the samples of a family, and of the calls that a target served', () => {
    const found = figures([own('s1'), other('s1'), other('s2'), other('s3'), own('s4')], view);
    expect(Object.keys(found.by_family as object)).toEqual(['a', 'b']);
    expect(found.by_family).toMatchObject({
      a: { drop: 0, n: 1, calls: 1, ci95: null },
      b: { baseline: 0.9, n: 2, calls: 3 },
    });
    expect(found.by_target).toMatchObject({
      [second]: { drop: 0.05, served: 0.85, n: 3, calls: 3 },
      [primary]: { drop: 0, served: 0.9, n: 2, calls: 2, ci95: [0, 0], mde: null },
    });
  });

  it('counts a cached answer and a find of the chain apart from what targets served', () => {
    const cached: CallSpec = {
      sample: 's1',
      text: 'First on s1.',
      score: 0.9,
      answer: { meta: { served: 'cache' } },
    };
    const found = figures([own('s1'), cached]);
    expect(Object.keys(found.by_target as object)).toEqual(['cache', primary]);
  });

  it('says of a group with one sample why it has no interval', () => {
    const { reasons } = figuresBy(quality, historyOf([own('s1'), other('s2')], texts), view);
    expect(reasons[`quality.by_target.${second}.mde`]).toBe('one sample has no interval');
  });
});

describe('calls where a wrong answer is worse than none', () => {
  const error = { name: 'Error', message: 'x', causes: [] };
  const later: CallSpec = {
    sample: 's1',
    attempts: [{ status: 503 }],
    answer: { text: 'Not now.', meta: { degraded: true } },
  };
  const failed: CallSpec = {
    sample: 's1',
    attempts: [{ status: 503 }],
    answer: { kind: 'error', error, score: null },
  };
  const calls = [
    own('s1'),
    other('s1', 0.95),
    other('s1', 0.8),
    other('s1', 0.2),
    later,
    failed,
    { sample: 's1', hung: 'cut' as const },
    { ...own('s1'), score: null },
    { sample: 's1', answer: { kind: 'aborted' as const } },
    other('s2', 0),
  ];
  const critical = (sample: string): boolean => sample === 's1';

  it('are counted by what became of them, those of other samples and given up ones apart', () => {
    expect(figures(calls, viewOf({ critical, floor: 0.6 })).critical).toEqual({
      calls: 8,
      as_good: 2,
      worse: 2,
      should_have_said_later: 1,
      said_later: 1,
      no_answer: 2,
      unscored: 1,
    });
  });

  it('should have been told to try later whenever worse, where nothing says what is enough', () => {
    const { worse, should_have_said_later } = figures(calls, viewOf({ critical }))
      .critical as Record<string, number>;
    expect(should_have_said_later).toBe(worse);
  });
});
