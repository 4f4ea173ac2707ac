import { expect, it } from 'vitest';
import { fallback } from '../../harness/scorers/fallback.ts';
import type { CallSpec } from './hand-made.ts';
import { figuresBy, historyOf, primary, second, textOf } from './hand-made.ts';

const texts = [textOf(primary, 'From the first.'), textOf(second, 'From the second.')];
const own: CallSpec = { attempts: [{}], text: 'From the first.' };
const other: CallSpec = {
  attempts: [{ status: 503 }, { target: second, from: 200 }],
  text: 'From the second.',
};
const skipping: CallSpec = { attempts: [{ target: second }], text: 'From the second.' };
const cached: CallSpec = { text: 'From the first.' };
const polite: CallSpec = { attempts: [{ status: 503 }], text: 'Not now.' };
const failed: CallSpec = {
  attempts: [{ status: 503 }],
  answer: { kind: 'error', error: { name: 'Error', message: 'x', causes: [] } },
};

it('is the share of answers of targets that another than the primary gave', () => {
  const found = figuresBy(
    fallback,
    historyOf([own, own, other, skipping, cached, polite, failed], texts),
  );
  expect(found.fallback_rate).toBe(2 / 4);
});

it('counts calls that never asked the primary as skipped', () => {
  expect(figuresBy(fallback, historyOf([own, other, skipping], texts)).skipped).toBe(1);
});

it('gives the share of every target, of the cache and of polite replies', () => {
  const found = figuresBy(
    fallback,
    historyOf([own, other, skipping, cached, polite, failed], texts),
  );
  expect(found.served_by).toEqual({
    [second]: 2 / 5,
    cache: 1 / 5,
    degraded: 1 / 5,
    [primary]: 1 / 5,
  });
});

it('has no value where no target answered', () => {
  const found = figuresBy(fallback, historyOf([failed, polite], texts));
  expect(found.fallback_rate).toBeNull();
  expect(found.reasons).toEqual({ fallback_rate: 'no answer of a target' });
  expect(figuresBy(fallback, historyOf([failed], texts)).served_by).toEqual({});
});
