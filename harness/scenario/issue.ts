// What zod finds wrong, in words for the person who wrote the file: what was found, and what may
// stand there. One error map for every schema of the harness, given to each parse.
import type { z } from 'zod';
import { nearest, oneOf, quoted, unknownWord } from './nearest.ts';

export type Issue = z.core.$ZodIssue;
type RawIssue = z.core.$ZodRawIssue;

/** What every safeParse of a user's file is given. */
export const telling = tellingWith([]);

/** `more`: keys that are read elsewhere, and valid beside those of the schema. */
export function tellingWith(more: readonly string[]): z.core.ParseContext<Issue> {
  return { reportInput: true, error: (issue) => told(issue, more) };
}

/** For `z.string({ error })`: whatever is wrong, this was expected. */
export function expecting(what: string): (issue: { input?: unknown }) => string {
  return ({ input }) => expectedText(what, input);
}

export function expectedText(what: string, input: unknown): string {
  if (input === undefined) return `is missing: write ${what}`;
  return `expected ${what}, found ${foundText(input)}`;
}

/** The one issue that says most, with its whole path. */
export function mainIssue(issues: readonly Issue[]): Issue | null {
  const issue = issues.find((one) => !isMissing(one)) ?? issues[0];
  if (issue?.code !== 'invalid_union' || hasOwnWords(issue)) return issue ?? null;
  let best: readonly Issue[] = [];
  for (const branch of issue.errors) {
    if (branch.length > 0 && (best.length === 0 || isNearer(branch, best))) best = branch;
  }
  const inner = mainIssue(best);
  return inner && { ...inner, path: [...issue.path, ...inner.path] };
}

/** A branch of a union was meant if little is missing from it and little is strange to it. */
function isNearer(branch: readonly Issue[], best: readonly Issue[]): boolean {
  const difference = strangeness(branch) - strangeness(best);
  return difference === 0 ? depth(branch) > depth(best) : difference < 0;
}

function strangeness(branch: readonly Issue[]): number {
  const of = (issue: Issue): number => {
    if (issue.code === 'invalid_type' && issue.path.length === 0) return 3;
    if (issue.code === 'unrecognized_keys') return 2 * issue.keys.length;
    return isMissing(issue) ? 2 : 1;
  };
  return branch.reduce((sum, issue) => sum + of(issue), 0);
}

function depth(branch: readonly Issue[]): number {
  return Math.max(
    ...branch.map((issue) => issue.path.length * 2 + Number(issue.code === 'custom')),
  );
}

function isMissing(issue: Issue): boolean {
  return 'input' in issue
    ? issue.input === undefined && issue.code !== 'custom'
    : issue.code === 'invalid_type' && issue.message.startsWith('is missing');
}

function hasOwnWords(issue: Issue): boolean {
  return issue.message !== 'Invalid input';
}

function told(issue: RawIssue, more: readonly string[]): string | undefined {
  switch (issue.code) {
    case 'unrecognized_keys':
      return unknownKeys(issue.keys, [...more, ...keysOf(issue.inst)]);
    case 'invalid_type':
      return expectedText(typeWords[issue.expected] ?? issue.expected, issue.input);
    case 'invalid_value':
      return unknownValue(issue.values.map(String), issue.input);
    case 'too_small': {
      const than = issue.inclusive === false ? 'more than' : 'at least';
      return expectedText(boundWords(issue.origin, than, issue.minimum), issue.input);
    }
    case 'too_big': {
      const than = issue.inclusive === false ? 'less than' : 'at most';
      return expectedText(boundWords(issue.origin, than, issue.maximum), issue.input);
    }
    case 'invalid_union':
      return unknownKind(issue);
    case 'invalid_key':
      return `${issue.issues[0]?.message}, found ${foundText(issue.input)}`;
    default:
      return undefined;
  }
}

const typeWords: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a map',
  record: 'a map',
};

function unknownKeys(keys: readonly string[], valid: readonly string[]): string {
  const [first = '', ...others] = keys;
  if (others.length === 0) return unknownWord('key', first, valid);
  const names = keys.slice(0, 5).map(quoted).join(', ');
  const more = keys.length > 5 ? ` and ${keys.length - 5} more` : '';
  return `unknown keys ${names}${more}: ${oneOf(valid)}`;
}

function unknownValue(valid: readonly string[], input: unknown): string {
  const what = valid.length === 1 ? String(valid[0]) : `one of ${valid.join(', ')}`;
  const near = typeof input === 'string' ? nearest(input, valid) : null;
  return `${expectedText(what, input)}${near === null ? '' : ` (did you mean ${near}?)`}`;
}

/** Where one key says which of several forms is meant. */
function unknownKind(issue: Extract<RawIssue, { code: 'invalid_union' }>): string | undefined {
  const { discriminator, options, input } = issue;
  if (discriminator === undefined || !Array.isArray(options)) return undefined;
  const isMap = typeof input === 'object' && input !== null;
  return unknownValue(options.map(String), isMap ? Reflect.get(input, discriminator) : undefined);
}

function boundWords(origin: string, word: string, bound: number | bigint): string {
  if (origin === 'array' || origin === 'set') return `${word} ${bound} ${entries(bound)}`;
  if (origin === 'string') return bound === 1 ? 'some text' : `${word} ${bound} characters`;
  return `a number of ${word} ${bound}`;
}

function entries(bound: number | bigint): string {
  return Number(bound) === 1 ? 'entry' : 'entries';
}

function keysOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null || !('shape' in schema)) return [];
  return typeof schema.shape === 'object' && schema.shape !== null ? Object.keys(schema.shape) : [];
}

/** The value where it is short, else its kind. */
function foundText(input: unknown): string {
  if (input === null) return 'nothing';
  if (Array.isArray(input)) return input.length === 0 ? 'an empty list' : 'a list';
  if (typeof input === 'object') return 'a map';
  return typeof input === 'string' ? quoted(input) : quoted(String(input)).replaceAll('"', '');
}
