// When something was recorded, from whatever a recorder or a Date header wrote.

/** ISO 8601 in UTC of the first text that is a date; undefined where none is. */
export function isoTime(...texts: (string | null | undefined)[]): string | undefined {
  for (const text of texts) {
    const ms = Date.parse(text ?? '');
    if (!Number.isNaN(ms)) return new Date(ms).toISOString();
  }
  return undefined;
}

/** The value of the `Date` header, where there is one. */
export function dateHeader(
  headers: readonly (readonly [name: string, value: string])[],
): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === 'date')?.[1];
}
