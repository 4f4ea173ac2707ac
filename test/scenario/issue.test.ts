import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { mainIssue, telling, tellingWith } from '../../harness/scenario/issue.ts';

const shape = z.strictObject({
  name: z.string(),
  count: z.number().int().min(1).max(9).optional(),
  colour: z.enum(['red', 'green']).optional(),
  list: z.array(z.string()).min(1).optional(),
  on: z.boolean().optional(),
  models: z.record(z.string().regex(/\//, 'expected provider/model'), z.number()).optional(),
  either: z
    .union([
      z.strictObject({ rate: z.string(), for: z.string() }),
      z.strictObject({ users: z.number(), for: z.string() }),
      z.strictObject({ each: z.literal('once') }),
    ])
    .optional(),
});

function told(value: unknown): string {
  const issue = mainIssue(shape.safeParse(value, telling).error?.issues ?? []);
  return issue === null ? 'fine' : `${issue.path.join('.')}: ${issue.message}`;
}

const named = (more: object): object => ({ name: 'x', ...more });

describe('what is told', () => {
  it.each([
    [named({}), 'fine'],
    [{}, 'name: is missing: write a text'],
    [null, ': expected a map, found nothing'],
    [[], ': expected a map, found an empty list'],
    [{ name: 5 }, 'name: expected a text, found 5'],
    [named({ count: 0 }), 'count: expected a number of at least 1, found 0'],
    [named({ count: 10 }), 'count: expected a number of at most 9, found 10'],
    [named({ count: 1.5 }), 'count: expected a whole number, found 1.5'],
    [named({ on: 'yes' }), 'on: expected true or false, found "yes"'],
    [named({ list: [] }), 'list: expected at least 1 entry, found an empty list'],
    [named({ list: { a: 1 } }), 'list: expected a list, found a map'],
    [
      named({ colour: 'gren' }),
      'colour: expected one of red, green, found "gren" (did you mean green?)',
    ],
    [named({ models: { gpt: 1 } }), 'models.gpt: expected provider/model, found "gpt"'],
    [
      named({ name: 'x'.repeat(5), count: 'y'.repeat(99) }),
      `count: expected a number, found "${'y'.repeat(60)}"...`,
    ],
  ])('of %j', (value, text) => expect(told(value)).toBe(text));

  it('names every valid key of the map with the unknown one', () => {
    expect(told({ nam: 'x' })).toBe(
      ': unknown key "nam" (did you mean name?): write one of name, count, colour, list, on, models, either',
    );
    expect(told(named({ aaaa: 1, bbbb: 2 }))).toMatch(
      /^: unknown keys "aaaa", "bbbb": write one of name/,
    );
  });

  it('adds keys that are read elsewhere', () => {
    const { error } = z.strictObject({ b: z.string() }).safeParse({ c: 1 }, tellingWith(['a']));
    expect(mainIssue(error?.issues ?? [])?.message).toBe('unknown key "c": write one of a, b');
  });
});

describe('of several forms', () => {
  it.each([
    [
      { rte: '1/s', for: '5m' },
      'either: unknown key "rte" (did you mean rate?): write one of rate, for',
    ],
    [{ users: 'many', for: '5m' }, 'either.users: expected a number, found "many"'],
    [{ each: 'twice' }, 'either.each: expected once, found "twice"'],
    [{ each: 'once', for: '5m' }, 'either: unknown key "for": write one of each'],
    ['1/s', 'either: expected a map, found "1/s"'],
  ])('%j is told by the one that was meant', (either, text) => {
    expect(told(named({ either }))).toBe(text);
  });
});
