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

/** A point behind one of these ends no sentence; neither does one behind a single letter. */
const SHORT =
  /^(?:mr|mrs|ms|dr|prof|rev|hon|st|jr|sr|no|vs|etc|e\.g|i\.e|cf|al|fig|vol|approx|inc|ltd|co|dept|est|gen|col|capt|lt|sgt|gov|sen|rep|a\.m|p\.m|\p{L}|\p{L}\.\p{L}|p\.p\.s)$/iu;

/** What ends a sentence, what may close behind it, and white space or the end of the text. */
const END = /[.!?\u2026\u3002\uff01\uff1f\u0964\u0965\u061f\u06d4]+["'\u2019\u201d)\]*_]*(?=\s|$)/g;

/**
 * What ends with a full stop, a question mark or an exclamation mark, in the scripts of the world.
 * Ends of lines end no sentence: a heading, a list item or a line of verse belongs to what follows.
 * Text behind the last mark is a sentence too.
 */
export function sentenceCount(text: string): number {
  let count = 0;
  let from = 0;
  for (const match of text.matchAll(END)) {
    const end = match.index + match[0].length;
    if (!isEnd(text, from, match.index, match[0], end)) continue;
    count++;
    from = end;
  }
  return /[\p{L}\p{N}]/u.test(text.slice(from)) ? count + 1 : count;
}

function isEnd(text: string, from: number, at: number, mark: string, end: number): boolean {
  const before = text.slice(Math.max(from, at - 24), at);
  if (!/[\p{L}\p{N}\p{M}\p{P}\p{S}]/u.test(before)) return false;
  if (!mark.startsWith('.')) return true;
  const word = /[^\s"'\u2018\u201c([*_]*$/.exec(before)?.[0] ?? '';
  // `1.` at the start of a line numbers a list; `e.g.`, `Dr.` and `J.` are short for something.
  if (/^\d{1,3}$/.test(word) && /(?:^|\n)\s*[*_#]*$/.test(before.slice(0, -word.length)))
    return false;
  const next = /^\s*["'\u2018\u201c([*_]*(\p{L})/u.exec(text.slice(end, end + 24))?.[1] ?? '';
  const goesOn = next !== '' && /\p{Ll}/u.test(next);
  return !goesOn && !(mark === '.' && SHORT.test(word));
}
