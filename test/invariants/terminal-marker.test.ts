import { describe, expect, it } from 'vitest';
import { terminalMarker } from '../../harness/invariants/terminal-marker.ts';
import { textOf } from '../scorers/hand-made.ts';
import {
  claude,
  gpt,
  inBand,
  judgeOne,
  ok,
  one,
  partly,
  status,
  verdict,
  viewOf,
} from './histories.ts';

const cut = { from: 100, to: 900, until: 1000, how: 'short' } as const;

describe('I01 terminal marker', () => {
  it('holds for an answer that was finished', () => {
    expect(verdict('I01', one([ok(gpt, 0)], { outcome: 'complete' }))).toBe('held 1');
  });

  it('holds for a stream that the chain closed once it had the marker', () => {
    const attempt = ok(gpt, 0, 1000, { end: { how: 'aborted' } });
    expect(verdict('I01', one([attempt], { outcome: 'complete' }))).toBe('held 1');
  });

  it('is violated by a cut stream that is presented as an answer', () => {
    const history = one([partly(gpt, 0, cut)], { outcome: 'truncated' });
    expect(verdict('I01', history)).toBe('violated 1/1');
    expect(judgeOne('I01', history).first?.text).toContain(
      'attempt 1 (openai/gpt-4o, 100.0 s): cut short as if complete after 1.0 s, having sent 100',
    );
  });

  it('is violated by all of a text without its marker', () => {
    const attempt = partly(gpt, 0, cut, { end: { chars: 400 } });
    expect(verdict('I01', one([attempt], { outcome: 'complete' }))).toBe('violated 1/1');
  });

  it('is violated by an empty success after an error inside a 200', () => {
    const history = one([inBand(gpt, 0, 'server-error')], { outcome: 'empty' });
    expect(verdict('I01', history)).toBe('violated 1/1');
  });

  it('is violated by a success that came before the payload was over', () => {
    const history = one([ok(gpt, 0, 5000)], { outcome: 'truncated', ends: 2000 });
    expect(verdict('I01', history)).toBe('violated 1/1');
    expect(judgeOne('I01', history).first?.text).toContain('while payload came until 105.0 s');
  });

  it('does not accuse a chain that shortens a finished answer', () => {
    expect(verdict('I01', one([ok(gpt, 0)], { outcome: 'truncated' }))).toBe('held 1');
  });

  it('does not accuse a continuation that was finished', () => {
    const history = one([partly(gpt, 0, cut), ok(claude, 1100)], { outcome: 'continued' });
    expect(verdict('I01', history)).toBe('held 1');
  });

  it('does not accuse a cut stream that ends in an error', () => {
    const history = one([partly(gpt, 0, cut)], { outcome: 'error' });
    expect(verdict('I01', history)).toBe('not-applicable');
  });

  it('does not accuse the loser of a race that sent the same text', () => {
    const text = { reply: { text: 'answer 1' } };
    const attempts = [
      ok(gpt, 0, 1000, text),
      partly(claude, 100, { ...cut, to: 950, how: 'aborted' }, text),
    ];
    expect(verdict('I01', one(attempts, { outcome: 'complete', by: 1 }))).toBe('held 1');
  });

  it('does not accuse a loser whose text another target had sent by then', () => {
    const winner = { reply: { text: `s1~${gpt}` } };
    const loser = { reply: { text: `s1~${claude}` } };
    const judged = (text: string, ends: number): number => {
      const attempts = [ok(gpt, 0, 1_000, winner), ok(claude, 200, 5_000, loser)];
      const { records } = one(attempts, { outcome: 'complete', by: 1, ends });
      const state = terminalMarker.start(viewOf());
      terminalMarker.event?.(state, textOf(gpt, 'Within a week.'));
      terminalMarker.event?.(state, textOf(claude, text));
      for (const record of records) terminalMarker.call?.(state, record);
      return terminalMarker.end(state).violations;
    };
    expect(judged('Within a week.\n', 1_000)).toBe(0);
    expect(judged('Within a week.', 500)).toBe(1);
    expect(judged('Never.', 1_000)).toBe(1);
  });

  it('leaves copies of an earlier answer to the call that got it first', () => {
    const history = one([], { outcome: 'truncated', cachedFrom: 1 });
    expect(verdict('I01', history)).toBe('not-applicable');
  });

  it('leaves an empty answer after refused requests to others', () => {
    const history = one([status(gpt, 0, 503)], { outcome: 'empty', by: null });
    expect(verdict('I01', history)).toBe('not-applicable');
  });
});
