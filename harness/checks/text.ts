// A text as checks look at it. A leaf. Whatever is done here takes time in proportion to the text,
// whatever the text: answers of hundreds of thousands of characters are graded too.

/**
 * A text as checks compare it: compatibility forms unified, typographic quotes and hyphens made
 * plain, runs of white space made one space, ends trimmed, lower case unless `keepCase`. Models
 * differ in these without differing in what they say. A soft hyphen shows nothing.
 */
export function folded(text: string, keepCase = false): string {
  const plain = text
    .normalize('NFKC')
    .replace(/[\u2018-\u201b]/g, "'")
    .replace(/[\u201c-\u201f]/g, '"')
    .replace(/[\u2010-\u2012]/g, '-')
    .replaceAll('\u00ad', '')
    .replace(/\s+/g, ' ')
    .trim();
  return keepCase ? plain : plain.toLowerCase();
}

/** How often a phrase occurs, without overlaps; as `whole`, only where no word runs on. */
export function occurrences(hay: string, phrase: string, whole = false): number {
  let count = 0;
  // A soft hyphen alone, folded, is nothing.
  let at = phrase === '' ? -1 : hay.indexOf(phrase);
  while (at >= 0) {
    const end = at + phrase.length;
    const counts = !whole || (bordersAt(hay, at) && bordersAt(hay, end));
    if (counts) count++;
    at = hay.indexOf(phrase, counts ? end : at + 1);
  }
  return count;
}

/** For a pattern's brackets: scripts that put no spaces between words. */
export const UNSPACED =
  '\\p{scx=Hani}\\p{scx=Hira}\\p{scx=Kana}\\p{scx=Thai}\\p{scx=Laoo}\\p{scx=Khmr}\\p{scx=Mymr}';
const WORD_BEFORE = new RegExp(`(?![${UNSPACED}])[\\p{L}\\p{N}_]$`, 'u');
const WORD_BEHIND = new RegExp(`^(?![${UNSPACED}])[\\p{L}\\p{N}_]`, 'u');

/**
 * No word runs over this place: before it or behind it is no letter, no digit. In scripts without
 * spaces a word may border on anything but its own accents.
 */
export function bordersAt(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - 2), at);
  const behind = text.slice(at, at + 2);
  if (/^\p{M}/u.test(behind)) return !/[\p{L}\p{N}_]$/u.test(before);
  return !(WORD_BEFORE.test(before) && WORD_BEHIND.test(behind));
}

const FENCE = /^\s*(`{3,}|~{3,})(.*)$/;

/** The lines outside code fences. One that never closes is none; one of markdown is no code. */
export function proseLines(text: string): string[] {
  const lines: string[] = [];
  let open: { mark: string; at: number } | null = null;
  for (const line of text.split('\n')) {
    const [, mark = '', info = ''] = FENCE.exec(line) ?? [];
    if (open === null && mark !== '') {
      open = { mark, at: /^\s*(?:md|markdown)\b/i.test(info) ? Infinity : lines.length };
    } else if (open !== null && mark.startsWith(open.mark) && info.trim() === '') {
      lines.length = Math.min(lines.length, open.at);
      open = null;
      continue;
    }
    lines.push(line);
  }
  return lines;
}

/** The parts that blank lines stand between; those that show nothing are none. */
export function paragraphsOf(text: string): string[] {
  return text.split(/\n\s*\n/).filter((part) => part.trim() !== '');
}
