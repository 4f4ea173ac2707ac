import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkSchema, grade, parseChecks } from '../../harness/checks/grade.ts';
import { checks } from '../../harness/checks/index.ts';

describe('a grade', () => {
  it('is the weighted share of the checks that hold, and names the others', () => {
    const parsed = parseChecks([
      { contains: ['refund'], weight: 2 },
      { contains: ['friday'] },
      { words: { max: 3 } },
    ]);
    expect(grade(parsed, 'a refund')).toEqual({ score: 0.75, failed: ['contains: ["friday"]'] });
  });

  it('is 0 for a text that shows nothing, even where nothing is forbidden', () => {
    const parsed = parseChecks([{ notContains: ['x'] }, { words: { max: 3 } }]);
    expect(grade(parsed, ' \n').score).toBe(0);
    expect(grade(parsed, ' \n').failed).toHaveLength(2);
  });

  it('lies between 0 and 1, and is 1 exactly when nothing failed', () => {
    const weights = fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(weights, fc.string({ unit: fc.constantFrom('a', 'b') }), (all, text) => {
        const parsed = parseChecks(
          all.map((weight, index) => ({ contains: [index % 2 ? 'a' : 'b'], weight })),
        );
        const { score, failed } = grade(parsed, text);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1);
        expect(score === 1).toBe(failed.length === 0);
      }),
    );
  });
});

describe('a check that is written wrongly', () => {
  const issue = (raw: unknown) => {
    const read = z.object({ checks: z.array(checkSchema) }).safeParse({ checks: [raw] });
    return read.success ? null : read.error.issues[0];
  };

  it.each([
    ['an unknown kind', { contain: ['x'] }],
    ['two kinds', { contains: ['x'], equals: 'x' }],
    ['no kind', {}],
    ['no object', 'contains'],
  ])('is answered with every kind there is: %s', (_, raw) => {
    const message = issue(raw)?.message;
    for (const kind of Object.keys(checks)) expect(message).toContain(kind);
  });

  it.each([
    [{ contains: 'refund' }, /^expected a list, found "refund"$/],
    [{ contains: [''] }, /^expected some text, found ""$/],
    [{ contains: ['x'], weight: 'two' }, /^expected a number, found "two"$/],
    [{ contains: ['x'], wieght: 2 }, /^unknown key "wieght" \(did you mean weight\?\): write one/],
    [{ words: { maks: 2 } }, /^unknown key "maks" \(did you mean max\?\): write one of min, max$/],
    [{ title: 'html' }, /^expected one of angles, markdown, found "html"$/],
  ])('is answered in the words of every other mistake: %o', (raw, message) => {
    expect(issue(raw)?.message).toMatch(message);
  });

  it.each([
    [{ contains: 'refund' }, ['checks', 0, 'contains']],
    [{ contains: ['x'], weight: 0 }, ['checks', 0, 'weight']],
    [{ regex: '(' }, ['checks', 0, 'regex']],
    [{ regex: 'a', flags: 'g' }, ['checks', 0, 'flags']],
    [{ words: { min: 5, max: 2 } }, ['checks', 0, 'words']],
    [{ oneOf: ['only'] }, ['checks', 0, 'oneOf']],
    [{ json: { schema: { type: 'objct' } } }, ['checks', 0, 'json', 'schema']],
  ])('%j is refused at its place', (raw, path) => {
    expect(issue(raw)?.path).toEqual(path);
  });

  it('shows the example where an option is unknown', () => {
    expect(issue({ number: 3, about: 1 })?.message).toContain(checks.number?.example);
  });
});
