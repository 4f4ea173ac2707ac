import { describe, expect, it } from 'vitest';
import { describeError } from '../../harness/trial/caller-error.ts';
import { oddThrows } from './odd-throws.ts';

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

  it('is each of several errors that it stands for, and their causes', () => {
    const primary = Object.assign(new Error('down'), { status: 503 });
    const other = new TypeError('fetch failed', { cause: new Error('reset') });
    const error = new AggregateError([primary, other, 'no error'], 'All promises were rejected');
    const causes = ['Error: down [503]', 'TypeError: fetch failed', 'Error: reset'];
    expect(describeError(error)).toMatchObject({ name: 'AggregateError', causes });
    const many = new AggregateError(Array.from({ length: 99 }, () => error));
    expect(describeError(many).causes).toHaveLength(5);
  });

  it.each(oddThrows)('is strings alone where it is %s', (_, thrown) => {
    const { name, message, causes, ...more } = describeError(thrown);
    for (const text of [name, message, ...causes]) expect(typeof text).toBe('string');
    expect(JSON.parse(JSON.stringify(more))).toEqual(more);
  });

  it('is its message, whatever else of it cannot be read', () => {
    const error = new TypeError('no');
    Object.defineProperty(error, 'status', {
      get() {
        throw new Error('boo');
      },
    });
    expect(describeError(error)).toEqual({ name: 'TypeError', message: 'no', causes: [] });
    const odd = Object.assign(new Error('x'), { message: { a: 1 } });
    expect(describeError(odd).message).toBe('{"a":1}');
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
