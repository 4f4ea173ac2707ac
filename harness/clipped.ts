// A quoted text that is longer than the space for it says so. A leaf.

/** At most so many characters, the last of them `…` where it goes on. */
export function clipped(text: string, most: number): string {
  const characters = [...text];
  if (characters.length <= most) return text;
  const kept = characters.slice(0, most - 1).join('');
  return `${kept.trimEnd()}…`;
}
