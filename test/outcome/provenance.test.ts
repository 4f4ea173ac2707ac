import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Piece } from '../../harness/outcome/provenance.ts';
import { bentOriginOf, looseOriginOf, originOf } from '../../harness/outcome/provenance.ts';

const french = 'The capital of France is Paris, a city on the Seine.';
const short = 'Paris is the capital of France.';

function cut(text: string, chars: number): Piece {
  return { text, sent: text.slice(0, chars).trim(), whole: false };
}

function all(text: string): Piece {
  return { text, sent: text, whole: true };
}

/** Texts of capitals and of small letters never continue one another. */
const capitals = fc.stringMatching(/^[A-Z]{2,30}$/);
const smalls = fc.stringMatching(/^[a-z]{2,30}$/);

it('takes the last attempt that sent an answer whole where two have the same answer', () => {
  expect(originOf('Paris', [all('Paris'), all('Paris')])).toEqual({ kind: 'whole', by: 1 });
});

it('prefers a whole answer to a part of a longer one', () => {
  expect(originOf('4', [all('4'), cut('42', 1)])).toEqual({ kind: 'whole', by: 0 });
});

it('sees every beginning of an answer as truncated', () => {
  fc.assert(
    fc.property(capitals, fc.nat(), (text, at) => {
      const chars = 1 + (at % (text.length - 1));
      const part = text.slice(0, chars);
      expect(originOf(part, [cut(text, chars)])).toEqual({ kind: 'truncated', by: 0 });
      expect(originOf(part, [all(text)])).toEqual({ kind: 'truncated', by: 0 });
    }),
  );
});

it('sees a part of one answer before a whole other one as spliced', () => {
  fc.assert(
    fc.property(capitals, smalls, fc.nat(), fc.constantFrom('', ' ', '\n\n'), (a, b, at, gap) => {
      const sent = 1 + (at % (a.length - 1));
      const glued = a.slice(0, sent) + gap + b;
      const origin = originOf(glued, [cut(a, sent), all(b)]);
      expect(origin).toEqual({ kind: 'spliced', by: 1, after: 0 });
    }),
  );
});

it('sees a part of one answer before a part of another as spliced', () => {
  fc.assert(
    fc.property(capitals, smalls, fc.nat(), fc.nat(), (a, b, at, to) => {
      const first = 1 + (at % (a.length - 1));
      const last = 1 + (to % (b.length - 1));
      const glued = a.slice(0, first) + b.slice(0, last);
      const origin = originOf(glued, [cut(a, first), cut(b, last)]);
      expect(origin).toEqual({ kind: 'spliced', by: 1, after: 0 });
    }),
  );
});

it('sees the repeated beginning where a retry of the same target follows its own part', () => {
  const glued = french.slice(0, 12) + french;
  const origin = originOf(glued, [cut(french, 12), all(french)]);
  expect(origin).toEqual({ kind: 'spliced', by: 1, after: 0 });
});

it('sees the rest of the first answer as its continuation, whoever sent it', () => {
  fc.assert(
    fc.property(capitals, fc.nat(), (text, at) => {
      const sent = 1 + (at % (text.length - 1));
      const origin = originOf(text, [cut(text, sent), all(text.slice(sent))]);
      expect(origin).toEqual({ kind: 'continued', by: 1, after: 0 });
    }),
  );
});

it('sees the second answer without its beginning as a continuation', () => {
  const b = 'In short: it is Paris, of course.';
  const origin = originOf('The capital of France is Paris, of course.', [cut(french, 24), all(b)]);
  expect(origin).toEqual({ kind: 'continued', by: 1, after: 0 });
});

it('sees a continuation that broke off as truncated', () => {
  const b = 'In short: it is Paris, of course.';
  const pieces = [cut(french, 24), cut(b, 25)];
  expect(originOf('The capital of France is Paris, of', pieces)).toEqual({
    kind: 'truncated',
    by: 1,
  });
});

it('does not call it a continuation when two answers meet within a word', () => {
  const glued = short.slice(0, 10) + french.slice(10);
  expect(originOf(glued, [cut(short, 10), all(french)])?.kind).toBe('spliced');
});

it('does not call it a continuation when what was said is said again', () => {
  const b = 'The answer is simple: the capital of France is Paris.';
  const a = 'You ask for the capital of France, which is Paris.';
  const glued = `${a.slice(0, 33)} the capital of France is Paris.`;
  expect(originOf(glued, [cut(a, 33), all(b)])?.kind).toBe('spliced');
});

it('does not call it a continuation when the second answer only lost its first word', () => {
  const a = 'One can say that the city of Paris is the seat of government.';
  const b = 'Sure! Paris has been the capital since 987, with breaks.';
  const glued = `${a.slice(0, 27)} ${b.slice(6)}`;
  expect(originOf(glued, [cut(a, 27), all(b)])?.kind).toBe('spliced');
});

it('knows nothing of words that no target sent', () => {
  expect(originOf('Please try again later.', [cut(french, 20), all(short)])).toBeNull();
  expect(originOf('', [all(short)])).toBeNull();
  expect(looseOriginOf('Please try again later.', [cut(french, 20), all(short)])).toBeNull();
});

