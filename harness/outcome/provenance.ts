// Where a text came from, by the letters alone: what each attempt of a call was to send, and how
// much of it went out. Knows nothing of calls and events, so that rules about texts can be tested
// with texts.

/** What one attempt had to say; white space at both ends is trimmed. */
export interface Piece {
  /** The whole answer that it began to send. */
  text: string;
  /** What went out of it. */
  sent: string;
  /** Whether that was all. */
  whole: boolean;
}

/**
 * `by` and `after` are indices of pieces: whose text came last, and what stood before it; equal
 * where one answer stands there more than once.
 */
export type Origin =
  | { kind: 'whole'; by: number }
  | { kind: 'truncated'; by: number }
  | { kind: 'continued'; by: number; after: number }
  | { kind: 'spliced'; by: number; after: number }
  /** A whole answer within other words. */
  | { kind: 'framed'; by: number };

/** Fewer letters are found in any text by chance. */
const leastFound = 8;
/** A continuation of fewer letters may be the chain's own full stop. */
const leastContinued = 4;
const letter = /[\p{L}\p{N}]/u;

/**
 * The origin of a text that consists of nothing but pieces, or null. Of equal explanations the
 * simplest: one piece before two, the last attempt before earlier ones.
 */
export function originOf(text: string, pieces: readonly Piece[]): Origin | null {
  if (text === '') return null;
  const whole = pieces.findLastIndex((piece) => piece.whole && piece.text === text);
  if (whole >= 0) return { kind: 'whole', by: whole };
  const full = pieces.findLastIndex((piece) => isAllBut(text, piece));
  if (full >= 0) return { kind: 'whole', by: full };
  const part = pieces.findLastIndex((piece) => piece.sent.startsWith(text));
  if (part >= 0) return { kind: 'truncated', by: part };
  const resumed = resumedIn(text, pieces);
  if (resumed) return resumed;
  let found: Origin | null = null;
  for (let by = pieces.length - 1; by >= 0; by--) {
    for (let after = 0; after < pieces.length; after++) {
      const first = pieces[after];
      const second = pieces[by];
      if (after === by || !first || !second) continue;
      const kind = joined(text, first, second);
      if (kind === 'spliced') return { kind, by, after };
      if (kind) found ??= kind === 'truncated' ? { kind, by } : { kind, by, after };
    }
  }
  return found;
}

/**
 * The origin of a text that has words of the chain's own beside those of its pieces, or null:
 * two answers, the part that went out of a broken one, or a whole one.
 */
export function looseOriginOf(text: string, pieces: readonly Piece[]): Origin | null {
  const whole = pieces.findLastIndex((piece) => piece.whole && holds(text, piece.text));
  for (const [after, piece] of pieces.entries()) {
    if (piece.sent.length < leastFound) continue;
    const start = text.indexOf(piece.sent);
    if (start < 0) continue;
    const rest = text.slice(start + piece.sent.length);
    const by = pieces.findLastIndex(
      (other, index) =>
        index !== after && other.sent.length >= leastFound && rest.includes(other.sent),
    );
    if (by >= 0) return { kind: 'spliced', by, after };
  }
  if (whole >= 0) {
    const again = saidAgain(text, pieces[whole]?.text ?? '');
    return again ? { kind: 'spliced', by: whole, after: whole } : { kind: 'framed', by: whole };
  }
  const part = pieces.findLastIndex(
    (piece) => piece.sent.length >= leastFound && text.includes(piece.sent),
  );
  if (part >= 0) return { kind: 'truncated', by: part };
  const begun = pieces.findLastIndex((piece) => piece.text.startsWith(text));
  return begun >= 0 ? { kind: 'truncated', by: begun } : null;
}

function holds(text: string, answer: string): boolean {
  return answer.length >= leastFound && text.includes(answer);
}

/**
 * Whether what stands around an answer is nothing but the answer over again: all of it, or its
 * beginnings, as where everything so far is shown with every new word.
 */
function saidAgain(text: string, answer: string): boolean {
  const start = text.lastIndexOf(answer);
  const around = [text.slice(0, start), text.slice(start + answer.length)].map((one) => one.trim());
  const words = around.filter((one) => one !== '');
  return words.join('').length >= leastFound && words.every((one) => isOfBeginnings(one, answer));
}

