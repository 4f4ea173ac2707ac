import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isNamed } from '../harness/starred.ts';

it.each([
  ['gpt-4o', 'gpt-4o', true],
  ['gpt-4o', 'gpt-4o-mini', false],
  ['*opus*', 'claude-opus-4-6', true],
  ['*opus*', 'claude-sonnet-4-6', false],
  ['claude-*-4-6', 'claude-opus-4-6', true],
  ['claude-*-4-6', 'claude-4-6', false],
  ['*', '', true],
  ['a*a', 'a', false],
])('%j names %j: %j', (pattern, model, named) => {
  expect(isNamed(pattern, model)).toBe(named);
});

it('names what lies between its ends, whatever that is', () => {
  const part = fc.string().map((text) => text.replaceAll('*', ''));
  fc.assert(
    fc.property(part, part, part, (start, middle, end) => {
      expect(isNamed(`${start}*${end}`, start + middle + end)).toBe(true);
      expect(isNamed(`*${middle}*`, start + middle + end)).toBe(true);
    }),
  );
});
