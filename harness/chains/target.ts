// The contract between the chain and the APIs behind it: a target turns one question into one HTTP
// exchange and tells what it saw, as it saw it. It never waits, retries or judges: limits are
// attempt.ts's, decisions are reference.ts's.
import type { ToolCall, ToolOffer, ToolTurn } from './tool-call.ts';

/** What one attempt asks. */
export interface TargetRequest {
  system: string | null;
  prompt: string;
  /** What the caller has already read of this turn's broken answer; '' for a fresh start. */
  partial: string;
  /** What the model may call. */
  tools: readonly ToolOffer[];
  /** The turns so far that called tools, with what came of it. */
  session: readonly ToolTurn[];
  /** A JSON Schema that the answer must fit; null for free text. */
  schema: Record<string, unknown> | null;
  maxTokens: number;
  stream: boolean;
}

/** Why a model stopped by itself; `tools`: it waits for the results of its calls. */
export type Ending = 'stop' | 'length' | 'refusal' | 'tools';

/**
 * What comes back, in order. `progress` is a part of a tool call, which nobody may read or run.
 * `end` is sent for a terminal marker only, never for a mere end: with every tool call, whole.
 * `usage` may come several times; the last counts are the right ones.
 */
export type Part =
  | { kind: 'headers' }
  | { kind: 'text'; text: string }
  | { kind: 'progress' }
  | { kind: 'usage'; usage: Usage }
  | { kind: 'end'; ending: Ending; calls?: ToolCall[] };

/** Tokens as the provider counts them; one that it has not counted yet is 0. */
export interface Usage {
  input: number;
  output: number;
}

export interface Target {
  /** `provider/model`. */
  name: string;
  /** The key itself: only compared, never shown. */
  credential: string;
  ask(request: TargetRequest, signal: AbortSignal): AsyncIterable<Part>;
}

/** What a client of a provider is made of. */
export interface ClientOptions {
  apiKey: string;
  baseURL: string;
  fetch: typeof globalThis.fetch;
  /** A backstop behind the chain's own limits, which are shorter and cover bodies too. */
  timeoutMs: number;
}

/**
 * A conversation for any provider; the system prompt and the turns with tools go where each one
 * wants them.
 */
export function turnsOf<T>(
  request: TargetRequest,
  toolTurn: (turn: ToolTurn) => readonly T[],
): ({ role: 'user' | 'assistant'; content: string } | T)[] {
  const question = { role: 'user', content: request.prompt } as const;
  const turns = [question, ...request.session.flatMap(toolTurn)];
  // Blank turns are refused, and there is nothing to go on from.
  if (request.partial.trim() === '') return turns;
  return [
    ...turns,
    { role: 'assistant', content: request.partial },
    { role: 'user', content: continueInstruction },
  ];
}

const continueInstruction = 'Continue exactly where the answer stopped. Do not repeat any of it.';
