import { describe, expect, it } from 'vitest';
import { compareTwins, statusOf } from '../../harness/scoring/judge-invariants.ts';
import type { AttemptSpec, CallSpec } from './histories.ts';
import { claude, gpt, History, judgeAll, ok, partly, status } from './histories.ts';

const sent = 'Grüße aus dem Lager: alles ist unterwegs.';
const whole = (target: string, at: number): AttemptSpec =>
  ok(target, at, 1000, { reply: { text: 't1' } });

function made(attempts: AttemptSpec[], spec: CallSpec): History {
  return new History().says('t1', sent).call(attempts, spec);
}

function compared(trial: History, other: History): string {
  const { I28 } = compareTwins(judgeAll(trial), judgeAll(other, { twin: 'chunks' }), 'chunks');
  return `${statusOf(I28)} ${I28?.violations}/${I28?.exercised}`;
}

const got = (text: string, outcome: CallSpec['outcome'] = 'complete'): CallSpec => ({
  outcome,
  text,
});
const asItIs = made([whole(gpt, 0)], got(sent));

describe('I28 the same bytes in other reads', () => {
  it('holds where the text and the decisions are the same', () => {
    expect(compared(asItIs, asItIs)).toBe('held 0/1');
    const fallback = made([status(gpt, 0, 503), whole(claude, 300)], got(sent));
    expect(compared(fallback, fallback)).toBe('held 0/2');
  });

  it.each<[string, CallSpec]>([
    ['a word is missing', got(sent.replace(' alles', ''))],
    ['a character is destroyed', got(sent.replace('ü', '\ufffd\ufffd'))],
    ['nothing is left of it', got('', 'empty')],
    ['it becomes an error', { outcome: 'error' }],
    ['the chain has a reply of its own instead', got('Sorry.', 'degraded')],
  ])('is violated where %s', (_, spec) => {
    const other = made([whole(gpt, 0)], spec);
    expect(compared(asItIs, other)).toBe('violated 1/1');
    // The odd reads may be those of the trial.
    expect(compared(other, asItIs)).toBe('violated 1/1');
  });

  it('is violated where the chain takes whole bytes for a failure', () => {
    const other = made([whole(gpt, 0), whole(claude, 1500)], got(sent));
    expect(compared(asItIs, other)).toBe('violated 1/1');
    const { I28 } = compareTwins(judgeAll(asItIs), judgeAll(other, { twin: 'chunks' }), 'chunks');
    expect(I28?.first?.text).toBe(
      'attempt 1 (openai/gpt-4o, 100.0 s): complete after 1.0 s. The chain showed it as it is at ' +
        '101.0 s. With the same bytes in other reads it asked another target; it should not notice ' +
        'them.',
    );
  });

  it('is violated where an error is no longer understood', () => {
    const moved = made([status(gpt, 0, 503), whole(claude, 300)], got(sent));
    expect(compared(moved, made([status(gpt, 0, 503)], { outcome: 'error' }))).toBe('violated 1/1');
  });

  it('does not mind words of the chain around an answer, or how it reworks it', () => {
    const signed = (time: string): History => made([whole(gpt, 0)], got(`${sent}\n(${time})`));
    expect(compared(signed('10:01'), signed('10:02'))).toBe('held 0/1');
    const loud = made([whole(gpt, 0)], got(sent.toUpperCase().replace('SS', 'ß')));
    expect(compared(loud, loud)).toBe('held 0/1');
  });

  it('does not accuse a chain that draws lots on a failure', () => {
    const cut = partly(
      gpt,
      0,
      { from: 50, to: 90, until: 100, how: 'reset' },
      {
        reply: { text: 't1' },
        effect: { kind: 'cut' },
        fault: 'disconnect',
      },
    );
    const trial = made([cut, whole(gpt, 300)], got(sent)).call(
      [cut, whole(claude, 300)],
      got(sent),
    );
    const other = made([cut, whole(claude, 300)], got(sent));
    expect(compared(trial, other)).toMatch(/^held/);
  });

  it.each<[string, History]>([
    ['calls that their callers left', made([whole(gpt, 0)], { outcome: 'aborted' })],
    ['answers from a cache', made([whole(gpt, 0)], got(sent, 'cached'))],
    ['attempts side by side', made([whole(gpt, 0), whole(claude, 100)], got(sent))],
    ['vectors', made([ok(gpt, 0, 100, { start: { vectors: true } })], got(sent))],
  ])('does not compare %s', (_, trial) => {
    expect(compared(trial, trial)).toBe('not-applicable 0/0');
  });

  it('is not applicable without a twin', () => {
    expect(statusOf(judgeAll(asItIs).I28)).toBe('not-applicable');
  });
});
