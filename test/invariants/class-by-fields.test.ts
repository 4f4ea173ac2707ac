import { describe, expect, it } from 'vitest';
import { compareTwins, statusOf } from '../../harness/scoring/judge-invariants.ts';
import type { AttemptSpec } from './histories.ts';
import { claude, gpt, History, inBand, judgeAll, ok, one, status } from './histories.ts';

const rejected = (reason: string, more = {}) => ({
  effect: { kind: 'reject', rejection: { reason, ...more } },
});

const limited = (at: number): AttemptSpec =>
  status(gpt, at, 429, { reason: 'rate-limit' }, rejected('rate-limit'));
const missing = (at: number): AttemptSpec =>
  status(gpt, at, 404, { reason: 'not-found' }, rejected('not-found'));

function byFields(trial: History, other: History): string {
  const { I14 } = compareTwins(judgeAll(trial), judgeAll(other, { twin: 'words' }), 'words');
  return `${statusOf(I14)} ${I14?.violations}/${I14?.exercised}`;
}

const answered = { outcome: 'complete' } as const;
const failed = { outcome: 'error' } as const;

describe('I14 the class comes from fields', () => {
  it('holds where other words change nothing', () => {
    const trial = one([limited(0), ok(gpt, 500)], answered);
    expect(byFields(trial, one([limited(0), ok(gpt, 500)], answered))).toBe('held 0/1');
  });

  it('is violated where words bring a retry, and says what changed', () => {
    const trial = one([missing(0), ok(claude, 300)], answered);
    const other = one([missing(0), missing(400), ok(claude, 900)], answered);
    expect(byFields(trial, other)).toBe('violated 1/1');
    const { I14 } = compareTwins(judgeAll(trial), judgeAll(other, { twin: 'words' }), 'words');
    expect(I14?.first?.text).toBe(
      'attempt 1 (openai/gpt-4o, 100.0 s): 404 not-found after 0.1 s. The chain asked another ' +
        'target at 100.3 s. With other words in its errors, and nothing else changed, it asked it ' +
        'again: status and code should have decided.',
    );
  });

  it('is violated where words end a call that would have gone on', () => {
    const trial = one([limited(0), ok(claude, 300)], answered);
    expect(byFields(trial, one([limited(0)], failed))).toBe('violated 1/1');
  });

  it('looks at errors inside a 200, before and after payload', () => {
    const error = { effect: { kind: 'error-event', rejection: { reason: 'overloaded' } } };
    const overloaded = inBand(gpt, 0, 'overloaded', error);
    const trial = one([overloaded, ok(claude, 300)], answered);
    expect(byFields(trial, one([overloaded], failed))).toBe('violated 1/1');
  });

  it('tells rules apart: the words of one may mislead in the trial, and of the other in the twin', () => {
    const rule = (at: number, number: number): AttemptSpec => ({ ...missing(at), rule: number });
    const retried = (number: number): AttemptSpec[] => [rule(0, number), rule(400, number)];
    const trial = new History().call([rule(0, 0)], failed).call(retried(1), failed);
    const other = new History().call(retried(0), failed).call([rule(0, 1)], failed);
    expect(byFields(trial, other)).toBe('violated 2/2');
  });

  it('does not accuse a chain that draws lots', () => {
    const again = [limited(0), ok(gpt, 500)];
    const trial = new History().call(again, answered).call([limited(0), ok(claude, 300)], answered);
    expect(byFields(trial, one(again, answered))).toBe('held 0/2');
  });

  it.each<[string, History]>([
    ['calls that their callers left', one([missing(0)], { outcome: 'aborted' })],
    ['answers from a cache', one([missing(0)], { outcome: 'cached' })],
    ['attempts side by side', one([missing(0), ok(claude, 50), ok(gpt, 90)], answered)],
    ['errors that no rule has made', one([status(gpt, 0, 404)], failed)],
    [
      'bodies without words',
      one([{ ...missing(0), ...rejected('not-found', { body: 'empty' }) }], failed),
    ],
    [
      'flaws, which words alone tell',
      one([{ ...missing(0), ...rejected('not-found', { flaw: { is: 'prefill' } }) }], failed),
    ],
    [
      'an empty account that words alone tell',
      one([status(claude, 0, 400, { reason: 'billing' }, rejected('billing'))], failed),
    ],
  ])('does not compare %s', (_, trial) => {
    expect(byFields(trial, trial)).toBe('not-applicable 0/0');
  });

  it('is not applicable without a twin', () => {
    expect(statusOf(judgeAll(one([missing(0)], failed)).I14)).toBe('not-applicable');
  });
});
