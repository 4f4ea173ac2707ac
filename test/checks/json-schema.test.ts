// What JSON must be to fit the schema of a `json` check, and which schemas are refused.
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseChecks } from '../../harness/checks/grade.ts';
import { holds } from './holds.ts';

const fits = (schema: string, text: string): boolean =>
  holds(`{ json: { schema: ${schema} } }`, text);
const inA = (part: string): string => `{ type: object, properties: { a: ${part} } }`;

describe('what a schema demands', () => {
  it.each([
    ['{ type: object, required: [sku] }', '{}', '{"sku":1}'],
    ['{ type: object, required: [toString] }', '{}', '{"toString":1}'],
    ['{ type: object, properties: { a: {} }, required: [b] }', '{"a":1}', '{"b":1}'],
    ['{ type: object, properties: { a: { default: x } }, required: [a] }', '{}', '{"a":"y"}'],
    ['{ type: array, minItems: 2, maxItems: 3 }', '[1]', '[1,2]'],
    ['{ type: array, minItems: 2, maxItems: 3 }', '[1,2,3,4]', '[1,2,3]'],
    ['{ type: array, uniqueItems: true }', '[1,1]', '[1,2]'],
    ['{ type: array, items: [{ type: string }, { type: number }] }', '["a","b"]', '["a",1]'],
    [inA('{ minimum: 5 }'), '{"a":3}', '{"a":5}'],
    [inA('{ minLength: 3 }'), '{"a":"ab"}', '{"a":"abc"}'],
    [inA("{ pattern: '^[\\w-.]+$' }"), '{"a":"b c"}', '{"a":"b.c"}'],
    [inA("{ pattern: '^\\p{Lu}' }"), '{"a":"b"}', '{"a":"Ä"}'],
    [inA('{ items: { type: string } }'), '{"a":[1]}', '{"a":["x"]}'],
    [inA('{ enum: [[x], 2, null] }'), '{"a":"x"}', '{"a":["x"]}'],
    [inA('{ type: integer }'), '{"a":2.5}', '{"a":9007199254740993000}'],
    [inA('{ type: number, multipleOf: 0.01 }'), '{"a":1.005}', '{"a":64.9}'],
    [inA('{ type: string, nullable: true }'), '{"a":1}', '{"a":null}'],
    [inA('{ not: { type: string } }'), '{"a":"x"}', '{"a":1}'],
    ['{ type: object, anyOf: [{ required: [a] }, { required: [b] }] }', '{}', '{"b":1}'],
    [
      '{ type: object, if: { required: [a] }, then: { required: [b] } }',
      '{"a":1}',
      '{"a":1,"b":1}',
    ],
    ['{ $ref: "#/$defs/P", $defs: { P: { minLength: 2 } } }', '"a"', '"ab"'],
    ['{ $ref: "#/definitions/P", definitions: { P: { minLength: 2 } } }', '"a"', '"ab"'],
    [
      '{ $schema: "http://json-schema.org/draft-07/schema#", type: object, required: [a] }',
      '{}',
      '{"a":1}',
    ],
  ])('%s is not fitted by %s but by %s', (schema, wrong, right) => {
    expect([fits(schema, wrong), fits(schema, right)]).toEqual([false, true]);
  });

  it.each([
    ['date-time', '2026-11-21 10:00', '2026-11-21T10:00:00+02:00'],
    ['date', '2026-02-30', '2026-02-28'],
    ['time', '25:00:00', '10:00:00'],
    ['duration', '1 day', 'P1D'],
    ['email', 'nobody', 'a+b@x.co'],
    ['hostname', 'a b', 'shop.example'],
    ['ipv4', '1.2.3', '1.2.3.4'],
    ['ipv6', '1.2.3.4', '::1'],
    ['uri', '/rel', 'https://x.y/z'],
    ['uuid', '12345678', '12345678-1234-1234-1234-123456789012'],
  ])('of the format %s is not %s but %s', (format, wrong, right) => {
    const schema = `{ type: string, format: ${format} }`;
    expect([fits(schema, `"${wrong}"`), fits(schema, `"${right}"`)]).toEqual([false, true]);
  });

  it('is nothing where a format or a key is not in the standard', () => {
    expect(fits('{ type: string, format: phone, example: "1", xml: {} }', '"x"')).toBe(true);
  });

  it('may have the same $id in two samples', () => {
    expect(fits('{ $id: one, type: string }', '"x"')).toBe(true);
    expect(fits('{ $id: one, type: number }', '"x"')).toBe(false);
  });

  it('is not met where a schema leads round to itself without end', () => {
    expect(fits('{ $ref: "#" }', '1')).toBe(false);
  });
});

describe('a schema that is none', () => {
  it.each([
    ['{ type: objct }', /schema\.type: expected one of .*object.*, found \\"objct\\"/],
    ['{ type: array, minItems: two }', /schema\.minItems: expected .*integer, found \\"two\\"/],
    ['{ type: string, pattern: "(" }', /Invalid regular expression: \/\(\//],
    ['{ $ref: "#/$defs/P" }', /can't resolve reference #\/\$defs\/P/],
    ['{ $ref: "https://example.com/schema.json" }', /can't resolve reference https:/],
    ['{ $ref: "#/$defs/P", $defs: { P: { required: [a] } } }', /schema\.\$defs\.P needs type: obj/],
    ['{ anyOf: [{ type: string }, { required: [a] }] }', /schema\.anyOf\.1 needs type: object/],
  ])('is refused: %s', (schema, message) => {
    expect(() => parseChecks([parse(`{ json: { schema: ${schema} } }`)])).toThrow(message);
  });
});
