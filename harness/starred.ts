// Names with stars in rules, as many models have a date at their end. A leaf.

/** Whether `gpt-4o`, or a pattern with stars for what may stand there (`*opus*`), names it. */
export function isNamed(pattern: string, model: string): boolean {
  if (!pattern.includes('*')) return pattern === model;
  const [first = '', ...parts] = pattern.split('*');
  if (!model.startsWith(first)) return false;
  const last = parts.pop() ?? '';
  let at = first.length;
  for (const part of parts) {
    const found = model.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return model.length - last.length >= at && model.endsWith(last);
}
