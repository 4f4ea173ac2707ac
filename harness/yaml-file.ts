// Reads a YAML file against a zod schema. Whatever is wrong ends as one InputError that names the
// file, the line and what would be right; nothing in a YAML file can run code.
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import type { Document } from 'yaml';
import { isCollection, isMap, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { InputError, messageOf } from './errors.ts';

/** Larger files are no configuration; reading them would only hide the mistake. */
const largest = 10 * 1024 * 1024;

/** The text of a user's file. Throws InputError for folders, huge and binary files. */
export function readText(file: string, limit = largest): string {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    throw new InputError(`cannot be read: ${messageOf(error)}`, { file });
  }
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw new InputError('is not a file', { file });
    if (stat.size > limit) {
      const size = Math.ceil(stat.size / 1024 / 1024);
      const most = Math.floor(limit / 1024 / 1024);
      throw new InputError(`is ${size} MB; at most ${most} MB can be read`, { file });
    }
    const bytes = readFileSync(descriptor);
    if (bytes.includes(0)) throw new InputError('is binary, expected text', { file });
    return bytes.toString('utf8').replace(/^\uFEFF/, '');
  } finally {
    closeSync(descriptor);
  }
}

/** The value of a YAML text as the schema reads it. `file` is for messages only. */
export function parseYaml<T>(text: string, file: string, schema: z.ZodType<T>): T {
  const lines = new LineCounter();
  const place = (offset: number | undefined) =>
    offset === undefined ? { file } : { file, line: lines.linePos(offset).line };
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, merge: false });
  const broken = document.errors[0] ?? document.warnings[0];
  if (broken) throw new InputError(firstLine(broken.message), place(broken.pos[0]));
  const read = schema.safeParse(plainValue(document, file));
  if (read.success) return read.data;
  const issue = deepest(read.error.issues);
  const more = read.error.issues.length - 1;
  const path = issue.path.map(String);
  const offset = offsetOf(document.contents, unknownKey(issue, path));
  const where = path.length > 0 ? `${path.join('.')}: ` : '';
  const rest = more > 0 ? ` (and ${more} more)` : '';
  throw new InputError(`${where}${issueText(issue)}${rest}`, place(offset));
}

/** Refuses aliases that would grow without bound. */
function plainValue(document: Document.Parsed, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 1000 });
  } catch (error) {
    throw new InputError(firstLine(messageOf(error)), { file });
  }
}

export function readYaml<T>(file: string, schema: z.ZodType<T>): T {
  return parseYaml(readText(file), file, schema);
}

type Issue = z.core.$ZodIssue;

/** In a union, the issue of the branch that came furthest says most. */
function deepest(issues: readonly Issue[]): Issue {
  const first = issues[0];
  if (!first) throw new InputError('is not valid');
  if (first.code !== 'invalid_union' || first.errors.length === 0) return first;
  let best: Issue | null = null;
  for (const branch of first.errors) {
    if (branch.length === 0) continue;
    const found = deepest(branch);
    if (!best || rank(found) > rank(best)) best = found;
  }
  return best ? { ...best, path: [...first.path, ...best.path] } : first;
}

function rank(issue: Issue): number {
  return issue.path.length * 2 + (issue.code === 'custom' ? 1 : 0);
}

function issueText(issue: Issue): string {
  if (issue.code === 'unrecognized_keys') {
    return `unknown key ${issue.keys.map((key) => JSON.stringify(key)).join(', ')}`;
  }
  if (issue.code === 'invalid_value') {
    return `expected one of ${issue.values.map(String).join(', ')}`;
  }
  return issue.message.replace(/^Invalid input: /, '');
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
