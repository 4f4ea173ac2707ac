import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseChecks } from '../../harness/checks/grade.ts';
import { jsonIn } from '../../harness/checks/json.ts';
import { lastNumber } from '../../harness/checks/number.ts';
import { holds } from './holds.ts';

describe('words in a text', () => {
  it.each([
    ['{ contains: ["Refund", "5 days"] }', 'The REFUND takes 5\n days.', true],
    ['{ contains: ["refund", "5 days"] }', 'The refund takes 4 days.', false],
    ['{ contains: ["Refund"], case: true }', 'a refund', false],
    ['{ contains: ["can\'t"] }', 'We can’t say.', true],
    ['{ contains: [\'"Hallo", ich\'] }', '„Hallo“, ich', true],
    ['{ contains: ["5-day"] }', 'a 5‑day return', true],
    ['{ contains: ["non-refundable"] }', 'It is non\u2010refund\u00adable.', true],
    ['{ equals: "A\u20127" }', 'a-7', true],
    ['{ notContains: ["sorry", "regret"] }', 'We regret it.', false],
    ['{ notContains: ["sorry"] }', 'All is well.', true],
    ['{ notContains: ["Sorry"], case: true }', 'sorry', true],
    ['{ contains: ["war"], whole: true }', 'War, and peace', true],
    ['{ contains: ["war"], whole: true }', 'a reward, warm', false],
    ['{ contains: ["war"], whole: true }', 'a reward of war', true],
    ['{ contains: ["c++"], whole: true }', 'in C++, it is', true],
    ['{ notContains: ["war"], whole: true }', 'a reward', true],
    ['{ notContains: ["war"], whole: true }', 'a war', false],
    ['{ notContains: [","] }', 'one, two', false],
    ['{ equals: billing }', ' Billing\n', true],
    ['{ equals: billing, case: true }', 'Billing', false],
    ['{ equals: billing }', 'billing, I think', false],
    ['{ oneOf: [billing, returns] }', 'RETURNS', true],
    ['{ oneOf: [billing, returns] }', 'delivery', false],
    ['{ contains: [退款], whole: true }', '您的退款已处理', true],
    ['{ contains: [กา], whole: true }', 'กา้', false],
    ['{ frequency: { of: 退款, min: 2, max: 2 }, whole: true }', '退款退款', true],
    ["{ regex: '^total: \\d+$', flags: im }", 'Sum\nTotal: 12', true],
    ["{ regex: '^total: \\d+$' }", 'Total: 12', false],
  ])('%s on %j is %s', (yaml, text, expected) => {
    expect(holds(yaml, text)).toBe(expected);
  });
});

describe('the form of a text', () => {
  it.each([
    ['{ words: { min: 3, max: 4 } }', '- one  two,\nthree —', true],
    ['{ words: { max: 2 } }', 'one two three', false],
    ['{ words: { min: 3 } }', 'one two', false],
    ['{ words: { min: 2, max: 2 } }', '٤٢ كلمة', true],
    ['{ bullets: { min: 2, max: 2 } }', 'Steps:\n- a\n  * b\n', true],
    ['{ bullets: { min: 3, max: 3 } }', '1. a\n2) b\n• c', true],
    ['{ bullets: { max: 0, marks: ["*", "-"] } }', '1. a\n• b', true],
    ['{ bullets: { min: 3, max: 3, marks: ["*", "-", "+"] } }', '* a\n- b\n+ c\n1. d', true],
    ['{ bullets: { max: 1 } }', '- a\n- b', false],
    ['{ bullets: { min: 2, max: 2 } }', '- a\n\n* * *\n\n- b\n - - - \n', true],
    ['{ bullets: { min: 1, max: 1 } }', '- - -5', true],
    ['{ bullets: { min: 1 } }', '**bold** and -5 and -', false],
  ])('%s on %j is %s', (yaml, text, expected) => {
    expect(holds(yaml, text)).toBe(expected);
  });
});

