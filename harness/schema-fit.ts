// Whether a value fits a JSON Schema. Ajv judges; what nobody can have meant is refused first.
import { createRequire } from 'node:module';
import type { ErrorObject } from 'ajv';
import type * as Older from 'ajv/dist/2019.js';
import type * as Newest from 'ajv/dist/2020.js';
import { expectedText } from './scenario/issue.ts';
import { schemaFormats } from './schema-formats.ts';

export type Fit = (value: unknown) => boolean;
type Schema = Readonly<Record<string, unknown>>;

const known = new Map<string, Fit>();

/**
 * What a schema asks of a value. Throws where it is no schema, in words for the person who wrote
 * it. A schema is compiled once, however many samples have it.
 */
export function schemaFit(schema: Schema): Fit {
  const written = JSON.stringify(schema);
  const fit = known.get(written) ?? compiled(schema);
  known.set(written, fit);
  return fit;
}

function compiled(schema: Schema): Fit {
  const flaw = flawIn(schema, 'schema', false);
  if (flaw !== null) throw new Error(flaw);
  const { $schema: named, ...own } = schema;
  const drafts = draftsOf(named);
  const problems = drafts.map((draft) => problemIn(draft, own));
  const draft = drafts[problems.indexOf(null)];
  if (draft === undefined) throw new Error(problems[0] ?? 'schema: is no JSON Schema');
  // An Ajv of its own: two samples may give their schemas the same $id.
  const fits = newAjv(draft, false).compile(own);
  return (value) => {
    try {
      return fits(value) === true;
    } catch {
      // A schema that refers to itself, and a value nested deeper than the stack.
      return false;
    }
  };
}

type Draft = '2020' | '2019';

/** 2019 reads all that is older too. Who names no draft may have a list of items, as of old. */
function draftsOf(named: unknown): Draft[] {
  if (named === undefined) return ['2020', '2019'];
  return /draft-0\d|2019-09/.test(String(named)) ? ['2019'] : ['2020'];
}

type Ajv = Newest.Ajv2020 | Older.Ajv2019;

/** Loaded by the first schema: most commands see none. */
function newAjv(draft: Draft, meta: boolean): Ajv {
  const load = createRequire(import.meta.url);
  const options: Newest.Options = {
    // What is not in the standard, such as OpenAPI's `example`, asks for nothing.
    strict: false,
    logger: false,
    meta,
    validateSchema: false,
    verbose: meta,
    // Else {} would have a `toString`.
    ownProperties: true,
    // 64.9 is a multiple of 0.01, whatever binary fractions make of it.
    multipleOfPrecision: 6,
    formats: meta ? {} : schemaFormats,
    code: { regExp: pattern },
  };
  if (draft === '2019') {
    const { Ajv2019 } = load('ajv/dist/2019.js') as typeof Older;
    return new Ajv2019(options);
  }
  const { Ajv2020 } = load('ajv/dist/2020.js') as typeof Newest;
  return new Ajv2020(options);
}

/** With `u`, as the standard has it; without where a pattern of old, like [\w-.], needs that. */
const pattern = Object.assign(
  (source: string, flags: string): RegExp => {
    try {
      return new RegExp(source, flags);
    } catch {
      return new RegExp(source);
    }
  },
  { code: 'new RegExp' },
);

const readers = new Map<Draft, Ajv>();

/** What the schema of schemas has against one. */
function problemIn(draft: Draft, schema: Schema): string | null {
  const reader = readers.get(draft) ?? newAjv(draft, true);
  readers.set(draft, reader);
  return reader.validateSchema(schema) === true ? null : problemText(reader.errors ?? []);
}

/** The innermost problem says most; of two, the one that knows what may stand there. */
function problemText(errors: readonly ErrorObject[]): string {
  const depth = ({ instancePath: path, keyword }: ErrorObject): number =>
    path.split('/').length * 2 + Number(keyword === 'enum');
  const [first] = [...errors].sort((a, b) => depth(b) - depth(a));
  if (first === undefined) return 'schema: is no JSON Schema';
  const place = `schema${first.instancePath.replaceAll('/', '.')}`;
  const allowed: unknown = first.params.allowedValues;
  const says = first.message ?? 'is no JSON Schema';
  const what = Array.isArray(allowed) ? `one of ${allowed.join(', ')}` : says.split('must be ')[1];
  return `${place}: ${what === undefined ? says : expectedText(what, first.data)}`;
}

/** Where parts of a schema stand: by name, in a list, or alone. */
const named = ['properties', 'patternProperties', '$defs', 'definitions'];
const alone = ['items', 'prefixItems', 'contains', 'additionalProperties'];
const branches = ['anyOf', 'oneOf', 'allOf', 'not', 'if', 'then', 'else'];

/**
 * What is no schema, or names properties without a type: the standard lets every text and every
 * number pass there, which nobody means. A branch of a part that has a type need not repeat it.
 */
function flawIn(schema: unknown, place: string, typed: boolean): string | null {
  if (typeof schema === 'boolean') return null;
  if (typeof schema !== 'object' || schema === null) {
    return `${place}: ${expectedText('a JSON Schema, like { type: string }', schema)}`;
  }
  const part = schema as Schema;
  const isTyped = typed || part.type !== undefined;
  const names = ['properties', 'required', 'additionalProperties'];
  if (!isTyped && names.some((name) => part[name] !== undefined)) {
    return `${place} needs type: object beside properties or required`;
  }
  for (const [key, value, isBranch] of partsOf(part)) {
    const flaw = flawIn(value, `${place}.${key}`, isBranch && isTyped);
    if (flaw !== null) return flaw;
  }
  return null;
}

function partsOf(part: Schema): [key: string, value: unknown, isBranch: boolean][] {
  const isList = (name: string): boolean => named.includes(name) || Array.isArray(part[name]);
  return [...named, ...alone, ...branches]
    .filter((name) => part[name] !== undefined)
    .flatMap((name): [string, unknown, boolean][] => {
      const isBranch = branches.includes(name);
      if (!isList(name)) return [[name, part[name], isBranch]];
      const inner = Object.entries(part[name] ?? {});
      return inner.map(([key, value]) => [`${name}.${key}`, value, isBranch]);
    });
}
