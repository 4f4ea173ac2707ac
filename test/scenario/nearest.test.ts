import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nearest, unknownWord } from '../../harness/scenario/nearest.ts';

const faults = ['rate-limit', 'stall', 'slow', 'truncate'];

it.each([
  ['rate-limt', 'rate-limit'],
  ['Stall', 'stall'],
  ['trunkate', 'truncate'],
  ['slwo', 'slow'],
  ['banana', null],
  ['', null],
  ['x', null],
])('%j is near %j', (word, meant) => expect(nearest(word, faults)).toBe(meant));

it('finds a word behind one mistake of any kind', () => {
  const slip = fc.record({
    word: fc.constantFrom(...faults),
    at: fc.nat(3),
    letter: fc.constantFrom('', 'q', 'qq'),
  });
  fc.assert(
    fc.property(slip, ({ word, at, letter }) => {
      expect(nearest(`${word.slice(0, at)}${letter}${word.slice(at + 1)}`, [word])).toBe(word);
    }),
  );
});

it('names all there are, and says so where there are none', () => {
  expect(unknownWord('fault', 'slo', faults)).toBe(
    'unknown fault "slo" (did you mean slow?): write one of rate-limit, stall, slow, truncate',
  );
  expect(unknownWord('key', 'a', [])).toBe('unknown key "a": there are none');
});
