import { describe, expect, it } from 'vitest';
import type { Ask, ChainAnswer } from '../../harness/chains/chain.ts';
import { HarnessError } from '../../harness/errors.ts';
import {
  askAndRead,
  describeError,
  isWellFormed,
  questionOf,
  ticketOf,
} from '../../harness/trial/caller.ts';
import type { Sample } from '../../harness/workloads/workload.ts';

const sample: Sample = {
  id: 'a',
  family: null,
  critical: true,
  system: 'Be brief.',
  prompt: 'Ticket {{ticket}}: hello, {{ticket}}?',
  schema: null,
  checks: [],
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

  it('after an abort is the abort', async () => {
    const abort = new AbortController();
    abort.abort();
    const asked = got(async () => Promise.reject(abort.signal.reason), abort.signal);
    expect(await asked).toMatchObject({ kind: 'aborted' });
  });
});

describe('what is kept of an error', () => {
  it('is its class, status, code, causes and attempts, and no stack', () => {
    class RateLimitError extends Error {
      readonly status = 429;
      readonly code = 'rate_limit_exceeded';
    }
    const cause = new RateLimitError('slow down');
    const attempts = [{ target: 'openai/gpt-4o', outcome: '429' }, { nonsense: true }];
    const error = Object.assign(new Error('all failed', { cause }), { attempts });
    expect(describeError(error)).toEqual({
      name: 'Error',
      message: 'all failed',
      causes: ['RateLimitError: slow down [429 rate_limit_exceeded]'],
      attempts: [{ target: 'openai/gpt-4o', outcome: '429' }],
    });
    expect(describeError(cause)).toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
  });

  it('is bounded, whatever is thrown', () => {
    const loop = new Error('a');
    loop.cause = loop;
    expect(describeError(loop).causes).toHaveLength(5);
    expect(describeError(new Error('x'.repeat(9999))).message).toHaveLength(501);
    for (const thrown of [null, undefined, 'text', 7, { message: 'x' }, Symbol('s')]) {
      expect(describeError(thrown)).toMatchObject({ causes: [] });
    }
    expect(describeError(Object.assign(new Error('x'), { attempts: [null, 1] })).attempts).toEqual(
      [],
    );
  });
});

it('calls a text malformed only where the sample demands JSON', () => {
  const json = { ...sample, schema: { type: 'object' } };
  expect(isWellFormed(sample, 'no json')).toBe(true);
  expect(isWellFormed(json, '{"a": 1}')).toBe(true);
  expect(isWellFormed(json, '{"a": 1')).toBe(false);
  expect(isWellFormed(json, '')).toBe(true);
});
