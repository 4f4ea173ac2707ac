// What a YAML or JSON cassette looks like, told from its text without parsing it: importers must
// say cheaply whether a file is theirs, and two recorders both write `interactions`.

/** Whether a top-level key of the file has this name. */
export function hasTopKey(text: string, key: string): boolean {
  if (isJson(text)) return new RegExp(`"${key}"\\s*:`).test(text);
  return new RegExp(`^(["']?)${key}\\1[ \\t]*:`, 'm').test(text);
}

/** Whether the first `request` of the file has a key of this name. */
export function requestHasKey(text: string, key: string): boolean {
  if (isJson(text)) return new RegExp(`"${key}"\\s*:`).test(text);
  const head = /^[ \t]*(?:-[ \t]+)*(["']?)request\1[ \t]*:[ \t]*\r?\n/m.exec(text);
  if (!head) return false;
  const start = head.index + head[0].length;
  const indent = /^[ \t]*/.exec(text.slice(start, start + 200))?.[0] ?? '';
  // Lines of a body are indented deeper than the keys, so they cannot be taken for one.
  const wanted = new RegExp(`^${indent}(["']?)${key}\\1[ \\t]*:`);
  for (let at = start; at < text.length; ) {
    const end = text.indexOf('\n', at);
    const line = text.slice(at, end === -1 ? text.length : end);
    if (line.trim() !== '' && !line.startsWith(indent)) return false;
    if (wanted.test(line)) return true;
    at = end === -1 ? text.length : end + 1;
  }
  return false;
}

function isJson(text: string): boolean {
  return /^\s*\{/.test(text);
}
