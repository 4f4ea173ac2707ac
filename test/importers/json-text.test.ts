import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elementLines, parseJson } from '../../harness/importers/json-text.ts';
import { inputError } from './support.ts';

describe('parseJson', () => {
  it.each([
    ['{\n  "a": bad\n}', 2, 8],
    ['[1,\n2,,3]', 2, 3],
    ['{"a": 1', 1, 8],
    ['{}\nx', 2, 1],
    ['["a\nb"]', 1, 4],
    ['', 1, 1],
  ])('names the place in %j', (text, line, column) => {
    const message = inputError(() => parseJson('a.json', text));
    expect(message).toMatch(new RegExp(`^a\\.json:${line}:${column}: is not valid JSON: `));
  });

  it('counts on from the line on which the text starts', () => {
    expect(inputError(() => parseJson('a.jsonl', '{]', 7))).toContain('a.jsonl:7:2: ');
  });

  it('refuses any broken text with an InputError and reads every other', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (text, at) => {
        expect(parseJson('a.json', text)).toEqual(JSON.parse(text));
        const cut = text.slice(0, at % (text.length + 1));
        try {
          parseJson('a.json', cut);
        } catch {
          expect(inputError(() => parseJson('a.json', cut))).toContain('a.json:');
        }
      }),
    );
  });
});

describe('elementLines', () => {
  it('finds the line on which each element of a list starts', () => {
    expect(elementLines('[{"a": "],\\"["},\n\n [\n1, 2], 3,\n"x"]')).toEqual([1, 3, 4, 5]);
    expect(elementLines('[\n]')).toEqual([]);
  });

  it('finds as many lines as there are elements, whatever they are', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.nat(2), (list, indent) => {
        const text = JSON.stringify(list, null, indent);
        expect(elementLines(text)).toHaveLength(list.length);
      }),
    );
  });
});