function isOfBeginnings(text: string, answer: string): boolean {
  let rest = text;
  while (rest !== '') {
    const shared = sharedStart(rest, answer);
    if (shared === 0) return false;
    rest = rest.slice(shared).trimStart();
  }
  return true;
}

/** A whole answer of which no attempt sent all: one began it, another sent what was left. */
function resumedIn(text: string, pieces: readonly Piece[]): Origin | null {
  for (const [after, piece] of pieces.entries()) {
    if (piece.text !== text || piece.sent === '') continue;
    const rest = text.slice(piece.sent.length).trim();
    const by = pieces.findLastIndex(
      (other, index) => index > after && rest !== '' && other.sent.endsWith(rest),
    );
    if (by >= 0) return { kind: 'continued', by, after };
  }
  return null;
}

/** Whether the text is a beginning of the first piece followed by some of the second, and how. */
function joined(
  text: string,
  first: Piece,
  second: Piece,
): 'spliced' | 'continued' | 'truncated' | null {
  const head = sharedStart(text, first.sent);
  // What stands in the second whole has nothing of the first: the chain took its beginning off.
  if (head === 0 || second.sent === '' || second.sent.endsWith(text)) return null;
  if (text.endsWith(second.sent)) {
    const before = text.slice(0, -second.sent.length).trimEnd().length;
    if (before <= head && letter.test(text.slice(0, before))) return 'spliced';
  }
  for (let cut = head; cut > 0; cut--) {
    const rest = text.slice(cut).trimStart();
    if (rest !== '' && second.sent.startsWith(rest)) return 'spliced';
  }
  const least = text.slice(head).trimStart();
  if (least.length < leastContinued || !second.sent.endsWith(least)) return null;
  if (!continues(text, head, second.sent)) return 'spliced';
  return second.whole ? 'continued' : 'truncated';
}

/**
 * Whether the text goes on with the second answer where the first broke off (at `head` or a little
 * before, where both agree on letters): between words, without what the first had said already.
 */
function continues(text: string, head: number, second: string): boolean {
  for (let cut = head; cut > 0; cut--) {
    const rest = text.slice(cut).trimStart();
    if (!second.endsWith(rest)) return false;
    const skipped = second.length - rest.length;
    const said = text.slice(0, cut).trimEnd();
    const midWord = letter.test(text.charAt(cut - 1)) && letter.test(text.charAt(cut));
    const startsOver = 2 * skipped < Math.min(said.length, second.length);
    if (!midWord && !startsOver && !repeats(said, rest)) return true;
  }
  return false;
}

/** Whether the end of what was said is said again. */
function repeats(said: string, rest: string): boolean {
  for (let size = Math.min(said.length, rest.length); size >= leastFound; size--) {
    if (said.endsWith(rest.slice(0, size))) return true;
  }
  return false;
}

/**
 * The origin of a text that the chain has set otherwise (white space, signs, capitals) by its words
 * alone, or null. A part of what somebody sent whole may well be all that the chain wants of it.
 */
export function bentOriginOf(text: string, pieces: readonly Piece[]): Origin | null {
  const own = wordsOf(text);
  // What was destroyed on its way is set by nobody.
  if (own.length < leastFound || text.includes('\ufffd')) return null;
  const bent = pieces.map(({ text, sent, whole }) => {
    return { text: wordsOf(text), sent: wordsOf(sent), whole };
  });
  const origin = originOf(own, bent) ?? looseOriginOf(own, bent);
  if (origin === null) return null;
  if (origin.kind === 'truncated') return bent.some(({ whole }) => whole) ? null : origin;
  if (origin.kind !== 'spliced' && origin.kind !== 'continued') return origin;
  const first = bent[origin.after]?.sent ?? '';
  return sharedStart(own, first) >= leastFound ? origin : null;
}

/** Whether nothing but signs stands behind what the text has of a whole answer. */
function isAllBut(text: string, piece: Piece): boolean {
  return piece.whole && piece.text.startsWith(text) && !letter.test(piece.text.slice(text.length));
}

function wordsOf(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

function sharedStart(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let shared = 0;
  while (shared < most && a.charCodeAt(shared) === b.charCodeAt(shared)) shared++;
  return shared;
}
