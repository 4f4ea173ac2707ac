// For a word that nobody knows: the known one that was probably meant. A leaf.

/** The known word that takes the fewest changes to reach; null where none is near. */
export function nearest(word: string, known: readonly string[]): string | null {
  let best: string | null = null;
  let least = Math.min(3, Math.floor(word.length / 2)) + 1;
  for (const candidate of known) {
    const changes = distance(word.toLowerCase(), candidate.toLowerCase());
    if (changes >= least) continue;
    best = candidate;
    least = changes;
  }
  return best;
}

/** `unknown fault "stal" (did you mean stall?): write one of ...` */
export function unknownWord(what: string, word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  const meant = near === null ? '' : ` (did you mean ${near}?)`;
  return `unknown ${what} ${quoted(word)}${meant}: ${oneOf(known)}`;
}

/** A word in quotes, cut where nobody would read on. */
export function quoted(word: string): string {
  return word.length <= 60 ? JSON.stringify(word) : `${JSON.stringify(word.slice(0, 60))}...`;
}

export function oneOf(known: readonly string[]): string {
  return known.length === 0 ? 'there are none' : `write one of ${known.join(', ')}`;
}

/** Levenshtein's: letters put in, taken out or exchanged. Words beyond 40 letters are far. */
function distance(from: string, to: string): number {
  if (from.length > 40 || to.length > 40) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const exchanged = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(exchanged, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
