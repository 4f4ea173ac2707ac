import { describe, expect, it } from 'vitest';
import type { Expectation } from '../../harness/scenario/expectation.ts';
import { conduct } from '../../harness/scorers/conduct.ts';
import type { AttemptSpec, CallSpec } from './hand-made.ts';
import { figuresBy, historyOf, primary, second, textOf, viewOf } from './hand-made.ts';

const texts = [textOf(primary, 'The whole answer.'), textOf(second, 'Another answer.')];
const plain: Expectation = { caller: 'answer', retry: false };
const failed: AttemptSpec = { status: 503, effect: { kind: 'reject' } };
const rescue: AttemptSpec = { target: second, from: 200, to: 900 };

function graded(call: CallSpec, expect: Partial<Expectation> = {}) {
  const view = viewOf();
  const { trial } = view;
  const setting = { ...trial.setting, expect: { ...plain, ...expect } };
  const events = historyOf([call], texts);
  return figuresBy(conduct, events, viewOf({ trial: { ...trial, setting } })).conduct;
}

const error = (name = 'Error') => ({
  kind: 'error' as const,
  error: { name, message: 'no target answered', causes: [] },
});

it('grades nothing where the scenario expects nothing', () => {
  const figures = figuresBy(conduct, historyOf([{ attempts: [{}], text: 'The whole answer.' }]));
  expect(figures).toMatchObject({ conduct: null, reasons: { conduct: expect.any(String) } });
});

describe('a pass', () => {
  it('is a complete answer after a failed attempt', () => {
    const call = { attempts: [failed, rescue], text: 'Another answer.' };
    expect(graded(call)).toMatchObject({ grade: 'pass', pass: 1, why: null, first: null });
  });

  it('is a clean error where that is wanted', () => {
    const call = { attempts: [failed], answer: error() };
    expect(graded(call, { caller: 'clean-error' })).toMatchObject({ grade: 'pass' });
  });
});

describe('a call that no fault has touched', () => {
  it('is a pass where a limit only told what is left', () => {
    const told = {
      attempts: [{ effect: { kind: 'limits', limits: {} } }],
      text: 'The whole answer.',
    };
    expect(graded(told, { caller: 'clean-error' })).toMatchObject({ grade: 'pass' });
  });

  it('was not routed around where its first attempt was answered', () => {
    const call = { attempts: [{ effect: { kind: 'rechunk' } }], text: 'The whole answer.' };
    expect(graded(call, { caller: 'clean-error' })).toMatchObject({ grade: 'pass' });
  });
});

describe('partial', () => {
  it.each<[string, CallSpec, Partial<Expectation>, RegExp]>([
    [
      'a silent route that is asked again',
      {
        attempts: [
          { how: 'aborted', chars: 0, marker: false, effect: { kind: 'stall' } },
          { from: 200, to: 900 },
        ],
        text: 'The whole answer.',
      },
      {},
      /silent.*asked again/,
    ],
    [
      'no second attempt where one would have been answered',
      { attempts: [failed, rescue], text: 'Another answer.' },
      { retry: true },
      /not asked again/,
    ],
    [
      'a first token that nobody limits',
      { attempts: [{ first: 20_000, to: 21_000, effect: {} }], text: 'The whole answer.' },
      {},
      /20 s to its first token/,
    ],
    [
      'a rejection that is routed around',
      { attempts: [failed, rescue], text: 'Another answer.' },
      { caller: 'clean-error' },
      /routed around/,
    ],
  ])('is %s', (_, call, expects, why) => {
    const given = graded(call, expects);
    expect(given).toMatchObject({ grade: 'partial', first: { call: 1, trial: 1 } });
    expect(given).toMatchObject({ why: expect.stringMatching(why) });
  });
});

describe('safe', () => {
  it('is an error in time', () => {
    const call = { attempts: [failed], answer: error(), after: 2_000 };
    expect(graded(call)).toMatchObject({ grade: 'safe' });
  });
});

describe('a fail', () => {
  it.each<[string, CallSpec, Partial<Expectation>, RegExp]>([
    ['a hang', { attempts: [failed], hung: 'proven' }, {}, /never ended/],
    [
      'a cut answer that is shown as whole',
      { attempts: [{ chars: 9, marker: false, how: 'short', effect: {} }], text: 'The whole' },
      {},
      /truncated/,
    ],
    [
      'an error after the deadline',
      { attempts: [failed], answer: error(), after: 40_000 },
      {},
      /40/,
    ],
    [
      'more attempts than are allowed',
      { attempts: [failed, { ...failed, from: 150 }, rescue], text: 'Another answer.' },
      { attempts: 2 },
      /3 attempts where 2/,
    ],
    [
      'more attempts on the primary than can help',
      { attempts: [failed, { ...failed, from: 150 }, rescue], text: 'Another answer.' },
      { primary: 1 },
      /2 attempts on the primary/,
    ],
    ['an error that no fault explains', { attempts: [], answer: error() }, {}, /No life after/],
  ])('is %s', (_, call, expects, why) => {
    const given = graded(call, expects);
    expect(given).toMatchObject({ grade: 'fail', why: expect.stringMatching(why) });
  });
});

it('takes the worst of all calls, and counts every one', () => {
  const view = viewOf();
  const setting = { ...view.trial.setting, expect: plain };
  const calls: CallSpec[] = [
    { attempts: [failed, rescue], text: 'Another answer.' },
    { attempts: [failed], answer: error() },
    { attempts: [{}], text: 'The whole answer.' },
  ];
  const figures = figuresBy(
    conduct,
    historyOf(calls, texts),
    viewOf({ trial: { ...view.trial, setting } }),
  );
  expect(figures.conduct).toMatchObject({ grade: 'safe', pass: 2, safe: 1, first: { call: 2 } });
});
