// What every scorer keeps, whatever it measures: call this with a new one. Histories are drawn, so
// that a scorer is tried on calls that nobody thought of.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HistoryEvent } from '../../harness/history.ts';
import { createJoin } from '../../harness/outcome/join.ts';
import type { Scorer, TrialView } from '../../harness/scorers/scorer.ts';
import { createScoring, figuresOf, mergeTallies } from '../../harness/scoring/score.ts';
import type { CallSpec } from '../scorers/hand-made.ts';
import { historyOf, primary, second, textOf, third, viewOf } from '../scorers/hand-made.ts';

const texts = ['s1', 's2', 's3'].flatMap((sample, i) => [
  textOf(primary, `The first answer to ${sample}.`, { sample, score: 0.9 }),
  textOf(second, `A second answer to ${sample}!`, { sample, score: i / 3 }),
  textOf(third, `Thirdly, ${sample}.`, { sample, score: null, refusal: i === 2 }),
]);

const attempt = fc
  .record({
    target: fc.constantFrom(primary, second, third),
    from: fc.nat({ max: 5_000 }),
    last: fc.integer({ min: 2, max: 9_000 }),
    status: fc.constantFrom(200, 200, 200, 429, 503),
    how: fc.constantFrom('complete' as const, 'short' as const, 'reset' as const),
    stray: fc.constantFrom(false, false, false, true),
    input: fc.nat({ max: 500 }),
    output: fc.nat({ max: 500 }),
  })
  .map(({ last, ...rest }) => ({
    ...rest,
    to: rest.from + last,
    ...(rest.how === 'complete' ? {} : { chars: 9 }),
  }));

const call: fc.Arbitrary<CallSpec> = fc
  .record({
    sample: fc.constantFrom('s1', 's2', 's3'),
    attempts: fc.array(attempt, { maxLength: 3 }),
    after: fc.nat({ max: 90_000 }),
    said: fc.nat({ max: 8 }),
    score: fc.constantFrom(null, 0, 1 / 3, 0.7, 1),
  })
  .map(({ said, ...spec }): CallSpec => {
    const whole = texts[said]?.text ?? '';
    const error = { name: 'Error', message: 'down', causes: [] };
    const ways: CallSpec[] = [
      { text: texts.find((text) => text.sample === spec.sample)?.text ?? '' },
      { text: whole },
      { text: whole.slice(0, 9) },
      { text: `${whole.slice(0, 9)}${texts[1]?.text}` },
      { text: 'Please try again later.' },
      { answer: { kind: 'error', error, score: null, first: null } },
      { answer: { kind: 'aborted', score: null } },
      { hung: 'proven' },
      { answer: { text: '', first: null } },
    ];
    return { ...spec, ...ways[said] };
  });

export const drawnCalls: fc.Arbitrary<CallSpec[]> = fc
  .array(fc.tuple(call, fc.nat({ max: 40_000 })), { maxLength: 14 })
  .map((drawn) => {
    let due = 0;
    return drawn.map(([spec, gap]) => {
      due += gap;
      return { ...spec, due };
    });
  });

const view: TrialView = viewOf({
  deadlineMs: 10_000,
  floor: 0.5,
  windows: [{ fault: 'x', provider: 'openai', model: null, region: null, fromMs: 0, toMs: 60_000 }],
  price: (target) => (target === primary ? { input: 2.5, output: 10 } : { input: 1, output: 3 }),
});

/** Every number is one, and every null says why. */
function expectSound(figures: Record<string, unknown>, reasons: object, path = ''): void {
  for (const [key, value] of Object.entries(figures)) {
    if (value === null) expect(reasons).toHaveProperty([path + key]);
    else if (typeof value === 'number') expect(Number.isFinite(value), path + key).toBe(true);
    else if (typeof value === 'object') {
      expectSound(value as Record<string, unknown>, reasons, `${path}${key}.`);
    } else expect(['string', 'boolean']).toContain(typeof value);
  }
}

/**
 * `pooled`: paths of figures that are the same whether two trials are merged or their calls come in
 * one trial. Figures of a whole trial (a peak, a recovery) are not.
 */
export function scorerContract(scorer: Scorer<unknown, unknown>, pooled: string[]): void {
  const only = { [scorer.name]: scorer };
  const score = (events: HistoryEvent[]): Record<string, unknown> => {
    const scoring = createScoring(view, only);
    for (const event of events) scoring.event(event);
    return scoring.end();
  };
  const figures = (tallies: Record<string, unknown>) => figuresOf(only, tallies);
  const merge = (a: Record<string, unknown>, b: Record<string, unknown>) =>
    mergeTallies(only, a, b) as Record<string, unknown>;
  const runs = { numRuns: 25 };

  describe(`the scorer ${scorer.name}`, () => {
    it('gives the same figures for the same events, and leaves the events as they are', () => {
      fc.assert(
        fc.property(drawnCalls, (calls) => {
          const events = historyOf(calls, texts);
          const before = JSON.stringify(events);
          expect(figures(score(events))).toEqual(figures(score(events)));
          expect(JSON.stringify(events)).toBe(before);
        }),
        runs,
      );
    });

    it('has a number or a reason for every figure, also of an empty history', () => {
      const none = figures(score([]));
      expectSound({ ...none, reasons: {} }, none.reasons);
      fc.assert(
        fc.property(drawnCalls, (calls) => {
          const found = figures(score(historyOf(calls, texts)));
          expectSound({ ...found, reasons: {} }, found.reasons);
        }),
        runs,
      );
    });

    it('keeps a tally that is plain JSON', () => {
      fc.assert(
        fc.property(drawnCalls, (calls) => {
          const tallies = score(historyOf(calls, texts));
          expect(JSON.parse(JSON.stringify(tallies))).toEqual(tallies);
        }),
        runs,
      );
    });

    it('merges in any order to the same figures, and an empty trial changes none', () => {
      fc.assert(
        fc.property(drawnCalls, drawnCalls, drawnCalls, (x, y, z) => {
          const [a, b, c] = [x, y, z].map((calls) => score(historyOf(calls, texts)));
          if (!a || !b || !c) throw new Error('three trials');
          const before = JSON.stringify([a, b, c]);
          expect(figures(merge(a, b))).toEqual(figures(merge(b, a)));
          expect(figures(merge(merge(a, b), c))).toEqual(figures(merge(a, merge(b, c))));
          expect(figures(merge(a, score([])))).toEqual(figures(a));
          expect(JSON.stringify([a, b, c])).toBe(before);
        }),
        runs,
      );
    });

    if (pooled.length === 0) return;
    it(`pools by call: ${pooled.join(', ')}`, () => {
      fc.assert(
        fc.property(drawnCalls, drawnCalls, (x, y) => {
          const [first, then] = [historyOf(x, texts), historyOf(y, texts, 1_000)];
          const merged = figures(merge(score(first), score(then)));
          const together = figures(inOne(scorer, first, then));
          for (const key of pooled) expect(together[key], key).toEqual(merged[key]);
        }),
        runs,
      );
    });
  });
}

/** Both trials in one fold; each is joined on its own, because a cache does not outlive a trial. */
function inOne(
  scorer: Scorer<unknown, unknown>,
  ...trials: HistoryEvent[][]
): Record<string, unknown> {
  const state = scorer.start(view);
  for (const events of trials) {
    const join = createJoin(view, (record) => scorer.call?.(state, record));
    for (const event of events) {
      scorer.event?.(state, event);
      join.event(event);
    }
    join.end();
  }
  return { [scorer.name]: scorer.end(state) };
}
