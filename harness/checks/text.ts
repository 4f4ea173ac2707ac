// A text as checks look at it. A leaf. Whatever is done here takes time in proportion to the text,
// whatever the text: answers of hundreds of thousands of characters are graded too.

/**
 * A text as checks compare it: compatibility forms unified, typographic quotes made plain, runs of
 * white space made one space, ends trimmed, lower case unless `keepCase`. Models differ in these
 * without differing in what they say.
 */
export function folded(text: string, keepCase = false): string {
  const plain = text
    .normalize('NFKC')
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/[\u201c\u201d]/g, '"')
    .replace(/\s+/g, ' ')
    .trim();
  return keepCase ? plain : plain.toLowerCase();
}

/** How often a phrase occurs, without overlaps; as `whole`, only where no word runs on. */
export function occurrences(hay: string, phrase: string, whole = false): number {
  let count = 0;
  let at = hay.indexOf(phrase);
  while (at >= 0) {
    const end = at + phrase.length;
    const counts = !whole || (bordersAt(hay, at) && bordersAt(hay, end));
    if (counts) count++;
    at = hay.indexOf(phrase, counts ? end : at + 1);
  }
  return count;
}

/** No word runs over this place: before it or behind it is no letter, no digit. */
export function bordersAt(text: string, at: number): boolean {
  return !(/[\p{L}\p{N}_]$/u.test(text.slice(Math.max(0, at - 2), at)) && startsInWord(text, at));
}

function startsInWord(text: string, at: number): boolean {
  return /^[\p{L}\p{N}\p{M}_]/u.test(text.slice(at, at + 2));
}

/** The parts that blank lines stand between; those that show nothing are none. */
export function paragraphsOf(text: string): string[] {
  return text.split(/\n\s*\n/).filter((part) => part.trim() !== '');
}
