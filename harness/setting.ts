// What a trial is judged against: written into the first line of its history, so that a history can
// be judged again anywhere. A leaf.
import type { Limits } from './limits.ts';
import type { FaultWindow, ModelPrice } from './plan-view.ts';
import type { Provenance } from './provenance.ts';
import type { Expectation } from './scenario/expectation.ts';
import type { Threshold } from './scenario/threshold.ts';

export interface JudgeSetting {
  target: string;
  prompt: string;
  /** Kinds of its recordings: `authored` says that no model gave the verdicts. */
  kind: string;
  date: string | null;
}

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
  expect?: Expectation;
  /** By target; `assumed`: no targets file has its speed and price. */
  recordings: Record<string, Provenance & { assumed: boolean }>;
  /** The model that judges answers by a rubric, and where its verdicts are from; absent: none. */
  judge?: JudgeSetting;
  /** USD per million tokens by target. */
  prices: Record<string, ModelPrice>;
  /** Family of each sample that has one; samples where a wrong answer is worse than none. */
  families: Record<string, string>;
  critical: string[];
  /** Samples that not every model is for: with tools, a schema or a long prompt. Absent: none. */
  special?: string[];
}
