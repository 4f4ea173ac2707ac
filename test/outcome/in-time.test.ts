import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CallRecord } from '../../harness/outcome/call-record.ts';
import type { AttemptSpec, CallSpec } from '../scorers/hand-made.ts';
import { historyOf, primary, recordsOf, second, textOf, viewOf } from '../scorers/hand-made.ts';

const gpt = 'A refund takes five working days from the day the parcel is back.';
const claude = 'You get your money back within a week after we receive the item.';
const texts = [textOf(primary, gpt), textOf(second, claude)];
const alike = [textOf(primary, gpt), textOf(second, gpt)];
const sorry = 'Sorry, please try again later.';

/** A minute until the first payload. */
const slow = { first: 60_000, to: 61_000 };
const fallback = { target: second, from: 3_000, to: 3_500 };

function one(spec: CallSpec, book = texts, view = viewOf()): CallRecord {
  const [record] = recordsOf(historyOf([spec], book), view);
  if (!record) throw new Error('no record');
  return record;
}

function last(...calls: CallSpec[]): CallRecord {
  const record = recordsOf(historyOf(calls, texts)).find(({ call }) => call.call === calls.length);
  if (!record) throw new Error('no record');
  return record;
}

describe('an attempt that had sent nothing when the answer came', () => {
  it('is no source of it: the words are the chain’s own', () => {
    expect(one({ attempts: [slow], text: sorry, after: 3_000 })).toMatchObject({
      outcome: 'degraded',
      servedBy: null,
      because: "No target had sent an answer: these are the application's own words.",
    });
  });

  it('gives no part of it either', () => {
    const attempts = [{ ...slow, chars: 20, how: 'reset' as const }];
    expect(one({ attempts, text: gpt.slice(0, 20), after: 3_000 }).outcome).toBe('degraded');
    const spliced = { attempts: [fallback, slow], text: gpt.slice(0, 20) + claude };
    expect(one({ ...spliced, after: 3_500 }).outcome).not.toBe('spliced');
  });

  it('lets a fallback serve that the chain asked instead', () => {
    const call = { attempts: [slow, fallback], text: claude, after: 3_500 };
    expect(one(call)).toMatchObject({ outcome: 'complete', servedBy: { target: second } });
    expect(one({ ...call, text: '{"days":7}' })).toMatchObject({
      outcome: 'complete',
      servedBy: { target: second },
    });
  });

  it('makes no answer of a cache its own, not even in a later refresh', () => {
    const first = { attempts: [{}], text: gpt };
    const refreshed = { attempts: [{ from: 0, to: 900 }], text: gpt, after: 0 };
    expect(last(first, refreshed)).toMatchObject({ outcome: 'cached', cachedFrom: 1 });
    const reworked = { attempts: [{}], text: '{"days":5}' };
    const stale = { attempts: [{ to: 900 }], text: '{"days":5}', after: 0 };
    expect(last(reworked, stale)).toMatchObject({ outcome: 'cached', cachedFrom: 1 });
  });

  it('is not heard of: neither its status nor its empty reply', () => {
    const late = { attempts: [{ from: 5_000, status: 503 }], text: '503 sorry', after: 3_000 };
    expect(one(late).outcome).toBe('degraded');
    const empty = { attempts: [{ from: 5_000, chars: 0 }], text: '', after: 3_000 };
    expect(one(empty)).toMatchObject({ outcome: 'empty', servedBy: null });
  });

  it('is none where it cannot be attributed', () => {
    const stray = { ...slow, stray: true };
    const record = last({ attempts: [stray, { to: 70_000 }], text: gpt, after: 3_000 });
    expect(record).toMatchObject({ outcome: 'cached', servedBy: null });
  });
});

describe('a stream that went on after the answer', () => {
  it('gave a part of it', () => {
    const attempts = [{ first: 100, to: 9_000 }];
    expect(one({ attempts, text: gpt.slice(0, 30), after: 3_000 })).toMatchObject({
      outcome: 'truncated',
      servedBy: { target: primary },
    });
    const glued = { attempts: [...attempts, fallback], text: gpt.slice(0, 30) + claude };
    expect(one({ ...glued, after: 3_500 }).outcome).toBe('spliced');
  });

  it('did not give all of it', () => {
    const running = { attempts: [{ first: 100, to: 9_000 }], text: gpt, after: 3_000 };
    expect(last({ attempts: [{}], text: gpt }, running)).toMatchObject({
      outcome: 'cached',
      servedBy: null,
    });
    const own = { attempts: [{ first: 100, to: 9_000 }], text: sorry, after: 3_000 };
    expect(one(own).outcome).toBe('degraded');
  });

  it('has the doubt by the grain of a real clock', () => {
    const call = { attempts: [{ to: 1_001 }], text: '{"days":5}', after: 1_000 };
    expect(one(call).outcome).toBe('degraded');
    const real = viewOf({ trial: { clock: 'real' } });
    expect(one(call, texts, real).outcome).toBe('complete');
  });
});

describe('of two attempts with the same text', () => {
  const hedge = { target: second, from: 200, to: 900 };
  const cases: [string, AttemptSpec[], number, string][] = [
    ['the last of two that came one after the other', [{ to: 100 }, hedge], 900, second],
    ['the only one that had sent it', [{ to: 600 }, hedge], 600, primary],
    ['the hedge that was sooner', [{ to: 1_500 }, hedge], 900, second],
    ['the first to finish, though the chain thought it over', [{ to: 600 }, hedge], 1_200, primary],
    ['the one that the chain still waited for', [{ to: 600 }, hedge], 900, second],
    ['the one that asked first, where both came at once', [{ to: 900 }, hedge], 900, primary],
    ['the one with a marker', [{ to: 600, marker: false }, hedge], 1_200, second],
  ];
  it.each(cases)('served %s', (_, attempts, after, target) => {
    expect(one({ attempts, text: gpt, after }, alike).servedBy?.target).toBe(target);
  });

  it('served the one that the chain names, if it had sent it', () => {
    const call = { attempts: [{ to: 600 }, hedge], text: gpt, after: 900 };
    const named = (served: string, after: number): string | undefined =>
      one({ ...call, after, answer: { meta: { served } } }, alike).servedBy?.target;
    expect(named(primary, 900)).toBe(primary);
    expect(named('GPT-4o', 900)).toBe(primary);
    expect(named(second, 1_200)).toBe(second);
    expect(named(second, 600)).toBe(primary);
    expect(named('backup', 900)).toBe(second);
  });

  it('never served one that was not finished', () => {
    const time = fc.integer({ min: 1, max: 2_000 });
    fc.assert(
      fc.property(time, time, time, (to, more, after) => {
        const attempts = [{ to }, { target: second, from: 200, to: 200 + more }];
        const { servedBy } = one({ attempts, text: gpt, after }, alike);
        const finished = attempts.filter((attempt) => attempt.to <= after);
        expect(servedBy === null).toBe(finished.length === 0);
        expect(servedBy?.end?.last ?? 0).toBeLessThanOrEqual(after);
      }),
    );
  });
});
