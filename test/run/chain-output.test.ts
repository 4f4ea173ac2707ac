import { expect, test } from 'vitest';
import { ChainOutput, hiddenText } from '../../harness/run/chain-output.ts';

function shownOf(chunks: string[], all = false): { shown: string; hidden: string | null } {
  let shown = '';
  const output = new ChainOutput((text) => {
    shown += text;
  }, all);
  for (const chunk of chunks) output.take(chunk);
  return { shown, hidden: hiddenText(output) };
}

const lines = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}\n`).join('');

test('a few lines of a chain are passed on as they are', () => {
  expect(shownOf([lines(1, 2), 'and half'])).toEqual({
    shown: `${lines(1, 2)}and half`,
    hidden: null,
  });
});

test('of many lines the first are passed on, and the rest is counted', () => {
  const { shown, hidden } = shownOf([lines(1, 15), lines(16, 30), lines(31, 700)]);
  expect(shown).toBe(lines(1, 20));
  expect(hidden).toBe('the chain printed 680 more lines; --verbose shows all');
});

test('all are passed on to who asks for all', () => {
  expect(shownOf([lines(1, 700)], true)).toEqual({ shown: lines(1, 700), hidden: null });
});
