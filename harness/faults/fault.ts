// The contract of a fault: a provider-neutral decision about one attempt. It returns an effect as
// data (effect.ts). A new fault is one file here and one key in index.ts; no wire has to change.
import type { z } from 'zod';
import type { Rng } from '../rng.ts';
import type { WireName } from '../wires/wire-name.ts';
import type { Effect } from './effect.ts';

/** What a request brings, for faults that turn some requests down. Its words are not in it. */
export interface Traits {
  /** Estimated. */
  inputTokens: number;
  /** The most that may come back; null where the request does not say. */
  maxTokens: number | null;
  /** Names of the members of the body, as written. */
  parameters: string[];
  /** Whether the last turn is the assistant's, to be gone on with. */
  prefill: boolean;
  images: number;
  /** Whether an answer by a JSON Schema is asked for. */
  schema: boolean;
  /** Names of the tools on offer. */
  tools: string[];
  /** Ids of tool calls in the history. */
  callIds: string[];
  /** Signatures of reasoning in the history. */
  signatures: string[];
  /** Those of both that another provider made. */
  foreignIds: string[];
  foreignSignatures: string[];
}

/** What a fault may know of an attempt. It never sees the prompt or the checks. */
export interface AttemptView {
  provider: string;
  model: string;
  region: string | null;
  /** The credential, as the `on` of a rule names it; null where none was sent. */
  key: string | null;
  /** Whether the credential is another provider's. */
  foreignKey: boolean;
  wire: WireName;
  stream: boolean;
  /** Number of the call, from 1. */
  call: number;
  /** Number of the attempt among the call's attempts that the rule's `on` matches, from 1. */
  attempt: number;
  /** ms since the start of the trial. */
  now: number;
  /** Read from the request on demand. */
  asks(): Traits;
}

export interface Fault<Settings, State = undefined> {
  /** What users write after `inject:`; the file name. */
  kind: string;
  /** One line for `firedrill list faults`. */
  describe: string;
  /** One rule as a line of YAML. */
  example: string;
  /** The keys beside inject, on, from, to, ... */
  settings: z.ZodType<Settings>;
  /** Targets like `openai/gpt-4o` whose answers it gives: they have to be recorded. */
  answersOf?(settings: Settings): string[];
  /** What it keeps from one attempt to the next; made anew for every trial. */
  start?(settings: Settings): State;
  /** Null: nothing happens. Draws only from `rng`; changes nothing that it is given but `state`. */
  decide(settings: Settings, attempt: AttemptView, rng: Rng, state: State): Effect | null;
}

/** What a rule does to an attempt, its settings already read. */
export type Decide = (attempt: AttemptView, rng: Rng) => Effect | null;

/** A fault whose settings only it can read: what the map of all faults holds. */
export interface AnyFault {
  kind: string;
  describe: string;
  example: string;
  /** Whether it keeps something from one attempt to the next. */
  keepsState: boolean;
  /** Reads a rule's own keys. */
  reader: z.ZodType<ReadFault>;
  /** The keys themselves, for JSON Schema. */
  settings: z.ZodType;
}

export interface ReadFault {
  /** Begins a trial. */
  arm(): Decide;
  answersOf: string[];
}

export function sealed<Settings, State>(fault: Fault<Settings, State>): AnyFault {
  const { kind, describe, example, settings, start, decide, answersOf } = fault;
  const reader = settings.transform((given) => ({
    arm: (): Decide => {
      const state = start?.(given) as State;
      return (attempt, rng) => decide(given, attempt, rng, state);
    },
    answersOf: answersOf?.(given) ?? [],
  }));
  return { kind, describe, example, keepsState: start !== undefined, reader, settings };
}
