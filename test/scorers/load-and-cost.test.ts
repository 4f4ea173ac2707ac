import { describe, expect, it } from 'vitest';
import { attempts } from '../../harness/scorers/attempts.ts';
import { cost } from '../../harness/scorers/cost.ts';
import { timeline } from '../../harness/scorers/timeline.ts';
import { tokenizerName } from '../../harness/upstream/tokens.ts';
import type { AttemptSpec, CallSpec } from './hand-made.ts';
import { figuresBy, historyOf, primary, second, textOf, viewOf } from './hand-made.ts';

const texts = [textOf(primary, 'From the first.'), textOf(second, 'From the second.')];
const down: AttemptSpec = { status: 503 };
const fallen: CallSpec = {
  attempts: [down, { target: second, from: 200 }],
  text: 'From the second.',
};
const own: CallSpec = { attempts: [{}], text: 'From the first.' };
const aborted: CallSpec = { attempts: [{}, { from: 300 }], answer: { kind: 'aborted' } };

describe('attempts per call', () => {
  it('is the mean and the most over calls, cached ones included, aborted ones not', () => {
    const found = figuresBy(attempts, historyOf([own, fallen, aborted, { text: 'x' }], texts));
    expect(found.attempts_per_call).toEqual({ mean: 3 / 3, max: 2 });
  });

  it('counts attempts that begin after their call is over in the mean', () => {
    const late: CallSpec = { attempts: [down, { from: 4_000 }], text: 'Sorry.', after: 500 };
    const found = figuresBy(attempts, historyOf([late], texts));
    expect(found.attempts_per_call).toEqual({ mean: 2, max: 1 });
  });

  it('shows attempts that cannot be attributed', () => {
    const stray: CallSpec = { attempts: [{ stray: true }], text: 'From the first.' };
    expect(figuresBy(attempts, historyOf([stray, own], texts))).toMatchObject({
      unattributed: 1,
      attempts_per_call: { mean: 1 / 2, max: 1 },
    });
  });
});

describe('peak attempts', () => {
  it('is the most in one second from the start of the trial, by provider', () => {
    const at = (due: number, target = primary): CallSpec => ({ due, attempts: [{ target }] });
    const calls = [at(900), at(999), at(1_000), at(1_999), at(1_500), at(1_700, second), at(5_000)];
    expect(figuresBy(attempts, historyOf(calls, texts)).peak_attempts_per_s).toEqual({
      anthropic: 1,
      openai: 3,
    });
  });

  it('of several trials is that of the worst', () => {
    const tally = (most: number) => ({
      calls: 1,
      attempts: most,
      max: most,
      unattributed: 0,
      peak: { openai: most },
    });
    expect(attempts.merge(tally(3), tally(8)).peak).toEqual({ openai: 8 });
  });
});

describe('cost', () => {
  const price = (target: string) =>
    target === primary ? { input: 2.5, output: 10 } : { input: 3, output: 15 };
  const view = viewOf({ price });

  it('is all billed tokens at the price of their own target', () => {
    const calls: CallSpec[] = [
      { attempts: [{ input: 1_000, output: 200 }], text: 'From the first.' },
      {
        attempts: [down, { target: second, from: 200, input: 900, output: 100 }],
        text: 'From the second.',
      },
    ];
    const found = figuresBy(cost, historyOf(calls, texts), view);
    expect(found).toMatchObject({
      tokens: { input: 1_900, output: 300, total: 2_200 },
      wasted_tokens: 0,
      estimated: false,
    });
    expect(found.cost_usd).toBeCloseTo((1_000 * 2.5 + 200 * 10 + 900 * 3 + 100 * 15) / 1e6, 12);
  });

  it('was wasted for attempts whose answer nobody got', () => {
    const broken = { how: 'reset' as const, chars: 4, input: 100, output: 3 };
    const calls: CallSpec[] = [
      {
        attempts: [broken, { target: second, from: 200, input: 50, output: 7 }],
        text: 'From the second.',
      },
      { attempts: [{ input: 11, output: 2 }], answer: { kind: 'aborted' } },
      { attempts: [{ input: 5, output: 1 }], answer: { kind: 'error' } },
    ];
    const found = figuresBy(cost, historyOf(calls, texts), view);
    expect(found).toMatchObject({ tokens: { total: 179 }, wasted_tokens: 103 + 13 + 6 });
  });

  it('was not wasted for the parts of a text made of two answers', () => {
    const broken = { how: 'reset' as const, chars: 4, input: 100, output: 3 };
    const glued: CallSpec = {
      attempts: [broken, { target: second, from: 200, input: 50, output: 7 }],
      text: 'FromFrom the second.',
    };
    expect(figuresBy(cost, historyOf([glued], texts), view).wasted_tokens).toBe(0);
  });

  it('includes attempts after the end of their call, and those of no call', () => {
    const late = { from: 4_000, input: 20, output: 1 };
    const stray = { from: 10, stray: true, input: 8, output: 2 };
    const calls: CallSpec[] = [{ attempts: [down, stray, late], text: 'Sorry.', after: 500 }];
    expect(figuresBy(cost, historyOf(calls, texts), view)).toMatchObject({
      tokens: { total: 31 },
      wasted_tokens: 21,
    });
  });

  it('says where tokens are estimated, and by what', () => {
    const calls: CallSpec[] = [{ attempts: [{ estimated: true }], text: 'From the first.' }];
    const found = figuresBy(cost, historyOf(calls, texts), view);
    expect(found).toMatchObject({ estimated: true, tokenizer: tokenizerName });
  });

  it('has no value where a price is not known, and names the target', () => {
    const found = figuresBy(cost, historyOf([own], texts));
    expect(found.cost_usd).toBeNull();
    expect(found.reasons).toEqual({ cost_usd: `no price for ${primary}` });
  });
});

describe('timeline', () => {
  it('has every minute: calls by arrival, attempts by their start', () => {
    const calls: CallSpec[] = [
      { ...own, due: 0 },
      { ...fallen, due: 59_950 },
      { ...aborted, due: 59_999 },
      { ...own, due: 180_000 },
    ];
    expect(figuresBy(timeline, historyOf(calls, texts)).timeline).toEqual([
      { minute: 0, calls: 3, aborted: 1, usable: 2, fallbacks: 1, attempts: { openai: 3 } },
      {
        minute: 1,
        calls: 0,
        aborted: 0,
        usable: 0,
        fallbacks: 0,
        attempts: { anthropic: 1, openai: 1 },
      },
      { minute: 2, calls: 0, aborted: 0, usable: 0, fallbacks: 0, attempts: {} },
      { minute: 3, calls: 1, aborted: 0, usable: 1, fallbacks: 0, attempts: { openai: 1 } },
    ]);
  });
});
