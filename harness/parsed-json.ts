/** The value that a text is in JSON, or undefined where it is no JSON. A leaf. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
