import { describe, expect, it } from 'vitest';
import { HarnessError } from '../../harness/errors.ts';
import { scorers } from '../../harness/scorers/index.ts';
import { createScoring, figuresOf, mergeTallies } from '../../harness/scoring/score.ts';
import { historyOf, primary, textOf, viewOf } from '../scorers/hand-made.ts';

const texts = [textOf(primary, 'From the first.')];
const call = { attempts: [{}], text: 'From the first.' };

function tallied(calls: number) {
  const scoring = createScoring(viewOf(), scorers);
  for (const event of historyOf(
    Array.from({ length: calls }, () => call),
    texts,
  )) {
    scoring.event(event);
  }
  return scoring.end();
}

describe('scoring', () => {
  it('gives every field of the report that scorers own', () => {
    const { reasons, ...figures } = figuresOf(scorers, tallied(3));
    expect(Object.keys(figures)).toEqual(
      expect.arrayContaining([
        'calls',
        'outcomes',
        'availability',
        'goodput',
        'ttft_ms',
        'latency_ms',
        'fallback_rate',
        'degraded_rate',
        'served_by',
        'attempts_per_call',
        'peak_attempts_per_s',
        'failover_ms',
        'added_wait_ms',
        'recovery_ms',
        'tokens',
        'wasted_tokens',
        'cost_usd',
        'quality',
        'timeline',
      ]),
    );
    expect(reasons.recovery_ms).toBe('no fault on the primary');
    expect(figures).toMatchObject({ calls: 3, availability: 1, served_by: { [primary]: 1 } });
  });

  it('merges the tallies of two trials, also after JSON', () => {
    const stored = JSON.parse(JSON.stringify(tallied(2)));
    const figures = figuresOf(scorers, mergeTallies(scorers, stored, tallied(5)));
    expect(figures).toMatchObject({ calls: 7, outcomes: { complete: 7 } });
  });

  it('refuses tallies of other scorers by name', () => {
    const { latency: _, ...rest } = tallied(1) as Record<string, unknown>;
    expect(() => figuresOf(scorers, rest)).toThrow(HarnessError);
    expect(() => figuresOf(scorers, rest)).toThrow('the scorer "latency"');
  });
});
