// The user's own logged answers, from a table: what each target said to a prompt, and perhaps how
// good somebody found it. Not an HTTP recording, so not an importer; a wire renders these.
import { extname } from 'node:path';
import { InputError, type Place } from '../errors.ts';
import { csvRecords } from './csv-records.ts';
import { elementLines, parseJson } from './json-text.ts';
import { readText } from './read-text.ts';

export interface LoggedAnswer {
  prompt: string;
  /** `provider/model`. */
  target: string;
  /** May be empty: a target that said nothing was logged so. */
  answer: string;
  /** How good the answer was, from 0 to 1. */
  score?: number;
  /** The system prompt that stood before the prompt. */
  system?: string;
  /** Line of the file on which the answer starts, from 1. */
  line: number;
}

const REQUIRED = ['prompt', 'target', 'answer'] as const;
const OPTIONAL = ['score', 'system'] as const;

type Name = (typeof REQUIRED)[number] | (typeof OPTIONAL)[number];
type Fields = ReadonlyMap<string, unknown>;

/**
 * The answers of a .csv, .jsonl or .json file in order, at least one; a (prompt, target) pair may
 * repeat. Throws InputError with file and line.
 */
export function readAnswers(file: string): LoggedAnswer[] {
  const text = readText(file);
  if (text.trim() === '') {
    throw new InputError(`is empty: write answers with ${REQUIRED.join(', ')}`, { file });
  }
  const rows = rowsOf(file, text);
  if (rows.length === 0) throw new InputError('holds no answers', { file });
  return rows.map(({ fields, line }) => answerOf(fields, { file, line }, line));
}

interface Row {
  fields: Fields;
  line: number;
}

function rowsOf(file: string, text: string): Row[] {
  switch (extname(file).toLowerCase()) {
    case '.csv':
      return csvRows(file, text);
    case '.jsonl':
    case '.ndjson':
      return jsonLines(file, text);
    case '.json':
      return jsonArray(file, text);
    default:
      throw new InputError('must be a .csv, .jsonl or .json file', { file });
  }
}

function csvRows(file: string, text: string): Row[] {
  const [head, ...records] = csvRecords(file, text);
  if (!head) return [];
  const names = head.cells.map((name) => name.trim().toLowerCase());
  checkColumns(names, { file, line: head.line });
  return records.map(({ cells, line }) => {
    if (cells.length !== names.length) {
      const message = `has ${cells.length} cells, the first line names ${names.length} columns`;
      throw new InputError(message, { file, line });
    }
    // An empty cell of an optional column is how a table says "none".
    const pairs = names.map((name, index): [string, unknown] => [name, cells[index] ?? '']);
    const given = pairs.filter(([name, cell]) => cell !== '' || !isOptional(name));
    return { fields: new Map(given), line };
  });
}

function checkColumns(names: string[], place: Place): void {
  const found = `found: ${names.join(', ')}`;
  for (const name of REQUIRED) {
    if (names.includes(name)) continue;
    const [only] = names;
    const semicolons = names.length === 1 && /[;\t]/.test(only ?? '');
    const hint = semicolons ? '; separate columns by commas' : '';
    throw new InputError(`has no column "${name}" (${found})${hint}`, place);
  }
  const repeated = [...REQUIRED, ...OPTIONAL].find(
    (name) => names.indexOf(name) !== names.lastIndexOf(name),
  );
  if (repeated) throw new InputError(`has two columns "${repeated}" (${found})`, place);
}

function jsonLines(file: string, text: string): Row[] {
  return text.split('\n').flatMap((content, index) => {
    if (content.trim() === '') return [];
    const line = index + 1;
    return { fields: fieldsOf(parseJson(file, content, line), { file, line }), line };
  });
}

function jsonArray(file: string, text: string): Row[] {
  const value = parseJson(file, text);
  if (!Array.isArray(value)) {
    throw new InputError('must hold a JSON array of answers', { file, line: 1 });
  }
  const lines = elementLines(text);
  return value.map((element, index) => {
    const line = lines[index] ?? 1;
    return { fields: fieldsOf(element, { file, line }), line };
  });
}

function fieldsOf(value: unknown, place: Place): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InputError(`must be an object with ${REQUIRED.join(', ')}`, place);
  }
  const fields = new Map<string, unknown>(Object.entries(value));
  for (const name of OPTIONAL) if (fields.get(name) === null) fields.delete(name);
  return fields;
}

function answerOf(fields: Fields, place: Place, line: number): LoggedAnswer {
  const prompt = textField(fields, 'prompt', place);
  if (prompt.trim() === '') throw new InputError('the prompt is empty', place);
  const target = textField(fields, 'target', place).trim();
  checkTarget(target, place);
  const answer: LoggedAnswer = { prompt, target, answer: textField(fields, 'answer', place), line };
  if (fields.has('score')) answer.score = scoreOf(fields.get('score'), place);
  if (fields.has('system')) answer.system = textField(fields, 'system', place);
  return answer;
}

function textField(fields: Fields, name: Name, place: Place): string {
  const value = fields.get(name);
  if (typeof value === 'string') return value;
  if (value === undefined) {
    const found = [...fields.keys()].join(', ') || 'nothing';
    throw new InputError(`has no "${name}" (found: ${found})`, place);
  }
  throw new InputError(`"${name}" must be text, not ${kindOf(value)}`, place);
}

function scoreOf(value: unknown, place: Place): number {
  const isNumber = typeof value === 'number' || typeof value === 'string';
  const given = isNumber ? String(value).trim() : '';
  const score = given === '' ? Number.NaN : Number(given);
  if (score >= 0 && score <= 1) return score;
  const shown = isNumber ? `"${given}"` : kindOf(value);
  throw new InputError(`the score must be a number from 0 to 1, not ${shown}`, place);
}

/** Model families that are known well enough to say which provider is missing. */
const FAMILIES: readonly [pattern: RegExp, provider: string][] = [
  [/^(?:gpt-|chatgpt-|o[1-9](?:-|$))/, 'openai'],
  [/^claude-/, 'anthropic'],
  [/^gemini-/, 'gemini'],
];

function checkTarget(target: string, place: Place): void {
  if (/^[^/\s]+\/\S+$/.test(target)) return;
  if (target === '') throw new InputError('the target is empty: write provider/model', place);
  const known = FAMILIES.find(([pattern]) => pattern.test(target))?.[1];
  const instead = known && !/\s/.test(target) ? `${known}/${target}` : 'provider/model';
  const wrong = target.includes('/') ? 'is not provider/model' : 'has no provider';
  throw new InputError(`target "${target}" ${wrong}: write ${instead}`, place);
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}

function isOptional(name: string): boolean {
  return OPTIONAL.some((one) => one === name);
}
