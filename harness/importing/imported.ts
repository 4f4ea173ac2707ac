// What an import makes of foreign files, before anything is written: questions, their recorded
// answers, and who answered which.
import type { Recording } from '../upstream/recording.ts';

export interface ImportedSample {
  id: string;
  system: string | null;
  prompt: string;
}

/** What was not imported and why, as one line of the summary. */
export interface LeftOut {
  reason: string;
  count: number;
}

export interface Imported {
  /** For the workload: where prompts and answers come from. */
  provenance: string;
  samples: ImportedSample[];
  recordings: Recording[];
  /** Recordings that hold an error instead of an answer. */
  errors: number;
  /** Hosts that were seen, and the provider that each is of. */
  hosts: Map<string, string>;
  leftOut: LeftOut[];
}

/** How many samples each target has an answer to, targets in order of their first answer. */
export function coverage(recordings: readonly Recording[]): Map<string, Set<string>> {
  const covered = new Map<string, Set<string>>();
  for (const { target, sample } of recordings) {
    const samples = covered.get(target) ?? new Set();
    covered.set(target, samples.add(sample));
  }
  return covered;
}

/** Reasons with their counts, in order of their first appearance. */
export function counted(reasons: readonly string[]): LeftOut[] {
  return [...Map.groupBy(reasons, (reason) => reason)].map(([reason, all]) => ({
    reason,
    count: all.length,
  }));
}
