import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { grade, parseChecks } from '../../harness/checks/grade.ts';
import { checks } from '../../harness/checks/index.ts';

const notKinds = ['check.ts', 'grade.ts', 'index.ts', 'range.ts', 'text.ts'];
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

  it('is the table of docs/checks.md, with the same examples', () => {
    const page = readFileSync(new URL('../../docs/checks.md', import.meta.url), 'utf8');
    const rows = [...page.matchAll(/^\| `(\w+)` \|.*\| `(\{.*\})` \|$/gm)];
    const shown = Object.fromEntries(rows.map(([, kind = '', example]) => [kind, example]));
    const known = Object.values(checks).map(({ kind, example }) => [kind, example]);
    expect(shown).toEqual(Object.fromEntries(known));
  });
});

/** What a careless pattern would take hours for, each 200,000 characters long. */
const long: string[] = [
  ...[
    'a',
    'A',
    '1',
    '\u00e9',
    '\ud800',
    ' ',
    '\n',
    '\t',
    '*',
    '[',
    '<<',
    '#',
    '"',
    '`',
    '.',
    ')',
    ',',
  ],
  ...[
    '- ',
    '\n- a',
    '\n1. ',
    '* a',
    '[a',
    '<a',
    'a.',
    'a. ',
    '.)',
    '. ',
    '\n \n',
    'P.',
    '。',
    '。」',
    '1-',
    '1,111',
    '***',
  ],
  ...["i can't ", 'Section 1', '\n# ', 'refund ', '{"a":', '```\n', '\n```json\n'],
].flatMap((unit) => {
  const filled = unit.repeat(Math.ceil(200_000 / unit.length));
  return [filled, `x${filled}x`, `[${filled}`, `\`\`\`\n${filled}\nx`];
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

  it('is soon done with 200,000 characters, whatever they are', () => {
    const parsed = parseChecks([parse(example)]);
    for (const text of long) expect([0, 1]).toContain(grade(parsed, text).score);
  }, 60_000);

  it('refuses an option that it does not know', () => {
    expect(() => parseChecks([{ ...parse(example), strictness: 3 }])).toThrow(/strictness/);
  });
});
