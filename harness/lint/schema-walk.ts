// A walk through JSON Schemas as requests carry them.
import { record } from '../wires/json.ts';

type Json = Record<string, unknown>;

/** Keywords below which every member is the name of a property, and no keyword. */
const namesBelow = ['properties', 'patternProperties', '$defs', 'definitions'];

/** Keywords whose values are what an answer may hold, and no schemas. */
const values = ['const', 'enum', 'default', 'example', 'examples', 'required'];

/** Every schema in a schema, itself first, with the way to it. */
export function* schemasIn(schema: unknown, way = ''): Generator<[schema: Json, way: string]> {
  const own = record(schema);
  if (own === null) return;
  yield [own, way];
  for (const [keyword, value] of Object.entries(own)) {
    if (values.includes(keyword)) continue;
    const at = way === '' ? keyword : `${way}.${keyword}`;
    if (namesBelow.includes(keyword)) {
      for (const [name, member] of Object.entries(record(value) ?? {})) {
        yield* schemasIn(member, `${at}.${name}`);
      }
    } else if (Array.isArray(value)) {
      for (const member of value) yield* schemasIn(member, at);
    } else yield* schemasIn(value, at);
  }
}

/** Those of the keywords that stand anywhere in a schema. */
export function keywordsIn(schema: unknown, keywords: readonly string[]): string[] {
  const found = new Set<string>();
  for (const [one] of schemasIn(schema)) {
    for (const keyword of keywords) if (keyword in one) found.add(keyword);
  }
  return keywords.filter((keyword) => found.has(keyword));
}
