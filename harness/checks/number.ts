import { z } from 'zod';
import type { Check } from './check.ts';
import { UNSPACED } from './text.ts';

interface Settings {
  wanted: number;
  within: number;
}

/** Words of these scripts, and Korean ones, may stand before digits without a space. */
const WORD = `(?![${UNSPACED}\\p{scx=Hang}])[\\p{L}\\d]`;
// A number does not start inside a word, an identifier (INV-2041), a date (2026-11-21) or a time.
const START = `(?<!${WORD}|${WORD}[-.,/]|\\d:)`;
const SIGN = '(?<sign>[-\\u2212])?';
const CURRENCY = '[$\\u20ac\\u00a3]?';
const DIGITS = '(?:\\d{1,3}(?:,\\d{3})+(?!\\d)|\\d+)';
const DECIMALS = '\\.\\d+';
// An ellipsis is no decimal point.
const AMOUNT = `(?:${DIGITS}(?:${DECIMALS})?|(?<!\\.)${DECIMALS})`;
const NUMBER = new RegExp(`${START}${SIGN}${CURRENCY}(?<amount>${AMOUNT})`, 'gu');

/** Two numbers with a hyphen between them, and no third: that would be a date. */
const RANGE = new RegExp(
  `${START}${CURRENCY}(${AMOUNT})-(?=${CURRENCY}(${AMOUNT})(?!\\d|[-.,/:]\\d))`,
  'gu',
);

/** Binary fractions: 0.1 + 0.2 is 0.3 to anyone who asks for `within: 0`. */
const SLACK = 1e-9;

/**
 * The last number in the text is this one, give or take `within` (0 unless told). English notation:
 * a comma before each group of three digits, a point before the decimals; a minus counts before the
 * digits or before the currency sign. Digits may be those of any script, Arabic ones with Arabic
 * marks. Digits inside identifiers and dates are no numbers. A range counts by its end, whichever
 * dash is in it.
 */
export const number: Check<Settings> = {
  kind: 'number',
  describe: 'the last number in the text is this one, give or take a distance',
  example: '{ number: 1042.5, within: 0.01 }',
  settings: z
    .strictObject({
      number: z.number().describe('The last number in the text.'),
      within: z.number().min(0).default(0).describe('So far it may be off.'),
    })
    .transform((raw) => ({ wanted: raw.number, within: raw.within })),
  holds({ wanted, within }, text) {
    const found = lastNumber(text);
    return found !== null && Math.abs(found - wanted) <= within + SLACK;
  },
};

/** The last number of a text by the rule above, or null if it has none. */
export function lastNumber(text: string): number | null {
  const groups = [...dashed(inDigits(text)).matchAll(NUMBER)].at(-1)?.groups;
  if (groups?.amount === undefined) return null;
  const value = amountOf(groups.amount);
  return groups.sign === undefined ? value : -value;
}

/** The digits of all scripts as 0 to 9; Arabic marks between digits as their English ones. */
function inDigits(text: string): string {
  return text
    .replace(/\p{Nd}/gu, (digit) => `${digitOf(digit)}`)
    .replace(/(?<=\d)\u066c(?=\d)/g, ',')
    .replace(/(?<=\d)\u066b(?=\d)/g, '.');
}

/** Unicode has digits in runs from a zero to a nine, some of which follow each other. */
function digitOf(digit: string): number {
  const at = digit.codePointAt(0) ?? 0;
  let zero = at;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
  return (at - zero) % 10;
}

/** `5-7 days` as `5\u20137 days`. What does not rise, like 20418-3, is no range. */
function dashed(text: string): string {
  return text.replace(RANGE, (all: string, from: string, to: string) =>
    amountOf(from) < amountOf(to) ? `${all.slice(0, -1)}\u2013` : all,
  );
}

function amountOf(amount: string): number {
  return Number(amount.replaceAll(',', ''));
}
