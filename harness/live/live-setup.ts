// What a live run's workers are told beside what all workers are. Plain data; a leaf.
import type { Spent } from '../recordings/budget.ts';

export interface LiveSetup {
  /** Hosts, with their ports, that the chain file names; null: those of the targets it declares. */
  hosts: string[] | null;
  /** Environment variables that hold keys, and whose they are. */
  keyVariables: { variable: string; provider: string }[];
  /** USD; null: no limit. */
  maxUsd: number | null;
  maxRequests: number | null;
  /** By workers before. */
  spent: Spent;
  /** Of each trial. */
  calls: number;
  /** YYYY-MM-DD. */
  date: string;
}

/** Calls of a live trial, where nobody says how many. */
export const usualCalls = 20;