describe('the last number of a text', () => {
  it.each([
    ['Total: $1,042.50.', 1042.5],
    ['first 3, then 4 of them', 4],
    ['12,345,678 in all', 12345678],
    ['a fee of -$5.20', -5.2],
    ['a fee of −7', -7],
    ['weighs 12kg', 12],
    ['it is 42 for INV-2041', 42],
    ['it is 42 for A7', 42],
    ['12 items by 2026-11-21', 2026],
    ['between 3 and 1,2', 1],
    ['- 8 items', 8],
    ['€80', 80],
    ['It takes 5-7 days.', 7],
    ['It takes 5–7 days.', 7],
    ['It costs $1,000.50-$2,000.75', 2000.75],
    ['it is order 20418-3', 20418],
    ['合計は42円です。', 42],
    ['总计1,042.50元', 1042.5],
    ['총42,000원입니다.', 42000],
    ['รวม42บาท', 42],
    ['Answer:42', 42],
    ['it is 42 at 10:30', 10],
    ['The chance is .5', 0.5],
    ['a change of -.25 or so', -0.25],
    ['$.50 each', 0.5],
    ['.5-.75 of it', 0.75],
    ['wait ...5 more', 5],
    ['see section 3.', 3],
    ['المجموع ١٬٠٤٢٫٥٠ ريال', 1042.5],
    ['مجموع ۴۲ تومان', 42],
    ['कुल ४२ रुपये', 42],
    ['合計は４２円です。', 42],
    ['รวม๔๒บาท', 42],
    ['𝟒𝟐 in bold', 42],
    ['none at all', null],
  ])('of %j is %s', (text, expected) => {
    expect(lastNumber(text)).toBe(expected);
  });

  it('is read back from English notation for every amount', () => {
    const english = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), (cents) => {
        expect(lastNumber(`step 1 of 2: ${english.format(cents / 100)}.`)).toBeCloseTo(cents / 100);
      }),
    );
  });

  it('is read in the digits of any script', () => {
    for (const script of [
      'arab',
      'arabext',
      'beng',
      'deva',
      'fullwide',
      'mathsans',
      'thai',
      'tibt',
    ]) {
      const own = new Intl.NumberFormat(`en-u-nu-${script}`, { useGrouping: false });
      fc.assert(
        fc.property(fc.nat(), (value) => {
          expect(lastNumber(`7 (${own.format(value)})`)).toBe(value);
        }),
      );
    }
  });

  it('is compared within the given distance, exactly unless told', () => {
    expect(holds('{ number: 0.3 }', `${0.1 + 0.2}`)).toBe(true);
    expect(holds('{ number: 42.5 }', '42.51')).toBe(false);
    expect(holds('{ number: 42.5, within: 0.01 }', '42.51')).toBe(true);
    expect(holds('{ number: 0 }', 'no number')).toBe(false);
  });
});

describe('JSON in a text', () => {
  const schema = '{ type: object, required: [a], properties: { a: { type: integer } } }';

  it.each([
    ['{ json: {} }', '{"a":1}', true],
    ['{ json: {} }', '```json\n{"a":1}\n```', true],
    ['{ json: {} }', '```\n[1]\n```\n', true],
    ['{ json: {} }', '```json\n```', false],
    ['{ json: {} }', '```JSON \n[1]```', true],
    ['{ json: {} }', 'Here it is: {"a":1}', false],
    ['{ json: {} }', '```json\n{"a":1}', false],
    [`{ json: { schema: ${schema} } }`, '{"a":1}', true],
    [`{ json: { schema: ${schema} } }`, '{"a":"1"}', false],
    [`{ json: { schema: ${schema} } }`, '{}', false],
    ['{ json: { values: { b.0.c: Red } } }', '{"b":[{"c":" red"}]}', true],
    ['{ json: { values: { b: 2 } } }', '{"b":"2"}', false],
    ['{ json: { values: { b: [1, 2] } } }', '{"b":[1,2]}', true],
    ['{ json: { values: { b: null } } }', '{}', false],
    ['{ json: { values: { constructor: null } } }', '{}', false],
  ])('%s on %j is %s', (yaml, text, expected) => {
    expect(holds(yaml, text)).toBe(expected);
  });

  it('is read back for every JSON value, bare and fenced', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value, null, 2);
        expect(jsonIn(text)).toEqual(JSON.parse(text));
        expect(jsonIn(`\`\`\`json\n${text}\n\`\`\``)).toEqual(JSON.parse(text));
      }),
    );
  });

  it.each([
    ['{ type: objct }', /objct/],
    ['{ required: [a] }', /schema needs type: object/],
    ['{ type: array, items: { properties: { a: {} } } }', /schema\.items needs type: object/],
  ])('has no schema like %s', (wrong, message) => {
    expect(() => parseChecks([parse(`{ json: { schema: ${wrong} } }`)])).toThrow(message);
  });
});
