// What a user has asked, in a request of any wire: by it the requests of one question are told from
// those of another, whoever is asked. A leaf.

/** The words of the last turn of the user; null where there are none. */
export function userWords(body: string): string | null {
  let read: unknown;
  try {
    read = JSON.parse(body);
  } catch {
    return null;
  }
  const { messages, contents, input, prompt } = Object(read);
  const turns = messages ?? contents ?? input ?? prompt;
  if (typeof turns === 'string') return turns;
  if (!Array.isArray(turns)) return null;
  const last = turns.findLast((turn) => (Object(turn).role ?? 'user') === 'user');
  const words = stringsIn(last).join('\n').trim();
  return words === '' ? null : words;
}

/** Of a turn, a part, or a list of parts. */
function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(stringsIn);
  const { content, parts, text } = Object(value);
  return [content, parts, text].flatMap((one) => (one === undefined ? [] : stringsIn(one)));
}
