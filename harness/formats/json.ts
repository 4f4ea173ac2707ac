// report.json: the report as it is. Keys follow the schema, and names that users chose are sorted,
// so that a report put together in another way (shards, `report DIR`) has the same bytes.
import { z } from 'zod';
import { reportSchema } from '../report.ts';
import type { ReportFormat } from './format.ts';

export const json: ReportFormat = {
  kind: 'report',
  file: 'report.json',
  describe: 'everything, versioned and with a JSON Schema: for programs and for the gate',
  render: (report) => `${escaped(JSON.stringify(ordered(report, reportSchema), null, 2))}\n`,
};

/** JSON allows some controls and invisible characters inside strings; a terminal obeys them. */
function escaped(text: string): string {
  return text.replace(/(?!\n)[\p{Cc}\p{Cf}]/gu, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

function ordered(value: unknown, schema: unknown): unknown {
  if (schema instanceof z.ZodNullable) return ordered(value, schema.unwrap());
  if (Array.isArray(value)) {
    const element = schema instanceof z.ZodArray ? schema.element : undefined;
    return value.map((each) => ordered(each, element));
  }
  if (typeof value !== 'object' || value === null) return value;
  const shape: Record<string, unknown> = schema instanceof z.ZodObject ? schema.shape : {};
  const isRecord = schema instanceof z.ZodRecord;
  const own = isRecord ? Object.keys(value).sort() : Object.keys(value);
  const keys = [...Object.keys(shape), ...own.filter((key) => !Object.hasOwn(shape, key))];
  return Object.fromEntries(
    keys.map((key) => [
      key,
      ordered(Reflect.get(value, key), isRecord ? schema.valueType : shape[key]),
    ]),
  );
}
