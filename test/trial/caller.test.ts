import { describe, expect, it } from 'vitest';
import type { Ask, ChainAnswer } from '../../harness/chains/chain.ts';
import { HarnessError } from '../../harness/errors.ts';
import { askAndRead, isWellFormed, questionOf, ticketOf } from '../../harness/trial/caller.ts';
import type { Sample } from '../../harness/workloads/workload.ts';
import { plainSample } from '../../harness/workloads/workload.ts';
import { oddThrows } from './odd-throws.ts';

const sample: Sample = {
  ...plainSample,
  id: 'a',
  critical: true,
  system: 'Be brief.',
  prompt: 'Ticket {{ticket}}: hello, {{ticket}}?',
};

async function* pieces(...list: string[]): AsyncGenerator<string> {
  yield* list;
}

/** Asks on a clock that goes on by one at each look. */
function got(ask: Ask, signal = new AbortController().signal) {
  let now = 0;
  return askAndRead(ask, questionOf(sample, 1), signal, () => ++now);
}

const answering = (answer: unknown) => got(async () => answer as ChainAnswer);

describe('a question', () => {
  it('carries the ticket of its call in its slot, and never the checks', () => {
    const question = questionOf(sample, 42);
    expect(question.prompt).toBe('Ticket 5000042: hello, 5000042?');
    expect(question.messages).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: question.prompt },
    ]);
    expect(question).not.toHaveProperty('checks');
  });

  it('gets a slot at its end where it has none', () => {
    const { prompt, messages } = questionOf({ ...sample, system: null, prompt: 'Hello' }, 7);
    expect(prompt).toBe('Hello\n\n[ticket 5000007]');
    expect(messages).toHaveLength(1);
  });

  it('has a ticket of the same length for every call', () => {
    expect(ticketOf(1)).toHaveLength(ticketOf(999_999).length);
  });
});

describe('an answer', () => {
  it('is a text', async () => {
    expect(await answering('hello')).toEqual({ kind: 'text', at: 2, first: 1, text: 'hello' });
  });

  it('is pieces, the first of them with a character being its first', async () => {
    expect(await answering(pieces('', 'a', '', 'b'))).toEqual({
      kind: 'text',
      at: 2,
      first: 1,
      text: 'ab',
    });
  });

  it('has no first character where it is empty', async () => {
    expect(await answering(pieces('', ''))).toMatchObject({ kind: 'text', first: null, text: '' });
  });

  it('may come with what the chain says of it, now or at the end', async () => {
    const meta = { servedBy: 'openai/gpt-4o' };
    expect(await answering({ text: 'x', meta })).toMatchObject({ text: 'x', meta });
    expect(await answering({ text: pieces('x'), meta: () => meta })).toMatchObject({ meta });
    expect(await answering({ text: 'x', meta: () => undefined })).not.toHaveProperty('meta');
  });

  it.each([
    ['undefined as its answer', undefined],
    ['null as its answer', null],
    ['number as its answer', 42],
    ['object as its answer', { a: 1 }],
    ['object as its answer', ['a']],
    ['null as `text`', { text: null }],
    [
      'object as a piece of its answer',
      (async function* () {
        yield { a: 1 };
      })(),
    ],
    [
      'undefined as a piece of its answer',
      {
        text: (async function* () {
          yield undefined;
        })(),
      },
    ],
  ])('that is %s is a mistake of the chain’s author', async (what, answer) => {
    const failure = await answering(answer).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(HarnessError);
    expect(String(failure)).toContain(`the chain gave ${what}: return a string`);
  });
});

const circle: Record<string, unknown> = { served: 'cache' };
circle.circle = circle;
const { proxy, revoke } = Proxy.revocable({}, {});
revoke();

describe('what a chain says of its answer', () => {
  it.each([
    ['a string as `meta`: give { served', 'hello'],
    ['the number 7 as `meta`: give { served', 7],
    ['an object as `meta.served`: give a string', { served: {} }],
    ['a list as `meta`: give { served', []],
    ['a promise as `meta`: await it first', Promise.resolve({ served: 'openai/gpt-4o' })],
    ['a promise as `meta`: await it first', async () => ({ served: 'openai/gpt-4o' })],
    ['the number 5 as `meta.served`: give a string', { served: 5 }],
    ['null as `meta.served`: give a string', { served: null }],
    ['a bigint as `meta.cachedMs`: give the age', { cachedMs: 10n }],
    ['the number NaN as `meta.cachedMs`: give the age', { cachedMs: Number.NaN }],
    ['a string as `meta.degraded`: give true or false', { degraded: 'yes' }],
    ['a string as `meta.hops`: give a list of { target, outcome }', { hops: 'x' }],
    ['a list of something else as `meta.hops`: give', { hops: [{ target: 'a' }] }],
    ['what JSON cannot hold (a circle, a BigInt) in `meta`: give strings', circle],
    ['what JSON cannot hold (a circle, a BigInt) in `meta`: give strings', { more: 1n }],
    ['what JSON cannot hold (a circle, a BigInt) in `meta`: give strings', proxy],
  ])('is refused: %s', async (words, meta) => {
    const failure = await answering({ text: 'x', meta }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(HarnessError);
    expect(String(failure)).toContain(`the chain gave ${words}`);
  });

  it('is kept as it was then, with what it has beside the known', async () => {
    const hops = [{ target: 'openai/gpt-4o', outcome: 'ok', ms: 7 }];
    const meta = { served: 'cache', cachedMs: 0, degraded: false, hops, trace: ['a'] };
    const { meta: kept } = await answering({ text: 'x', meta });
    hops.pop();
    expect(kept).toMatchObject({ cachedMs: 0, hops: [{ ms: 7 }], trace: ['a'] });
  });
});

describe('an error', () => {
  it('keeps the text that came before it', async () => {
    const broken = async function* () {
      yield 'half';
      throw new TypeError('terminated');
    };
    expect(await got(async () => broken())).toEqual({
      kind: 'error',
      at: 2,
      first: 1,
      text: 'half',
      error: { name: 'TypeError', message: 'terminated', causes: [] },
    });
  });

  it('of a chain that throws at once is no crash of ours', async () => {
    const ask: Ask = () => {
      throw new Error('no');
    };
    expect(await got(ask)).toMatchObject({ kind: 'error', error: { message: 'no' } });
  });

  it.each(oddThrows)('that is %s is an error of the chain too', async (_, thrown) => {
    expect(await got(async () => Promise.reject(thrown))).toMatchObject({ kind: 'error' });
  });

  it('after an abort is the abort', async () => {
    const abort = new AbortController();
    abort.abort();
    const asked = got(async () => Promise.reject(abort.signal.reason), abort.signal);
    expect(await asked).toMatchObject({ kind: 'aborted' });
  });
});

it('calls a text malformed only where the sample demands JSON', () => {
  const json = { ...sample, schema: { type: 'object' } };
  expect(isWellFormed(sample, 'no json')).toBe(true);
  expect(isWellFormed(json, '{"a": 1}')).toBe(true);
  expect(isWellFormed(json, '{"a": 1')).toBe(false);
  expect(isWellFormed(json, '')).toBe(true);
});
