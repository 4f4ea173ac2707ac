import { z } from 'zod';
import type { Check } from './check.ts';
import { rangeBeside, within } from './range.ts';

const settings = z.strictObject({
  sentences: rangeBeside({}).describe('How many sentences it has.'),
});

export const sentences: Check<z.infer<typeof settings>> = {
  kind: 'sentences',
  describe: 'the text has from min to max sentences',
  example: '{ sentences: { max: 3 } }',
  settings,
  holds: (given, text) => within(given.sentences, sentenceCount(text)),
};

/** A point behind one of these, or behind a single letter, ends no sentence. */
const TITLE =
  /^(?:mr|mrs|ms|dr|prof|rev|hon|st|no|vs|e\.g|i\.e|cf|fig|vol|approx|gen|col|capt|lt|sgt|gov|sen|rep|\p{L}|p\.p\.s|p\.s)$/iu;
/** Behind one of these it does where a capital follows. */
const SHORT = /^(?:etc|al|jr|sr|inc|ltd|co|corp|dept|est|a\.m|p\.m|\p{L}\.\p{L})$/iu;

/** Behind these marks of Chinese and Japanese the next sentence begins without a space. */
const UNSPACED_MARKS = '\\u3002\\uff01\\uff1f\\uff61';
const MARKS = `.!?\\u2026\\u0964\\u0965\\u061f\\u06d4${UNSPACED_MARKS}`;
const UNSPACED_END = new RegExp(`[${UNSPACED_MARKS}]$`);

/**
 * What ends a sentence, and what may close behind it. A row of marks is looked at from its first
 * one only: else a long one would take for ever.
 */
const END = new RegExp(
  `(?<![${MARKS}])([${MARKS}]+)(["'\\u2019\\u201d\\u300d\\u300f\\uff09)\\]*_]*)`,
  'g',
);

/** What may open before a word. */
const OPEN = '["\'\\u2018\\u201c(\\[*_]*';
const UNSPACED_OPEN = /^[\u2018\u201c\u300c\u300e\uff08(]/;
const WORD_BEFORE = /[^\s"'\u2018\u201c([*_]*$/;
const SMALL_NEXT = new RegExp(`^\\s*${OPEN}\\p{Ll}`, 'u');
const CAPITAL_NEXT = new RegExp(`^\\s*${OPEN}[\\p{Lu}\\p{Lt}]`, 'u');
/** Around a mark so much is looked at: a word, and what stands before it. */
const NEAR = 24;

/**
 * What ends with a full stop, a question mark or an exclamation mark, in the scripts of the world.
 * Ends of lines end no sentence: a heading, a list item or a line of verse belongs to what follows.
 * Text behind the last mark is a sentence too.
 */
export function sentenceCount(text: string): number {
  let count = 0;
  let from = 0;
  for (const { 0: all, 1: mark = '', 2: closing = '', index } of text.matchAll(END)) {
    const before = text.slice(Math.max(from, index - NEAR), index);
    const end = index + all.length;
    if (!ends(before, mark, closing, text.slice(end, end + NEAR))) continue;
    count++;
    from = end;
  }
  const says = count === 0 ? SAYS : SAYS_MORE;
  return says.test(text.slice(from)) ? count + 1 : count;
}

const SAYS = /[\p{L}\p{N}\p{S}]/u;
/** An emoji behind the last mark adds no sentence. */
const SAYS_MORE = /[\p{L}\p{N}]|(?![\p{Extended_Pictographic}\p{Emoji_Component}])\p{S}/u;

/** White space or the end of the text follows, or nothing need follow. */
function stops(mark: string, closing: string, after: string): boolean {
  if (/^(?:\s|$)/.test(after)) return true;
  // A quotation that closes belongs to what follows, unless that is one too.
  return UNSPACED_END.test(mark) && (closing === '' || UNSPACED_OPEN.test(after));
}

function ends(before: string, mark: string, closing: string, after: string): boolean {
  if (!SAYS.test(before) || !stops(mark, closing, after)) return false;
  // `"Really?" he said` and `well... yes` go on. Elsewhere a small letter may begin a sentence:
  // whole answers are written in them.
  const pauses = closing !== '' || mark.length > 1 || mark === '\u2026';
  if (pauses && SMALL_NEXT.test(after)) return false;
  if (mark !== '.') return true;
  const word = WORD_BEFORE.exec(before)?.[0] ?? '';
  // `1.` at the start of a line numbers a list.
  if (/^\d{1,3}$/.test(word) && /(?:^|\n)[\s*_#>-]*$/.test(before.slice(0, -word.length))) {
    return false;
  }
  if (TITLE.test(word)) return after.trim() === '';
  return !SHORT.test(word) || after.trim() === '' || CAPITAL_NEXT.test(after);
}
