import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Rng } from '../harness/rng.ts';
import { mix, stream } from '../harness/rng.ts';

const draws = (rng: Rng, count: number): number[] =>
  Array.from({ length: count }, () => rng.next());
const part = fc.oneof(fc.integer(), fc.string());

it('draws the same for the same names, and differently for others', () => {
  fc.assert(
    fc.property(fc.integer(), fc.array(part), fc.array(part), (seed, names, others) => {
      expect(draws(stream(seed, ...names), 5)).toEqual(draws(stream(seed, ...names), 5));
      fc.pre(JSON.stringify(names) !== JSON.stringify(others));
      expect(draws(stream(seed, ...names), 5)).not.toEqual(draws(stream(seed, ...others), 5));
    }),
  );
});

it('minds the order of names', () => {
  expect(mix(1, 'a', 'b')).not.toBe(mix(1, 'b', 'a'));
  expect(mix(1, 'ab', 'c')).not.toBe(mix(1, 'a', 'bc'));
  expect(mix(1, 2, 3)).not.toBe(mix(1, 3, 2));
});

it.each([1, 2, 3, 4])('spreads 100,000 draws evenly over 100 bins (seed %d)', (seed) => {
  const bins = new Array(100).fill(0);
  for (const value of draws(stream(seed, 'even'), 100_000)) bins[Math.floor(value * 100)]++;
  const chi2 = bins.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
  // 99 degrees of freedom: 0.1% of fair generators fall outside this.
  expect(chi2).toBeGreaterThan(60);
  expect(chi2).toBeLessThan(149);
});

it('has first draws of neighbouring streams that know nothing of each other', () => {
  const first = Array.from({ length: 20_000 }, (_, call) => stream(7, 'gpt-4o', call, 1).next());
  const mean = first.reduce((sum, value) => sum + value, 0) / first.length;
  expect(Math.abs(mean - 0.5) * Math.sqrt(12 * first.length)).toBeLessThan(3.5);
  const lag = first
    .slice(1)
    .reduce((sum, value, i) => sum + (value - 0.5) * ((first[i] ?? 0) - 0.5), 0);
  expect(Math.abs((12 * lag) / Math.sqrt(first.length))).toBeLessThan(3.5);
});

it('draws whole numbers below their bound, and reaches each', () => {
  const rng = stream(3, 'int');
  const seen = new Set(Array.from({ length: 200 }, () => rng.int(7)));
  expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

it('draws exponential waits of their mean, and normal values of mean 0 and deviation 1', () => {
  const rng = stream(5, 'shapes');
  const count = 50_000;
  const waits = Array.from({ length: count }, () => rng.exponential(40));
  const values = Array.from({ length: count }, () => rng.normal());
  const mean = (list: number[]): number =>
    list.reduce((sum, value) => sum + value, 0) / list.length;
  expect(mean(waits)).toBeCloseTo(40, -0.5);
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(0);
  expect(mean(values)).toBeCloseTo(0, 1);
  expect(mean(values.map((value) => value * value))).toBeCloseTo(1, 1);
});
