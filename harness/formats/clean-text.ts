// Text from models, errors and names that users chose, made safe to show: no escape sequences, no
// control or invisible formatting characters (they move cursors, reverse words, hide letters).
import { stripVTControlCharacters } from 'node:util';

/** Keeps line breaks; tabs become spaces. */
export function cleanText(text: string): string {
  return stripVTControlCharacters(text.toWellFormed())
    .replace(/\r\n?|[\u2028\u2029\u0085]/g, '\n')
    .replaceAll('\t', ' ')
    .replace(/(?!\n)[\p{Cc}\p{Cf}]/gu, '');
}

/** On one line, without white space at the ends. */
export function oneLine(text: string): string {
  return cleanText(text).replace(/\s+/g, ' ').trim();
}

/** The first `most` characters on one line, with an ellipsis where there are more. */
export function shortLine(text: string, most: number): string {
  const characters = [...oneLine(text)];
  return characters.length <= most
    ? characters.join('')
    : `${characters.slice(0, most).join('')}...`;
}
