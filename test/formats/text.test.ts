import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanText, oneLine, shortLine } from '../../harness/formats/clean-text.ts';
import { exactText, shareText, timeText } from '../../harness/formats/figure-text.ts';
import { code, plain } from '../../harness/formats/markdown.ts';
import { usersSaw } from '../../harness/formats/users-saw.ts';
import { goldenFigures, hostile } from './golden.ts';

describe('text from outside', () => {
  it('loses escape sequences whole, and control and invisible characters', () => {
    expect(cleanText('a\u001b[31mred\u001b]8;;http://x\u0007b\u0000\u202ec\u200bd')).toBe(
      'aredbcd',
    );
    expect(cleanText('one\r\ntwo\rthree\u2028four\tfive')).toBe('one\ntwo\nthree\nfour five');
    expect(oneLine(' one\n\n two ')).toBe('one two');
  });

  it('is cut between characters, never inside one', () => {
    expect(shortLine('🔥🔥🔥', 2)).toBe('🔥🔥...');
    expect(shortLine('abc', 3)).toBe('abc');
  });

  it('keeps no half of a character pair', () => {
    expect(oneLine('a\ud800b')).toBe('a\ufffdb');
  });
});

describe('text inside Markdown', () => {
  it('stays text', () => {
    expect(plain('<script>')).toBe('&lt;script&gt;');
    expect(plain('a | b')).toBe('a \\| b');
    expect(plain('[a](http://x) *b* _c_ `d`')).toBe('\\[a\\](http:\\//x) \\*b\\* \\_c\\_ \\`d\\`');
    expect(plain('# one')).toBe('\\# one');
    expect(plain('- one')).toBe('\\- one');
    expect(plain('1. one')).toBe('1\\. one');
    expect(plain('www.example.com')).toBe('www\\.example.com');
  });

  it('leaves figures readable', () => {
    expect(plain('93.0% (-1.1% to 2.0%)')).toBe('93.0% (-1.1% to 2.0%)');
    expect(plain('-1.1%')).toBe('-1.1%');
  });

  it('never ends a table cell or begins a tag', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (words) => {
        expect(plain(words).replace(/\\[\\|]/g, '')).not.toMatch(/[|<>\n]/);
      }),
    );
  });

  it('never leaves its code span', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('`', 'a', ' ') }), (words) => {
        const fence = /^`+/.exec(code(words))?.[0] ?? '';
        const inner = code(words).slice(fence.length, -fence.length);
        expect(code(words).endsWith(fence)).toBe(true);
        expect(inner.match(/`+/g) ?? []).not.toContain(fence);
        expect(inner).not.toMatch(/^`|`$/);
      }),
    );
  });
});

describe('figures in words', () => {
  it('never says all or none of a share that is not', () => {
    expect(shareText(1)).toBe('100.0%');
    expect(shareText(0.99999)).toBe('>99.9%');
    expect(shareText(0.00001)).toBe('<0.1%');
    expect(shareText(0)).toBe('0%');
    expect(shareText(-0.0112)).toBe('-1.1%');
  });

  it('uses the unit that fits', () => {
    expect([0, 840, 2_310, 119_900, 870_000, 32_706_000, 4_072_656_000].map(timeText)).toEqual([
      '0 ms',
      '840 ms',
      '2.3 s',
      '119.9 s',
      '14.5 min',
      '9.1 h',
      '47.1 d',
    ]);
  });

  it('does not round a breach away', () => {
    expect(exactText('availability', 0.98999)).toBe('98.999%');
    expect(exactText('latency_ms.p95', 6_001)).toBe('6.001 s');
    expect(exactText('cost_usd', 0.4321)).toBe('$0.4321');
    expect(exactText('attempts_per_call.mean', 1.75)).toBe('1.75');
    expect(exactText('served_by.openai/gpt-4o', 0.5)).toBe('50%');
  });
});

describe('what users saw', () => {
  it('says how calls ended and who served', () => {
    expect(usersSaw(goldenFigures())).toBe(
      '93% answers, 5% polite reply, 2% errors, 1% no reply at all; of the answers ' +
        '64% from claude-3-5-sonnet, 33% from gpt-4o, 3% from the cache; 1 given up and not counted',
    );
  });

  it('says so if nobody got an answer', () => {
    const figures = goldenFigures({ calls: 5, aborted: 0, outcomes: { error: 5 }, served_by: {} });
    expect(usersSaw(figures)).toBe('0% answers, 100% errors');
    expect(usersSaw(Object.assign(figures, { served_by: null }))).toBe('0% answers, 100% errors');
  });

  it('says so if there were no calls', () => {
    const none = { calls: 2, aborted: 2, outcomes: { aborted: 2 }, served_by: {} };
    expect(usersSaw(goldenFigures(none))).toBe('no calls; 2 given up and not counted');
  });

  it('names a broken answer for what it is', () => {
    const outcomes = { complete: 996, spliced: 3, truncated: 1 };
    const figures = { calls: 1_000, aborted: 0, outcomes, served_by: { 'openai/gpt-4o': 1 } };
    expect(usersSaw(goldenFigures(figures))).toBe(
      '>99% answers, <1% two answers glued together, <1% cut answers shown as whole; all answers from gpt-4o',
    );
  });

  it('tells equal models of two providers apart and counts many targets together', () => {
    const served_by = { 'a/m': 0.4, 'b/m': 0.3, 'c/n': 0.2, 'd/o': 0.06, 'e/p': 0.04 };
    expect(usersSaw(goldenFigures({ served_by }))).toContain(
      'of the answers 40% from a/m, 30% from b/m, 20% from n, 10% from others',
    );
  });

  it('says how often the process would have ended', () => {
    const outcomes = { complete: 9, error: 1 };
    const told = (count: number): string =>
      usersSaw(goldenFigures({ calls: 10, aborted: 0, outcomes, crashes: { count } }));
    expect(told(1)).toMatch(/90% answers, 10% errors; .*; the process ended once$/);
    expect(told(3)).toMatch(/; the process ended 3 times$/);
  });

  it('passes no control characters on', () => {
    expect(usersSaw(goldenFigures({ served_by: { [hostile]: 1 } }))).not.toMatch(/\p{Cc}/u);
  });
});
