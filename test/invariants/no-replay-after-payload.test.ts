import { describe, expect, it } from 'vitest';
import { claude, gpt, inBand, judgeOne, lost, ok, one, partly, verdict } from './histories.ts';

const broken = partly(gpt, 0, { from: 100, to: 900, until: 1000, how: 'reset' });
/** The caller read along: its first character came with the first payload. */
const read = { first: 100_100 };

describe('I03 after payload', () => {
  it('is violated by a second answer behind a part of the first', () => {
    const history = one([broken, ok(claude, 1100)], { outcome: 'spliced', answer: read });
    expect(verdict('I03', history)).toBe('violated 1/1');
    expect(judgeOne('I03', history).first?.text).toMatch(
      /^attempt 1 \(openai\/gpt-4o, 100\.0 s\): connection reset after 1\.0 s, after 100 characters\. What the caller got at 102\.1 s as an answer is spliced/,
    );
  });

  it('is violated by two answers that were glued together before the caller read any', () => {
    const history = one([broken, ok(claude, 1100)], { outcome: 'spliced' });
    expect(verdict('I03', history)).toBe('violated 1/1');
  });

  it.each(['reset', 'fin', 'short', 'aborted', 'client-timeout'] as const)(
    'is violated by a part that is presented as an answer (%s)',
    (how) => {
      const attempt = partly(gpt, 0, { from: 100, to: 900, until: 1000, how });
      expect(verdict('I03', one([attempt], { outcome: 'truncated' }))).toBe('violated 1/1');
    },
  );

  it('is violated by a part that ends with an error event and is presented as an answer', () => {
    const attempt = inBand(gpt, 0, 'overloaded', { end: { first: 50, last: 190, chars: 80 } });
    expect(verdict('I03', one([attempt], { outcome: 'truncated' }))).toBe('violated 1/1');
  });

  it('holds for an explicit error after a part', () => {
    const history = one([broken], { outcome: 'error', answer: { ...read, chars: 100 } });
    expect(verdict('I03', history)).toBe('held 1');
  });

  it('holds for a continuation without repeated text', () => {
    const history = one([broken, ok(claude, 1100)], { outcome: 'continued', answer: read });
    expect(verdict('I03', history)).toBe('held 1');
  });

  it('is not applicable where the part was held back and thrown away', () => {
    const history = one([broken, ok(claude, 1100)], { outcome: 'complete' });
    expect(verdict('I03', history)).toBe('not-applicable');
  });

  it('is not applicable before any payload', () => {
    const history = one([lost(gpt, 0), ok(claude, 200)], { outcome: 'spliced' });
    expect(verdict('I03', history)).toBe('not-applicable');
  });

  it('does not take a stalled body at once for payload', () => {
    const half = { t: 9000, first: 100, last: 100, how: 'aborted' } as const;
    const attempt = lost(gpt, 0, 'aborted', 9000, {
      start: { stream: false },
      end: { ...half, chars: 0 },
    });
    const history = one([attempt, ok(claude, 9100)], { outcome: 'complete' });
    expect(verdict('I03', history)).toBe('not-applicable');
  });

  it('does not accuse a chain that shortens the answer of another target', () => {
    const history = one([broken, ok(claude, 1100)], { outcome: 'truncated', by: 1 });
    expect(verdict('I03', history)).toBe('not-applicable');
  });

  it("does not judge after the caller's abort, nor a copy of an earlier answer", () => {
    expect(verdict('I03', one([broken], { outcome: 'aborted' }))).toBe('not-applicable');
    const copy = one([broken], { outcome: 'truncated', cachedFrom: 1, by: null });
    expect(verdict('I03', copy)).toBe('not-applicable');
  });
});
