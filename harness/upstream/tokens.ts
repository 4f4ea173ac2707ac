// Tokens where no provider counted them. An estimate, and named as one in every report:
// a word costs one token per eight letters begun, a mark one, a blank belongs to what follows.

/** The name that reports give this estimate. */
export const tokenizerName = 'firedrill-words-8';

const piece = /\s*(?:[\p{L}\p{N}_]{1,8}|[^\s\p{L}\p{N}_]|\s+$)/gu;

/** The text in pieces of one token each; joined they are the text. */
export function piecesOf(text: string): string[] {
  return text.match(piece) ?? [];
}

export function tokensOf(text: string): number {
  return piecesOf(text).length;
}
