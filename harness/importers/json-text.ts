// JSON with places: JSON.parse does not always say where it stopped, people need the line.
import { InputError, messageOf } from '../errors.ts';

/**
 * The value of a JSON text. `firstLine` is the line of the file on which the text starts.
 * Throws InputError with file, line and column.
 */
export function parseJson(file: string, text: string, firstLine = 1): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const before = text.slice(0, errorOffset(text));
    const line = firstLine + before.split('\n').length - 1;
    const column = before.length - before.lastIndexOf('\n');
    const reason = messageOf(error).split(/,? (?:"|\.\.\.|in JSON at)/, 1)[0] ?? '';
    throw new InputError(`is not valid JSON: ${reason}`, { file, line, column });
  }
}

/** Lines on which the elements of a JSON array start; the text must be a valid JSON array. */
export function elementLines(text: string, firstLine = 1): number[] {
  const lines: number[] = [];
  let line = firstLine;
  let depth = 0;
  let inElement = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '\n') line++;
    if (char === undefined || /\s/.test(char)) continue;
    if (depth === 1 && (char === ',' || char === ']')) inElement = false;
    else if (depth === 1 && !inElement) {
      inElement = true;
      lines.push(line);
    }
    if (char === '"') at = closingQuote(text, at);
    else if (char === '[' || char === '{') depth++;
    else if (char === ']' || char === '}') depth--;
  }
  return lines;
}

function closingQuote(text: string, open: number): number {
  let at = open + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}

/**
 * Where the text stops being JSON. V8 leaves the place out of some messages, so it is searched:
 * the longest prefix that could still become JSON ends there.
 */
function errorOffset(text: string): number {
  let viable = 0;
  let broken = text.length + 1;
  while (broken - viable > 1) {
    const middle = Math.floor((viable + broken) / 2);
    if (couldContinue(text.slice(0, middle))) viable = middle;
    else broken = middle;
  }
  return viable;
}

function couldContinue(prefix: string): boolean {
  try {
    JSON.parse(prefix);
    return true;
  } catch (error) {
    const message = messageOf(error);
    if (/Unexpected end|Unterminated string/.test(message)) return true;
    return message.includes(`at position ${prefix.length}`);
  }
}
