import { expect, it } from 'vitest';
import { cache } from '../../harness/scorers/cache.ts';
import type { CallSpec } from './hand-made.ts';
import { figuresBy, historyOf, primary, textOf, viewOf } from './hand-made.ts';

const texts = [textOf(primary, 'From the first.')];
const own: CallSpec = { attempts: [{}], text: 'From the first.' };
const hit = (score: number | null): CallSpec => ({
  text: 'From the first.',
  score,
});

it('counts answers from a cache, and those that are good enough for what was asked', () => {
  const history = historyOf([own, hit(1), hit(0.6), hit(0.2)], texts);
  const found = figuresBy(cache, history, viewOf({ floor: 0.6 }));
  expect(found.cache).toEqual({ hits: 3, right: 2, unscored: 0, precision: 2 / 3 });
});

it('says nothing of what nobody can score', () => {
  const found = figuresBy(cache, historyOf([own, hit(null)], texts));
  expect(found.cache).toEqual({ hits: 1, right: 0, unscored: 1, precision: null });
  expect(found.reasons).toEqual({
    'cache.precision': 'no answer from a cache has a score',
  });
});

it('has no precision without a hit', () => {
  const found = figuresBy(cache, historyOf([own], texts));
  expect(found.reasons).toEqual({ 'cache.precision': 'no answer from a cache' });
});