it('finds two answers under a headline of the chain', () => {
  const text = `Answer: ${french.slice(0, 20)}\n---\n${short}`;
  expect(originOf(text, [cut(french, 20), all(short)])).toBeNull();
  expect(looseOriginOf(text, [cut(french, 20), all(short)])).toEqual({
    kind: 'spliced',
    by: 1,
    after: 0,
  });
});

it('finds three answers in a row', () => {
  const text = french.slice(0, 20) + short.slice(0, 12) + french;
  const pieces = [cut(french, 20), cut(short, 12), all(french)];
  expect((originOf(text, pieces) ?? looseOriginOf(text, pieces))?.kind).toBe('spliced');
});

it('finds the part of a broken answer within words of the chain', () => {
  const text = `${french.slice(0, 20)} [the answer was interrupted]`;
  expect(looseOriginOf(text, [cut(french, 20)])).toEqual({ kind: 'truncated', by: 0 });
});

it('finds a whole answer within words of the chain', () => {
  expect(looseOriginOf(`Here you are: ${short}`, [cut(french, 3), all(short)])).toEqual({
    kind: 'framed',
    by: 1,
  });
});

it('gives every text of any pieces an origin of theirs, or none', () => {
  const piece = fc
    .tuple(fc.string({ maxLength: 12 }), fc.nat())
    .map(([text, at]) => (at % 2 ? all(text.trim()) : cut(text.trim(), at % 13)));
  fc.assert(
    fc.property(fc.string({ maxLength: 30 }), fc.array(piece, { maxLength: 4 }), (text, pieces) => {
      const origin = originOf(text.trim(), pieces) ?? looseOriginOf(text.trim(), pieces);
      if (origin) expect(pieces[origin.by]).toBeDefined();
    }),
  );
});

it('sees an answer that is shown over again as spliced with itself', () => {
  const twice = { kind: 'spliced', by: 0, after: 0 };
  expect(looseOriginOf(`${french}${french}`, [all(french)])).toEqual(twice);
  expect(looseOriginOf(`${french}\n\n${french}`, [all(french)])).toEqual(twice);
  const words = french.split(/(?<= )/);
  const soFar = words.map((_, index) =>
    words
      .slice(0, index + 1)
      .join('')
      .trim(),
  );
  expect(looseOriginOf(soFar.join(''), [all(french)])).toEqual(twice);
});

it('takes words of the chain around an answer for no repetition', () => {
  const framed = { kind: 'framed', by: 0 };
  expect(looseOriginOf(`Answer: ${french} (AI)`, [all(french)])).toEqual(framed);
  expect(looseOriginOf(`The short of it. ${french}`, [all(french)])).toEqual(framed);
  expect(looseOriginOf(`"${french}"`, [all(french)])).toEqual(framed);
});

it('sees a whole answer where a chain has only taken its full stop off', () => {
  expect(originOf(short.slice(0, -1), [all(short)])).toEqual({ kind: 'whole', by: 0 });
  expect(originOf(short.slice(0, -1), [cut(short, short.length - 1)])?.kind).toBe('truncated');
  expect(originOf('Paris is the capital', [all(short)])?.kind).toBe('truncated');
});

it('sees no splice where a chain has taken the beginning of the second answer off', () => {
  const thought = `<think>They want the capital.</think>\n\n${french}`;
  expect(originOf(french, [cut('To begin with, Paris.', 9), all(thought)])).toBe(null);
  expect(originOf(french, [cut('The city is Lyon.', 12), all(`Sure! ${french}`)])).toBe(null);
});

describe('a text that a chain has set otherwise', () => {
  const list =
    '**Paris**, *the* capital.\r\n\r\n- It is on the "Seine".\n- It has 2 million people.';
  const set = (text: string): string =>
    text.replace(/[*"-]/g, '').replace(/\s+/g, ' ').trim().toUpperCase();

  it('is the whole answer, the part or the splice that it was before', () => {
    expect(bentOriginOf(set(list), [all(list)])?.kind).toBe('whole');
    expect(bentOriginOf(`${set(list)} Ask us more!`, [all(list)])?.kind).toBe('framed');
    for (const chars of [20, 40, 60]) {
      const part = set(list.slice(0, chars));
      expect(bentOriginOf(part, [cut(list, chars)])).toEqual({ kind: 'truncated', by: 0 });
      expect(bentOriginOf(`${part} ${set(french)}`, [cut(list, chars), all(french)])).toEqual({
        kind: 'spliced',
        by: 1,
        after: 0,
      });
    }
  });

  it('is whole where the broken attempt was thrown away and asked again', () => {
    expect(bentOriginOf(set(list), [cut(list, 40), all(list)])).toEqual({ kind: 'whole', by: 1 });
  });

  it('is no part where somebody sent all, and the chain wanted no more of it', () => {
    const form = '{"category":"refund","confidence":0.9}';
    expect(bentOriginOf('{"category": "refund"}', [all(form)])).toBe(null);
    expect(bentOriginOf('{"category": "refund"}', [cut(form, 25)])?.kind).toBe('truncated');
  });

  it('is not known by too few letters, nor where letters were destroyed', () => {
    expect(bentOriginOf('PARIS', [all('paris')])).toBe(null);
    expect(bentOriginOf('Paris is the c\ufffdpital', [cut(short, 30)])).toBe(null);
  });
});
