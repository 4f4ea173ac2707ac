const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';

/**
 * The `obfuscation` of a streamed piece, which hides the piece's length from whoever sees only
 * the sizes of encrypted packets: text and filler together fill 16 characters.
 */
export function fillerFor(piece: string, index: number): string {
  const length = 16 - (piece.length % 16);
  const from = (index * 7) % 20;
  return letters.slice(from, from + length);
}

/** Whether a request wants filler (the default) in its stream. */
export function wantsFiller(options: Record<string, unknown> | null): boolean {
  return options?.include_obfuscation !== false;
}
