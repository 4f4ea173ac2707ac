// The check for answers that a program reads.
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { messageOf } from '../errors.ts';
import { parsed } from '../parsed-json.ts';
import type { Fit } from '../schema-fit.ts';
import { schemaFit } from '../schema-fit.ts';
import type { Check } from './check.ts';
import { folded } from './text.ts';

interface Settings {
  fits: Fit;
  values: [path: string[], wanted: unknown][];
}

/** A JSON Schema in, what it asks of a value out; what is no schema is an issue at its place. */
export const jsonSchema = z.record(z.string(), z.unknown()).transform((raw, ctx): Fit => {
  try {
    return schemaFit(raw);
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
      fits: raw.json.schema ?? (() => true),
      values: Object.entries(raw.json.values ?? {}).map(([path, wanted]): [string[], unknown] => [
        path.split('.'),
        wanted,
      ]),
    })),
  holds({ fits, values }, text) {
    const found = jsonIn(text);
    if (found === undefined || !fits(found)) return false;
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
