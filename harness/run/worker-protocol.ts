// What the main thread and its workers say to each other. Plain data both ways.
import type { LiveSetup } from '../live/live-setup.ts';
import type { Spent } from '../recordings/budget.ts';
import type { TwinKind } from '../twin-kind.ts';
import type { TrialScores } from './make-report.ts';

/** What a worker is started with. */
export interface WorkerSetup {
  chainFile: string;
  /** Further .yaml chains, for jobs that name them: comparisons share their workers. */
  others?: string[];
  /** The library that a .yaml chain is put into; absent: the reference chain. */
  through?: string | undefined;
  /** False: what a quality floor of the chain looks up is being measured. */
  floor?: boolean;
  /** Scenario texts as the main thread read them, so that both see the same. */
  scenarios: { file: string; text: string }[];
  targetsFiles: string[];
  /** Where workloads are looked up. */
  cwd: string;
  seed: number;
  /** First target by workload, as far as it was found before. */
  primaries: Record<string, string>;
  /** Real providers are asked, in real time, under these limits. */
  live?: LiveSetup;
  /** [beats, call, virtual ms, jobs begun], written without a message. */
  beat: SharedArrayBuffer;
}

export interface Job {
  /** Position in the plan; names the part file. */
  index: number;
  /** The scenario's name, for messages. */
  name: string;
  /** Index into the setup's scenarios. */
  scenario: number;
  /** From 1. */
  trial: number;
  twin: TwinKind | null;
  partFile: string;
  /** Index into `others`; absent: the chain itself. */
  other?: number;
  /** No history is written; its scores are what comparisons need (light-scorers.ts). */
  light?: boolean;
  /** The file has a live trial that was stopped: it goes on. */
  goesOn?: boolean;
  /** Write every event at once: for a chain that will have to be stopped. */
  unbuffered?: boolean;
  /** Requests are kept beside the history, for the linter. */
  watch?: {
    /** A file of one request a line, without credentials. */
    requestsFile: string;
    /** Only samples that it has an answer to are asked; absent: all. */
    answeredBy?: string;
  };
}

/** What is known of a trial once it is whole. */
export interface JobDone {
  wallMs: number;
  scores: TrialScores;
}

/** To a worker: the live trial that runs is to end. */
export interface StopMessage {
  stop: string;
}

export type WorkerMessage =
  /** `isolate`: the chain keeps state in its modules, so this worker is good for one trial. */
  | { type: 'ready'; isolate: boolean }
  /** To find this, the worker was used up; its job has not begun. */
  | { type: 'primary'; workload: string; target: string }
  | ({ type: 'done'; index: number } & JobDone)
  /** Live: what was spent so far, with what is under way at its most. */
  | { type: 'spent'; spent: Spent }
  /** The mistake is the harness's or its input's; the run ends. */
  | { type: 'failed'; index: number | null; message: string };

/** Slots of the heartbeat. */
export const beatSlots = { beats: 0, call: 1, nowMs: 2, job: 3 } as const;
