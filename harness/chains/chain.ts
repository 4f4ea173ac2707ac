// The contract of a chain: the thing under test, what turns a question into an answer. A user's own
// chain.ts exports a factory of this shape; the reference chain is one too. Chains never see
// checks, reference answers or scores: this folder imports neither scorers nor workloads.
import type { Hop, Meta } from '../history.ts';
import type { Limits } from '../limits.ts';

export type { Hop, Meta };

/** What a chain is asked. */
export interface Question {
  /** The id of the sample; the same for every call that asks it. */
  id: string;
  prompt: string;
  system: string | null;
  /** System and prompt as chat messages. */
  messages: { role: 'system' | 'user'; content: string }[];
  /** A JSON Schema that the answer must parse to; null for free text. */
  schema: unknown;
  family: string | null;
  /** A wrong answer is worse than none. */
  critical: boolean;
  /** What may be run to answer it; empty where there is nothing to run. */
  tools: Tool[];
}

/** Something to run for a model. Each run is a side effect, and is counted. */
export interface Tool {
  name: string;
  description: string;
  /** A JSON Schema of an object. */
  parameters: Record<string, unknown>;
  /**
   * `args`: an object, or its JSON text as a model wrote it. Rejects where it cannot take them: no
   * JSON, no object, a required member missing.
   */
  run(args: unknown): Promise<string>;
}

/** Text as it comes, piece by piece. */
export type Pieces = AsyncIterable<string>;

/**
 * What a chain returns: the text, or the text as it comes; with `meta` where it says who served.
 * `meta` may be a function: it is asked once the text is complete.
 */
export type ChainAnswer =
  | string
  | Pieces
  | { text: string | Pieces; meta?: Meta | (() => Meta | undefined) };

/** Answers one question. The signal aborts when the caller gives up. */
export type Ask = (question: Question, signal: AbortSignal) => ChainAnswer | Promise<ChainAnswer>;

/** What a chain is told that says of itself whether it streams. */
export interface ChainOptions {
  /** Whether it is to stream. */
  stream: boolean;
}

/**
 * Called once a trial, so that every trial starts with fresh state. The options are given to chains
 * that have `stream`, and to no others.
 */
export type ChainFactory = (options: ChainOptions) => Ask | Promise<Ask>;

/** Where a target lives, beyond what the targets file says. */
export interface ExtraHost {
  host: string;
  provider: string;
  region: string | null;
}

/** A chain that is ready to be drilled. */
export interface Chain {
  name: string;
  factory: ChainFactory;
  /** provider/model in order, as far as the chain says so. The first is the primary. */
  targets: string[];
  /** The reply of its own making, where it has one. */
  degradeText: string | null;
  /** The chain's own limits, tighter than the scenario's. */
  limits: Partial<Limits>;
  hosts: ExtraHost[];
  /** Whether it streams, where its factory can be told to; absent where it cannot. */
  stream?: boolean;
  /** True: module state; the chain gets a worker of its own for every trial. */
  isolate: boolean;
}
