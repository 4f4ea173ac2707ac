import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { grade, parseChecks } from '../../harness/checks/grade.ts';
import { checks } from '../../harness/checks/index.ts';

const notKinds = ['check.ts', 'grade.ts', 'index.ts'];
const kebab = (kind: string) => kind.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

describe('the map of checks', () => {
  it('has one key for each file of the folder and no other', () => {
    const files = readdirSync(new URL('../../harness/checks', import.meta.url));
    const expected = Object.keys(checks).map((kind) => `${kebab(kind)}.ts`);
    expect(expected.sort()).toEqual(files.filter((file) => !notKinds.includes(file)).sort());
  });

  it('keys every check by its own kind', () => {
    expect(Object.values(checks).map((check) => check.kind)).toEqual(Object.keys(checks));
  });
});

describe.each(Object.values(checks))('the check $kind', ({ kind, example }) => {
  it('can be written as its example', () => {
    expect(parseChecks([parse(example)])[0]).toMatchObject({ kind, weight: 1 });
  });

  it('answers for every text, and the same way each time', () => {
    const parsed = parseChecks([parse(example)]);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const first = grade(parsed, text);
        expect([0, 1]).toContain(first.score);
        expect(grade(parsed, text)).toEqual(first);
      }),
    );
  });

  it('refuses an option that it does not know', () => {
    expect(() => parseChecks([{ ...parse(example), strictness: 3 }])).toThrow(/strictness/);
  });
});
