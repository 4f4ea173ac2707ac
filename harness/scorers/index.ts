// Scorers by name. A new one is its file and its line; the report gets the fields it owns.
import { attempts } from './attempts.ts';
import { cache } from './cache.ts';
import { canary } from './canary.ts';
import { conduct } from './conduct.ts';
import { cost } from './cost.ts';
import { crashes } from './crashes.ts';
import { failover } from './failover.ts';
import { fallback } from './fallback.ts';
import { faults } from './faults.ts';
import { judge } from './judge.ts';
import { latency } from './latency.ts';
import { outcomes } from './outcomes.ts';
import { quality } from './quality.ts';
import { recovery } from './recovery.ts';
import type { Scorer } from './scorer.ts';
import { timeline } from './timeline.ts';
import { ttft } from './ttft.ts';

/** In the order in which reports have their fields. */
export const scorers: Readonly<Record<string, Scorer<unknown, unknown>>> = {
  outcomes,
  ttft,
  latency,
  fallback,
  cache,
  attempts,
  failover,
  recovery,
  cost,
  quality,
  judge,
  crashes,
  conduct,
  canary,
  faults,
  timeline,
};
