// What a trial's history says of how it is judged, in its first line. A leaf.
import type { Limits } from './limits.ts';
import type { FaultWindow, ModelPrice } from './plan-view.ts';
import type { Threshold } from './scenario/threshold.ts';

/** What scores, thresholds and invariants are judged against. */
export interface Setting {
  limits: Limits;
  /** What the user would wait, ms; null where the scenario has none. */
  deadlineMs: number | null;
  /** The least score of a good answer. */
  floor: number;
  /** The scenario's rules: where they may fire, and in words. */
  windows: FaultWindow[];
  rules: string[];
  thresholds: Threshold[];
  /** By target; `assumed`: no targets file has its speed and price. */
  recordings: Record<string, { kind: string; date: string | null; assumed: boolean }>;
  /** USD per million tokens by target. */
  prices: Record<string, ModelPrice>;
  /** Family of each sample that has one; samples where a wrong answer is worse than none. */
  families: Record<string, string>;
  critical: string[];
}
