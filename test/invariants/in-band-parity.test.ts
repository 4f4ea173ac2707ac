import { describe, expect, it } from 'vitest';
import { compareTwins, mergeInvariants, statusOf } from '../../harness/scoring/judge-invariants.ts';
import type { ViewSpec } from './histories.ts';
import { claude, gpt, History, inBand, judgeAll, lost, ok, one, status } from './histories.ts';

const twin: ViewSpec = { twin: 'status' };

function parity(trial: History, other: History): string {
  const compared = compareTwins(judgeAll(trial), judgeAll(other, twin), 'status');
  const tally = compared.I04;
  return `${statusOf(tally)} ${tally?.violations}/${tally?.exercised}`;
}

const overloaded = inBand(gpt, 0, 'overloaded');
const http529 = status(gpt, 0, 529, { reason: 'overloaded' });

describe('I04 in-band parity', () => {
  it('holds where both fall back', () => {
    const trial = one([overloaded, ok(claude, 300)], { outcome: 'complete' });
    const other = one([http529, ok(claude, 200)], { outcome: 'complete' });
    expect(parity(trial, other)).toBe('held 0/1');
  });

  it('holds where both end in an error', () => {
    const trial = one([overloaded], { outcome: 'error' });
    expect(parity(trial, one([http529], { outcome: 'error' }))).toBe('held 0/1');
  });

  it('is violated where only the status falls back', () => {
    const trial = one([overloaded], { outcome: 'error' });
    const other = one([http529, ok(claude, 200)], { outcome: 'complete' });
    expect(parity(trial, other)).toBe('violated 1/1');
    const { first } = compareTwins(judgeAll(trial), judgeAll(other, twin), 'status').I04 ?? {};
    expect(first?.text).toBe(
      'attempt 1 (openai/gpt-4o, 100.0 s): 200 with overloaded in its body after 0.2 s, before ' +
        'any payload. The chain ended as an error at 100.2 s. For the equal HTTP status it went ' +
        'on; both should be treated alike.',
    );
  });

  it('is violated where the error inside a 200 is taken for an empty answer, or hangs', () => {
    const other = one([http529, ok(claude, 200)], { outcome: 'complete' });
    expect(parity(one([overloaded], { outcome: 'empty' }), other)).toBe('violated 1/1');
    const hung = one([overloaded], { outcome: 'hung', hung: 'proven' });
    expect(parity(hung, other)).toBe('violated 1/1');
  });

  it('is violated where only the error inside a 200 goes on', () => {
    const trial = one([inBand(gpt, 0, 'auth'), ok(claude, 300)], { outcome: 'complete' });
    const other = one([status(gpt, 0, 401)], { outcome: 'error' });
    expect(parity(trial, other)).toBe('violated 1/1');
  });

  it('judges what comes after the turns of a session that went well', () => {
    const step = ok(gpt, 0, 100, { start: { turn: 1 }, reply: { calls: 1 } });
    const later = { start: { turn: 2 } };
    const trial = one([step, inBand(gpt, 200, 'overloaded', later)], { outcome: 'error' });
    const fallsBack = [step, status(gpt, 200, 529, {}, later), ok(claude, 400, 100, later)];
    expect(parity(trial, one(fallsBack, { outcome: 'complete' }))).toBe('violated 1/1');
    const rescued = [step, inBand(gpt, 200, 'overloaded', later), ok(claude, 600, 100, later)];
    expect(
      parity(one(rescued, { outcome: 'complete' }), one(fallsBack, { outcome: 'complete' })),
    ).toBe('held 0/1');
  });

  it('does not count how often an SDK asks the same target again', () => {
    const trial = one([overloaded, ok(claude, 300)], { outcome: 'complete' });
    const other = one([http529, status(gpt, 600, 529), ok(claude, 1500)], { outcome: 'complete' });
    expect(parity(trial, other)).toBe('held 0/1');
  });

  it('does not accuse a chain that sometimes goes on in both', () => {
    const trial = one([overloaded], { outcome: 'error' });
    const other = new History()
      .call([http529, ok(claude, 200)], { outcome: 'complete' })
      .call([http529], { outcome: 'error' });
    expect(parity(trial, other)).toBe('held 0/1');
  });

  it.each([
    ['late calls', one([overloaded], { outcome: 'error', ends: 20_000 })],
    ['aborted calls', one([overloaded], { outcome: 'aborted' })],
    ['cached answers', one([overloaded], { outcome: 'cached' })],
    [
      'errors after payload',
      one([inBand(gpt, 0, 'overloaded', { end: { first: 50, last: 90, chars: 9 } })], {
        outcome: 'error',
      }),
    ],
    ['other failures', one([lost(gpt, 0)], { outcome: 'error' })],
  ])('does not compare %s', (_, trial) => {
    const other = one([http529, ok(claude, 200)], { outcome: 'complete' });
    expect(parity(trial, other)).toBe('not-applicable 0/0');
  });

  it('does not compare failures of different kinds or targets', () => {
    const other = one([status(claude, 0, 529), ok(gpt, 200)], { outcome: 'complete' });
    expect(parity(one([overloaded], { outcome: 'error' }), other)).toBe('not-applicable 0/0');
    const quota = one([inBand(gpt, 0, 'quota')], { outcome: 'error' });
    const rescued = one([http529, ok(claude, 200)], { outcome: 'complete' });
    expect(parity(quota, rescued)).toBe('not-applicable 0/0');
  });

  it('is not applicable without a twin', () => {
    const tallies = judgeAll(one([overloaded], { outcome: 'error' }));
    expect(statusOf(tallies.I04)).toBe('not-applicable');
  });

  it('compares pooled trials as well as single ones', () => {
    const trial = one([overloaded], { outcome: 'error' });
    const other = one([http529, ok(claude, 200)], { outcome: 'complete' });
    const pooled = mergeInvariants(judgeAll(trial), judgeAll(trial, { trial: 2 }));
    const tally = compareTwins(pooled, judgeAll(other, twin), 'status').I04;
    expect(tally).toMatchObject({ exercised: 2, violations: 2, first: { trial: 1, call: 1 } });
  });
});
