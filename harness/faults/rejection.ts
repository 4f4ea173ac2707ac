// How a provider turns a request down, provider-neutral: wires know how it looks.

/** Retry hints, header values as they go over the wire. */
export interface Hint {
  /** `retry-after`: seconds or an HTTP date, or whatever a broken server would send. */
  retryAfter?: string;
  /** `retry-after-ms`. */
  retryAfterMs?: string;
  /** `retry-after` as an HTTP date this many ms after the response; before it where negative. */
  retryAfterDateMs?: number;
  /** `x-should-retry`. */
  shouldRetry?: boolean;
}

/** Why a provider turns a request down, in words that no provider owns. */
export const reasons = [
  'server-error',
  'overloaded',
  'rate-limit',
  'quota',
  'timeout',
  'invalid-request',
  'context-length',
  'content-policy',
  'auth',
  'billing',
  'permission',
  'not-found',
  'conflict',
  'too-large',
] as const;

export type Reason = (typeof reasons)[number];

/**
 * The body of a rejection: the provider's own, or what gateways and proxies put in its place.
 * `detail`: `{"detail": "..."}`; `string`: `{"error": "..."}`; `bare`: a JSON string and no more;
 * `nested`: the provider's own error one level deeper, as a gateway wraps it.
 */
export const bodyForms = [
  'own',
  'html',
  'empty',
  'text',
  'detail',
  'string',
  'bare',
  'nested',
] as const;

export type BodyForm = (typeof bodyForms)[number];

/** One limit and what is left of it. */
export interface Allowance {
  limit: number;
  remaining: number;
  /** ms until it is whole again. */
  resetMs: number;
}

/** The limits that a provider tells in its headers, as they stand after this request. */
export interface RateLimits {
  requests?: Allowance;
  tokens?: Allowance;
}

/** What a request brings, or lacks, that its target cannot do with. */
export type Flaw =
  | { is: 'unsupported-parameter' | 'missing-parameter'; name: string }
  /** In tokens; `output` is the most that may come back. */
  | { is: 'context'; limit: number; input: number; output: number }
  | { is: 'output'; limit: number; asked: number }
  /** Of a tool call's id, in characters. */
  | { is: 'long-id'; limit: number; length: number }
  | { is: 'prefill' | 'images' | 'schema' | 'tools' }
  /** The history has ids or signatures of another provider's, or tool calls without a signature. */
  | { is: 'foreign-ids' | 'foreign-signatures' | 'missing-signatures' };

export interface Rejection {
  reason: Reason;
  /** Instead of the wire's own status for the reason. */
  status?: number;
  body?: BodyForm;
  /** Instead of the provider's own words. */
  message?: string;
  /** Instead of the provider's own error code. */
  code?: string;
  /** The request parameter at fault, for wires that name it in a field of its own. */
  param?: string;
  hint?: Hint;
  /** Instead of the limits of an idle account. */
  limits?: RateLimits;
  /** Which of the limits it is, and how much of it the request wanted. */
  over?: { what: keyof RateLimits; asked: number };
  /** The limit is one on how fast the load grows. */
  ramp?: true;
  /** For wires that have words for it; else they call the request invalid. */
  flaw?: Flaw;
}
