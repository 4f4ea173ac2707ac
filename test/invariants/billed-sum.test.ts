// I24 on hand-made histories. Each attempt is billed 10 + 10 tokens, unless it says more.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EndEvent, Meta } from '../../harness/history.ts';
import { billedSum } from '../../harness/invariants/billed-sum.ts';
import type { AttemptSpec } from './histories.ts';
import {
  claude,
  gpt,
  type History,
  judgeOne,
  ok,
  one,
  partly,
  status,
  verdict,
  viewOf,
} from './histories.ts';

const failed = status(gpt, 0, 503, {}, { end: { input: 0, output: 0 } });

function said(attempts: AttemptSpec[], meta: Meta): History {
  return one(attempts, { outcome: 'complete', answer: { meta } });
}

const cut = (end: Partial<EndEvent>, start = {}) =>
  partly(gpt, 0, { from: 100, to: 200, until: 300, how: 'reset' }, { end, start });

describe('usage', () => {
  it('is not judged where the chain says nothing of it', () => {
    expect(verdict('I24', said([failed, ok(claude, 300)], {}))).toBe('not-applicable');
  });

  it.each([
    [{ input: 10, output: 10 }, 'held 1'],
    [{ input: 20, output: 20 }, 'violated 1/1'],
    [{ input: 0, output: 0 }, 'violated 1/1'],
    [{ input: 410, output: 10 }, 'violated 1/1'],
  ])(
    'of one that answered after one that was turned down, told as %j, is %s',
    (usage, expected) => {
      expect(verdict('I24', said([failed, ok(claude, 300)], { usage }))).toBe(expected);
    },
  );

  it('may have what was asked beside the question, or not', () => {
    const probe = ok(gpt, 0, 100, { start: { beside: true } });
    const sum = (input: number) =>
      verdict('I24', said([probe, ok(claude, 300)], { usage: { input, output: input } }));
    expect(sum(10)).toBe('held 1');
    expect(sum(20)).toBe('held 1');
    expect(sum(40)).toBe('violated 1/1');
  });

  it('has what a broken stream had counted', () => {
    const counted = cut({ input: 100, output: 40, told: 'input' });
    const sum = (input: number, output: number) =>
      verdict('I24', said([counted, ok(claude, 1_000)], { usage: { input, output } }));
    expect(sum(110, 10)).toBe('held 1');
    expect(sum(110, 50)).toBe('held 1');
    expect(sum(10, 10)).toBe('violated 1/1');
    expect(sum(110, 400)).toBe('violated 1/1');
  });

  it('may have or leave out what nobody has counted', () => {
    const uncounted = cut({ input: 100, output: 40, told: 'nothing' });
    const sum = (input: number, output: number) =>
      verdict('I24', said([uncounted, ok(claude, 1_000)], { usage: { input, output } }));
    expect(sum(10, 10)).toBe('held 1');
    expect(sum(110, 50)).toBe('held 1');
  });

  it('may leave out what ended after the answer', () => {
    const loser = ok(gpt, 0, 5_000);
    const history = one([loser, ok(claude, 300, 700)], {
      outcome: 'complete',
      ends: 1_000,
      answer: { meta: { usage: { input: 10, output: 10 } } },
    });
    expect(verdict('I24', history)).toBe('held 1');
  });

  it('may leave out what stands behind an end that the chain did not like', () => {
    const counts = { input: 100, output: 40, marker: true };
    const sum = (stream: boolean) => {
      const first = cut(counts, { stream });
      const usage = { input: 10, output: 10 };
      return verdict('I24', said([first, ok(claude, 1_000)], { usage }));
    };
    expect([sum(true), sum(false)]).toEqual(['held 1', 'violated 1/1']);
  });

  it('is no number only where nobody was told one', () => {
    const nan: Meta = { usage: { input: 'NaN', output: 10 } };
    expect(judgeOne('I24', said([ok(gpt, 0)], nan)).first?.text).toContain(
      '10 + 10 tokens billed. At 101.0 s the chain said NaN for its input tokens; a number is ' +
        'right here, or no word of it.',
    );
    expect(verdict('I24', said([ok(gpt, 0)], { usage: null }))).toBe('violated 1/1');
    const quiet = ok(gpt, 0, 900, { effect: { kind: 'quirk', quirks: { usage: 'missing' } } });
    expect(verdict('I24', said([quiet], { usage: null }))).toBe('not-applicable');
    expect(verdict('I24', said([quiet], nan))).toBe('violated 1/1');
  });

  it('is right for every sum of what the attempts were billed', () => {
    const billed = fc.record({ input: fc.nat(5_000), output: fc.nat(5_000) });
    fc.assert(
      fc.property(fc.array(billed, { minLength: 1, maxLength: 6 }), (bills) => {
        const attempts = bills.map((end, at) => ok(gpt, at * 2_000, 900, { end }));
        const sum = (of: 'input' | 'output') => bills.reduce((all, bill) => all + bill[of], 0);
        const usage = { input: sum('input'), output: sum('output') };
        expect(verdict('I24', said(attempts, { usage }))).not.toContain('violated');
        const twice = { input: usage.input * 2 + 20, output: usage.output };
        expect(verdict('I24', said(attempts, { usage: twice }))).toBe('violated 1/1');
      }),
    );
  });
});

describe('cost', () => {
  const price: Record<string, { input: number; output: number }> = {
    [gpt]: { input: 2, output: 10 },
    [claude]: { input: 3, output: 15 },
  };
  const tokens = { input: 1_000, output: 1_000 };

  function cost(costUsd: number | 'NaN' | null, effect?: object): string {
    const served = ok(claude, 1_000, 900, { end: tokens, ...(effect ? { effect } : {}) });
    const history = said([cut({ ...tokens, marker: true }, { stream: false }), served], {
      costUsd,
    });
    const state = billedSum.start({ ...viewOf(), price: (target) => price[target] ?? null });
    for (const record of history.records) billedSum.call?.(state, record);
    const { exercised, violations } = billedSum.end(state);
    return exercised === 0 ? 'not judged' : violations === 0 ? 'held' : 'violated';
  }

  it.each([
    ['the sum of both at their own prices', 0.03, 'held'],
    ['the price of the first for all', 0.024, 'violated'],
    ['the last attempt alone', 0.018, 'violated'],
    ['nothing', 0, 'violated'],
    ['null', null, 'violated'],
    ['a sum that went wrong', 'NaN' as const, 'violated'],
    ['by a price list of its own', 0.0412, 'not judged'],
  ])('is %s', (_, costUsd, expected) => {
    expect(cost(costUsd)).toBe(expected);
  });

  it('may be that of the model that the response names', () => {
    price['anthropic/opus'] = { input: 15, output: 75 };
    const named = { kind: 'quirk', quirks: { model: 'opus' } };
    expect(cost(0.012 + 0.09, named)).toBe('held');
  });
});
