// The contract of a workload: prompts, and what a good answer must satisfy. One file per source.
// Chains see a Question, never the checks, the schema's verdict or an answer (DESIGN D10).
import type { ParsedCheck } from '../checks/check.ts';
import type { JudgeModel } from '../judge/judge-model.ts';
import type { JudgedCheck } from '../judge/judged-check.ts';
import type { VerdictRecording } from '../judge/verdict.ts';
import type { Recording } from '../upstream/recording.ts';

export interface Sample {
  id: string;
  family: string | null;
  /** The sample whose asker may come back with this one, under the same ticket; absent: none. */
  follows?: string;
  /** A wrong answer is worse than none. */
  critical: boolean;
  system: string | null;
  /** `{{ticket}}` is the answer-neutral slot; appended where there is none. */
  prompt: string;
  /** A JSON Schema that the answer must parse to; null where free text is asked. */
  schema: unknown;
  /** Empty: not scored, unless the recordings carry scores. */
  checks: ParsedCheck[];
  /** Those that a model decides; absent: none. */
  judged?: JudgedCheck[];
  /** What a chain may run to answer it; absent: nothing. */
  tools?: SampleTool[];
}

/** A sample that asks for nothing in particular: what is not said of one. */
export const plainSample: Omit<Sample, 'id'> = {
  family: null,
  critical: false,
  system: null,
  prompt: '',
  schema: null,
  checks: [],
};

/** A tool whose results are authored: nothing is really run. */
export interface SampleTool {
  name: string;
  description: string;
  /** A JSON Schema of an object. */
  parameters: Record<string, unknown>;
  /** Of the first run in a call, the second, ...; the last one stands for all further ones. */
  results: string[];
}

export interface Workload {
  name: string;
  /** Where prompts and answers come from, as reports say it. */
  provenance: string;
  samples: Sample[];
  recordings: Recording[];
  /** Who decides judged checks, and what it has decided; absent: nobody. */
  judge?: { model: JudgeModel; verdicts: VerdictRecording[] };
}

/** Where a workload can be found by its name. */
export interface WorkloadSource {
  name: string;
  /** One line for `firedrill list workloads`. */
  describe: string;
  load(): Workload;
}
