import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { reportJsonSchema } from '../harness/report-schema.ts';

function docs(name: string): string {
  return readFileSync(new URL(`../docs/${name}`, import.meta.url), 'utf8');
}

describe('the JSON Schema of report.json', () => {
  it('is the one that is committed (else run `npm run schemas`)', () => {
    expect(JSON.parse(docs('schemas/report.schema.json'))).toEqual(reportJsonSchema());
  });

  it('has only fields that docs/report.md explains', () => {
    const page = docs('report.md');
    const known = new Set([...page.matchAll(/`(\w+)(\[\])?`/g)].map(([, name]) => name));
    const unknown = fieldsOf(reportJsonSchema()).filter((name) => !known.has(name));
    expect(unknown).toEqual([]);
  });
});

/** The names of all properties, at every depth. */
function fieldsOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const properties: unknown = Reflect.get(schema, 'properties');
  const own = typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
  return [...new Set([...own, ...Object.values(schema).flatMap(fieldsOf)])];
}
