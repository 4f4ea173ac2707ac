// Words found in a text as words: not as a piece of longer ones. A leaf.

/** Letters, digits, and what joins them to one name: `gpt-4o-mini`, `gpt-4.1`, `api.openai.com`. */
const before = '(?<![\\p{L}\\p{N}_]|[\\p{L}\\p{N}_][-.])';
const behind = '(?![\\p{L}\\p{N}_]|[-.][\\p{L}\\p{N}_])';
/** `503 ms` is no status. */
const noAmount = '(?! ?(?:ms|s|sec|seconds|min|characters|chars|tokens|bytes)\\b)';

/** Whether a name, a number or a sentence stands in a text, in capitals or not. */
export function isWordIn(text: string, word: string): boolean {
  if (word === '') return false;
  const escaped = word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  const end = /^\d+$/.test(word) ? behind + noAmount : behind;
  return new RegExp(`${before}${escaped}${end}`, 'iu').test(text);
}

/** `APIConnectionError: UND_ERR_SOCKET` as `API Connection Error: UND ERR SOCKET`. */
export function separateWords(text: string): string {
  return text
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .replace(/\b(http)(?=\d)/gi, '$1 ')
    .replaceAll('_', ' ');
}

/** Any of the alternatives where a word begins; `$` is where it ends, `#` where a status does. */
export function startOfWord(alternatives: string): RegExp {
  const ends = alternatives.replaceAll('$', '\\b').replaceAll('#', `\\b${noAmount}`);
  return new RegExp(`\\b(?:${ends})`, 'i');
}
