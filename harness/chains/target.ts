// The contract between the chain and the APIs behind it: a target turns one question into one HTTP
// exchange and tells what it saw, as it saw it. It never waits, retries or judges: limits are
// attempt.ts's, decisions are reference.ts's.

/** What one attempt asks. */
export interface TargetRequest {
  system: string | null;
  prompt: string;
  /** What the caller has already read of a broken answer; '' for a fresh start. */
  partial: string;
  /** A JSON Schema that the answer must fit; null for free text. */
  schema: Record<string, unknown> | null;
  maxTokens: number;
  stream: boolean;
}

/** Why a model stopped by itself. */
export type Ending = 'stop' | 'length' | 'refusal';

/** What comes back, in order. `end` is sent for a terminal marker only, never for a mere end. */
export type Part =
  | { kind: 'headers' }
  | { kind: 'text'; text: string }
  | { kind: 'end'; ending: Ending };

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

/** A conversation for any provider; the system prompt goes where each one wants it. */
export function turnsOf(request: TargetRequest): { role: 'user' | 'assistant'; content: string }[] {
  const question = { role: 'user', content: request.prompt } as const;
  // Blank turns are refused, and there is nothing to go on from.
  if (request.partial.trim() === '') return [question];
  return [
    question,
    { role: 'assistant', content: request.partial },
    { role: 'user', content: continueInstruction },
  ];
}

const continueInstruction = 'Continue exactly where the answer stopped. Do not repeat any of it.';
