import { describe, expect, it } from 'vitest';
import { outcomes } from '../../harness/scorers/outcomes.ts';
import { wilson } from '../../harness/scoring/wilson.ts';
import type { CallSpec } from './hand-made.ts';
import { figuresBy, historyOf, primary, second, textOf, viewOf } from './hand-made.ts';

const whole = 'A whole and good answer.';
const texts = [
  textOf(primary, whole),
  textOf(second, 'Another good answer.'),
  textOf(primary, 'Ungraded.', { sample: 's2', score: null }),
];
const good: CallSpec = { attempts: [{}], text: whole };
const failed: CallSpec = {
  attempts: [{ status: 503 }],
  answer: { kind: 'error', score: null, error: { name: 'Error', message: 'x', causes: [] } },
};
const aborted: CallSpec = { attempts: [{}], answer: { kind: 'aborted', score: null } };
const polite: CallSpec = { attempts: [{ status: 503 }], text: 'Not now, sorry.', score: null };

function figures(calls: CallSpec[], view = viewOf()): Record<string, unknown> {
  return figuresBy(outcomes, historyOf(calls, texts), view);
}

describe('availability', () => {
  it('is usable calls over calls, and aborted calls are in neither', () => {
    const found = figures([good, good, good, failed, aborted, polite]);
    expect(found).toMatchObject({
      calls: 6,
      aborted: 1,
      outcomes: { complete: 3, error: 1, aborted: 1, degraded: 1, truncated: 0 },
      availability: 3 / 5,
      availability_ci95: wilson(3, 5),
      degraded_rate: 1 / 5,
    });
  });

  it('counts complete, continued and cached answers, and nothing else', () => {
    const cached: CallSpec = { text: whole };
    const cut: CallSpec = { attempts: [{ how: 'reset', chars: 9 }], text: whole.slice(0, 9) };
    const resumed: CallSpec = {
      attempts: [
        { how: 'reset', chars: 9 },
        { target: second, text: 'rest', from: 200 },
      ],
      text: whole,
    };
    const rest = [...texts, { ...textOf('x/y', whole.slice(9)), id: 'rest' }];
    const events = historyOf([good, cached, cut, resumed], rest);
    expect(figuresBy(outcomes, events)).toMatchObject({
      outcomes: { complete: 1, cached: 1, truncated: 1, continued: 1 },
      availability: 3 / 4,
    });
  });

  it('has no value without calls', () => {
    expect(figures([aborted])).toMatchObject({
      availability: null,
      reasons: { availability: 'no calls but aborted ones' },
    });
  });
});

describe('goodput', () => {
  it('asks for the deadline from the scheduled arrival', () => {
    const onTime = { ...good, after: 3_000 };
    const late = { ...good, after: 3_001 };
    const lateRunner = { ...good, due: 0, t: 2_000, attempts: [{ from: 2_000 }], after: 3_001 };
    const view = viewOf({ deadlineMs: 3_000 });
    expect(figures([onTime, late, lateRunner], view)).toMatchObject({
      goodput: 1 / 3,
      availability: 1,
    });
    expect(figures([onTime, late]).goodput).toBe(1);
  });

  it('asks for a score at or above the floor', () => {
    const view = viewOf({ floor: 0.6 });
    const poor = { ...good, score: 0.59 };
    expect(figures([{ ...good, score: 0.6 }, poor], view).goodput).toBe(1 / 2);
  });

  it('counts a failed call against the chain where the sample can be scored', () => {
    expect(figures([good, failed, polite])).toMatchObject({ goodput: 1 / 3, unscored: 0 });
  });

  it('leaves samples that nobody can score out, answered or not, and counts them', () => {
    const answered: CallSpec = {
      sample: 's2',
      attempts: [{}],
      text: 'Ungraded.',
      score: null,
    };
    const found = figures([good, answered, { ...failed, sample: 's2' }, failed]);
    expect(found).toMatchObject({ goodput: 1 / 2, unscored: 2, availability: 2 / 4 });
    expect(figures([answered])).toMatchObject({
      goodput: null,
      goodput_ci95: null,
      reasons: { goodput: 'no call whose answer can be scored' },
    });
  });
});
