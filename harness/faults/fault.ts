// The contract of a fault: a pure, provider-neutral decision about one attempt. It returns an
// effect as data; wires know how a rejection looks, delivery.ts knows how time and bytes go.
// A new fault is one file here and one key in index.ts; it needs no wire to change.
import type { z } from 'zod';
import type { Rng } from '../rng.ts';
import type { WireName } from '../wires/wire-name.ts';

/** Retry hints, header values as they go over the wire. */
export interface Hint {
  /** `retry-after`: seconds or an HTTP date, or whatever a broken server would send. */
  retryAfter?: string;
  /** `retry-after-ms`. */
  retryAfterMs?: string;
  /** `retry-after` as an HTTP date this many ms after the response. */
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

/** The body of a rejection: the provider's own, or what gateways and proxies put in its place. */
export type BodyForm = 'own' | 'html' | 'empty' | 'text' | 'detail' | 'string';

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
}

/** A place in a response. Counts start at 1; a place beyond the end is the end. */
export type Position =
  | { at: 'headers' }
  | { at: 'first-event' }
  | { at: 'first-token' }
  | { at: 'tokens'; count: number }
  | { at: 'share'; share: number }
  | { at: 'event'; index: number }
  | { at: 'marker' };

/**
 * What a fault decided for one attempt. `pace` composes with the others; of the rest ("terminal")
 * the first in file order wins. Times in ms.
 */
export type Effect =
  | { kind: 'reject'; rejection: Rejection }
  | { kind: 'connection'; how: 'refused' | 'reset' | 'fin' | 'dns' | 'tls' }
  /** Nothing more is sent from `at` on, for `forMs` (null: for ever). */
  | { kind: 'stall'; at: Position; forMs: number | null }
  /** The response ends at `at`: by reset, by FIN, or cleanly as if it were complete. */
  | { kind: 'cut'; at: Position; how: 'reset' | 'fin' | 'clean' }
  /** A 200 that carries an error at `at`, and then ends. */
  | { kind: 'error-event'; at: Position; rejection: Rejection }
  /** Slower or faster than the target's own pace. */
  | { kind: 'pace'; ttftMs?: number; ttftFactor?: number; tokensPerSecond?: number };

/** What a fault may know of an attempt. It never sees the prompt or the checks. */
export interface AttemptView {
  provider: string;
  model: string;
  region: string | null;
  wire: WireName;
  stream: boolean;
  /** Number of the call, from 1. */
  call: number;
  /** Number of the attempt among the call's attempts that the rule's `on` matches, from 1. */
  attempt: number;
}

export interface Fault<Settings> {
  /** What users write after `inject:`; the file name. */
  kind: string;
  /** One line for `firedrill list faults`. */
  describe: string;
  /** One rule as a line of YAML. */
  example: string;
  /** The keys beside inject, on, from, to, ... */
  settings: z.ZodType<Settings>;
  /** Null: nothing happens. Draws only from `rng`; changes nothing that it is given. */
  decide(settings: Settings, attempt: AttemptView, rng: Rng): Effect | null;
}

/** What a rule does to an attempt, its settings already read. */
export type Decide = (attempt: AttemptView, rng: Rng) => Effect | null;

/** A fault whose settings only it can read: what the map of all faults holds. */
export interface AnyFault {
  kind: string;
  describe: string;
  example: string;
  /** Reads a rule's own keys. */
  reader: z.ZodType<Decide>;
}

export function sealed<Settings>(fault: Fault<Settings>): AnyFault {
  const { kind, describe, example, settings, decide } = fault;
  const reader = settings.transform(
    (given): Decide =>
      (attempt, rng) =>
        decide(given, attempt, rng),
  );
  return { kind, describe, example, reader };
}
