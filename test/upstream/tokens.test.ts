import fc from 'fast-check';
import { expect, it } from 'vitest';
import { piecesOf, tokensOf } from '../../harness/upstream/tokens.ts';

it('cuts every text into pieces that join to the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(piecesOf(text).join('')).toBe(text);
      expect(tokensOf(text)).toBe(piecesOf(text).length);
    }),
  );
});

it.each([
  ['', []],
  ['Hello, world!', ['Hello', ',', ' world', '!']],
  ['internationally', ['internat', 'ionally']],
  ['  two blanks ', ['  two', ' blanks', ' ']],
  ['Größe 42€', ['Größe', ' 42', '€']],
])('%j is %j', (text, pieces) => expect(piecesOf(text)).toEqual(pieces));

it('never makes fewer tokens of a longer text', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (text, more) => {
      expect(tokensOf(`${text} x${more}`)).toBeGreaterThanOrEqual(tokensOf(text));
    }),
  );
});
