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
    expect(found).toMatchObject({ drop: 0.05, ci95: [0.05, 0.05], mde: 0 });
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
