// URLs by their text. A chain asks the same few thousands of times, and parsing one costs more than
// most of what is done with it.

const keptMost = 256;
const kept = new Map<string, URL>();

/** Null where the text is no URL. Shared: not to be changed. */
export function parsedUrl(text: string): Readonly<URL> | null {
  const known = kept.get(text);
  if (known) return known;
  const url = URL.parse(text);
  if (!url) return null;
  if (kept.size === keptMost) kept.clear();
  kept.set(text, url);
  return url;
}
