// The check for answers that a program reads. JSON Schema is judged by zod's own reader of it; what
// that reader would pass over in silence is refused when the workload is read.
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { messageOf } from '../errors.ts';
import { parsed } from '../parsed-json.ts';
import { expectedText } from '../scenario/issue.ts';
import type { Check } from './check.ts';
import { folded } from './text.ts';

interface Settings {
  schema: z.ZodType;
  values: [path: string[], wanted: unknown][];
}

/** A JSON Schema in, a zod type out; a schema that zod cannot judge is an issue at its place. */
export const jsonSchema = z.record(z.string(), z.unknown()).transform((raw, ctx): z.ZodType => {
  try {
    const flaw = flawIn(raw, 'schema');
    if (flaw !== null) throw new Error(flaw);
    return z.fromJSONSchema(raw);
  } catch (error) {
    ctx.addIssue({ code: 'custom', message: messageOf(error) });
    return z.NEVER;
  }
});

/**
 * The text is JSON, bare or wrapped in one fence, fits `schema`, and has each of `values` at its
 * path (`order.items.0.sku`). Strings are compared without regard to case and outer space, all
 * else exactly: 2 is not "2". Prose around the JSON fails, as it would in the program that reads
 * it.
 */
export const json: Check<Settings> = {
  kind: 'json',
  describe: 'the text is JSON that fits a schema or has these values',
  example: '{ json: { schema: { type: object, required: [sku] }, values: { sku: KT-40 } } }',
  settings: z
    .strictObject({
      json: z
        .strictObject({
          schema: jsonSchema.optional().describe('A JSON Schema that it fits.'),
          values: z
            .record(z.string().min(1), z.json())
            .optional()
            .describe('What stands at a path of it, like order.items.0.sku.'),
        })
        .describe('The text is JSON, bare or in one fence.'),
    })
    .transform((raw) => ({
      schema: raw.json.schema ?? z.unknown(),
      values: Object.entries(raw.json.values ?? {}).map(([path, wanted]): [string[], unknown] => [
        path.split('.'),
        wanted,
      ]),
    })),
  holds({ schema, values }, text) {
    const found = jsonIn(text);
    if (found === undefined || !schema.safeParse(found).success) return false;
    return values.every(([path, wanted]) => same(at(found, path), wanted));
  },
};

/** The JSON value that a text is, bare or wrapped in one ``` or ```json fence; else undefined. */
export function jsonIn(text: string): unknown {
  const whole = text.trim();
  const open = /^```(?:json)?[^\S\n]*\n/i.exec(whole)?.[0];
  const fenced = open !== undefined && whole.length >= open.length + 3 && whole.endsWith('```');
  return parsed(fenced ? whole.slice(open.length, -3) : whole);
}

function at(value: unknown, path: string[]): unknown {
  let here = value;
  for (const key of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined;
    here = (here as Record<string, unknown>)[key];
  }
  return here;
}

function same(found: unknown, wanted: unknown): boolean {
  if (typeof found === 'string' && typeof wanted === 'string') {
    return folded(found) === folded(wanted);
  }
  return isDeepStrictEqual(found, wanted);
}

/**
 * What is no schema, or names properties without a type: zod takes such a part to allow anything.
 */
function flawIn(schema: unknown, place: string): string | null {
  if (typeof schema === 'boolean') return null;
  if (typeof schema !== 'object' || schema === null) {
    return `${place}: ${expectedText('a JSON Schema, like { type: string }', schema)}`;
  }
  const part = schema as Record<string, unknown>;
  const names = ['properties', 'required', 'additionalProperties'];
  if (part.type === undefined && names.some((name) => part[name] !== undefined)) {
    return `${place} needs type: object beside properties or required`;
  }
  const inner = [
    ...Object.entries(part.properties ?? {}),
    ...['anyOf', 'oneOf', 'allOf'].flatMap((name) => Object.entries(part[name] ?? [])),
    ...(part.items === undefined ? [] : [['items', part.items] as const]),
  ];
  for (const [key, value] of inner) {
    const flaw = flawIn(value, `${place}.${key}`);
    if (flaw !== null) return flaw;
  }
  return null;
}
