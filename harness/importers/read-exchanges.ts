// The one way in for foreign recordings: a file -> its format and its exchanges.
// Formats are recognised by what is written, not by the file's name.
import { InputError } from '../errors.ts';
import type { Exchange } from '../upstream/exchange.ts';
import { bareBodyOf } from './bare-body.ts';
import { importers } from './index.ts';
import { readText } from './read-text.ts';

/**
 * All exchanges of a recording in order, at least one.
 * Throws InputError with file (and line, where the format has lines) for anything else.
 */
export function readExchanges(file: string): { format: string; exchanges: Exchange[] } {
  const text = readText(file);
  if (text.trim() === '') throw new InputError('is empty', { file });
  const importer = Object.values(importers).find((one) => one.recognises(file, text));
  if (!importer) throw new InputError(bareBody(text) ?? unknownFormat(), { file });
  const exchanges = importer.parse(file, text);
  if (exchanges.length === 0) throw new InputError('holds no exchange', { file });
  return { format: importer.name, exchanges };
}

function bareBody(text: string): string | null {
  const wire = bareBodyOf(text);
  if (wire === null) return null;
  return `holds the body of an answer (${wire}) without its request, so nobody knows who was asked what: write it as a recording of kind "recorded" (docs/recordings.md), with its sample and target`;
}

function unknownFormat(): string {
  const known = Object.values(importers).map((one) => `  ${one.name}: ${one.describe}`);
  return `is no recording in a format that is known. Known are:\n${known.join('\n')}`;
}
