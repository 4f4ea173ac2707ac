import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { scorers } from '../../harness/scorers/index.ts';
import { viewOf } from '../scorers/hand-made.ts';
import { scorerContract } from './scorer.ts';

/** What is pooled by call; the rest are figures of a whole trial. */
const pooled: Record<string, string[]> = {
  outcomes: ['calls', 'outcomes', 'availability', 'availability_ci95', 'goodput', 'unscored'],
  ttft: ['ttft_ms'],
  latency: ['latency_ms'],
  fallback: ['fallback_rate', 'served_by', 'skipped'],
  attempts: ['attempts_per_call', 'unattributed'],
  failover: ['failover_ms', 'added_wait_ms'],
  recovery: [],
  cost: ['tokens', 'wasted_tokens', 'cost_usd', 'estimated'],
  quality: ['quality'],
  timeline: ['timeline'],
  faults: ['faults'],
};

describe('the map of scorers', () => {
  it('has every file of the folder under its name, and nothing else', () => {
    const files = readdirSync(new URL('../../harness/scorers', import.meta.url))
      .map((file) => file.replace(/\.ts$/, ''))
      .filter((name) => name !== 'index' && name !== 'scorer');
    expect(Object.keys(scorers).sort()).toEqual(files.sort());
    for (const [key, scorer] of Object.entries(scorers)) expect(scorer.name).toBe(key);
  });

  it('has no figure twice', () => {
    const keys = Object.values(scorers).flatMap((scorer) => {
      const { reasons: _, ...own } = scorer.figures(scorer.end(scorer.start(viewOf())));
      return Object.keys(own);
    });
    expect(keys.length).toBe(new Set(keys).size);
  });
});

for (const scorer of Object.values(scorers)) scorerContract(scorer, pooled[scorer.name] ?? []);
