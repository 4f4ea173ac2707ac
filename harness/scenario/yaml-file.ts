// Reads a YAML file against a zod schema. Whatever is wrong ends as one InputError that names the
// file, the line and what would be right; nothing in a YAML file can run code.
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import type { Document, YAMLError } from 'yaml';
import { isCollection, isMap, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import type { Place } from '../errors.ts';
import { InputError, messageOf } from '../errors.ts';
import type { Issue } from './issue.ts';
import { mainIssue, telling } from './issue.ts';

/** Larger files are no configuration; reading them would only hide the mistake. */
const largest = 10 * 1024 * 1024;

/**
 * The text of a user's file; `shown` is its name in messages. Throws InputError for what is not
 * there, for folders, huge and binary files.
 */
export function readText(file: string, shown = file, limit = largest): string {
  const place = { file: shown };
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    throw new InputError(whyUnread(error), place);
  }
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw new InputError('is not a file', place);
    if (stat.size > limit) {
      const size = Math.ceil(stat.size / 1024 / 1024);
      const most = Math.floor(limit / 1024 / 1024);
      throw new InputError(`is ${size} MB; at most ${most} MB can be read`, place);
    }
    const bytes = readFileSync(descriptor);
    if (bytes.includes(0)) throw new InputError('is binary, expected text', place);
    return bytes.toString('utf8').replace(/^\uFEFF/, '');
  } finally {
    closeSync(descriptor);
  }
}

function whyUnread(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'there is no such file';
  if (code === 'EACCES' || code === 'EPERM') return 'cannot be read: permission denied';
  return `cannot be read: ${messageOf(error)}`;
}

/** The value of a YAML text as the schema reads it. `file` is for messages only. */
export function parseYaml<T>(text: string, file: string, schema: z.ZodType<T>): T {
  const { document, lines } = parsed(text);
  const place = (offset: number | undefined): Place =>
    offset === undefined ? { file } : { file, line: lines.linePos(offset).line };
  const broken = document.errors[0] ?? document.warnings[0];
  if (broken) throw new InputError(brokenText(broken, text), place(broken.pos[0]));
  const read = schema.safeParse(plainValue(document, file), telling);
  if (read.success) return read.data;
  const issue = mainIssue(read.error.issues);
  if (!issue) throw new InputError('is not valid', { file });
  const more = read.error.issues.length - 1;
  const path = issue.path.map(String);
  const offset = offsetOf(document.contents, unknownKey(issue, path));
  const where = path.length > 0 ? `${path.join('.')}: ` : '';
  const rest = more > 0 ? ` (and ${more} more)` : '';
  throw new InputError(`${where}${issue.message}${rest}`, place(offset));
}

export function readYaml<T>(file: string, schema: z.ZodType<T>): T {
  return parseYaml(readText(file), file, schema);
}

/** Where a path of keys stands in a text that has been read already: for mistakes found later. */
export function placeIn(text: string, file: string, path: readonly (string | number)[]): Place {
  const { document, lines } = parsed(text);
  const offset = offsetOf(document.contents, path.map(String));
  return offset === undefined ? { file } : { file, line: lines.linePos(offset).line };
}

function parsed(text: string): { document: Document.Parsed; lines: LineCounter } {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: true,
    merge: false,
    resolveKnownTags: false,
    logLevel: 'error',
  });
  return { document, lines };
}

/** Refuses aliases that would grow without bound. */
function plainValue(document: Document.Parsed, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 1000 });
  } catch (error) {
    throw new InputError(firstLine(messageOf(error)), { file });
  }
}

function brokenText(error: YAMLError, text: string): string {
  switch (error.code) {
    case 'DUPLICATE_KEY':
      return `the key ${keyAt(text, error.pos[0])} is there twice: keep one`;
    case 'TAB_AS_INDENT':
      return 'a tab cannot indent: write spaces';
    case 'MULTIPLE_DOCS':
      return 'a second document begins here: a file holds one';
    case 'TAG_RESOLVE_FAILED':
      return 'a tag is not read: write a plain value';
    default:
      return /call stack/.test(error.message) ? 'is nested too deeply' : firstLine(error.message);
  }
}

function keyAt(text: string, offset: number): string {
  const key = /^[^\n:,}]{1,60}/.exec(text.slice(offset));
  return JSON.stringify(key?.[0].trim() ?? '');
}

/** The path to point at: an unknown key's own line instead of its map's first. */
function unknownKey(issue: Issue, path: string[]): string[] {
  return issue.code === 'unrecognized_keys' ? [...path, issue.keys[0] ?? ''] : path;
}

function offsetOf(root: unknown, path: string[]): number | undefined {
  let node: unknown = root;
  let offset = rangeStart(root);
  for (const step of path) {
    if (!isCollection(node)) break;
    if (isMap(node)) {
      const pair = node.items.find((item) => String(item.key) === step);
      if (!pair) break;
      offset = rangeStart(pair.key) ?? offset;
      node = pair.value;
    } else {
      node = node.items[Number(step)];
      offset = rangeStart(node) ?? offset;
    }
  }
  return offset;
}

function rangeStart(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node)) return undefined;
  const range = node.range;
  return Array.isArray(range) && typeof range[0] === 'number' ? range[0] : undefined;
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? text).replace(/ at line \d+, column \d+:?$/, '');
}
