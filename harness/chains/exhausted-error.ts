// The errors that a caller can get: one when no target answered, one when an answer broke off that
// it had begun to read. Both keep the cause and every attempt; neither shows a provider's words.
import type { Hop } from './chain.ts';
import type { Failure } from './failure.ts';
import type { Meaning } from './failure-meaning.ts';

/** Why nobody was asked, and the HTTP status that says so. */
export const noTime = { why: 'there was no time to ask any', status: 504 };
export const allUnwell = { why: 'all are left alone for a while', status: 503 };
export const noneFit = { why: 'none is good enough for a critical question', status: 503 };

export class ExhaustedError extends Error {
  override readonly name = 'ExhaustedError';
  /** Every attempt, and whoever was passed over, in order. */
  readonly attempts: Hop[];
  /** The HTTP status that says the same to whoever asked. */
  readonly status: number;

  /** `primary`: how the first target failed; null where none was asked, for the reason given. */
  constructor(attempts: Hop[], primary: Failure | null, nobody = noTime) {
    const tried = attempts.map(({ target, outcome }) => `${target} (${outcome})`).join(', ');
    super(`No target answered: ${tried || nobody.why}.`, {
      cause: primary?.cause,
    });
    this.attempts = attempts;
    this.status = primary ? callerStatus[primary.meaning] : nobody.status;
  }
}

/** The failure that left the caller with half an answer. */
export interface Break {
  target: string;
  failure: Failure;
  chars: number;
}

export class StreamBrokenError extends Error {
  override readonly name = 'StreamBrokenError';
  /** Every attempt, in order; what came after the broken one did not help. */
  readonly attempts: Hop[];
  readonly status: number;

  /** `chars`: how much the caller had read by then. */
  constructor(attempts: Hop[], { target, failure, chars }: Break) {
    super(`The answer of ${target} broke off after ${chars} characters (${failure.outcome}).`, {
      cause: failure.cause,
    });
    this.attempts = attempts;
    this.status = callerStatus[failure.meaning];
  }
}

/** A caller has no key of ours and no account: what fails behind us is a bad gateway to it. */
const callerStatus: Readonly<Record<Meaning, number>> = {
  'rate-limit': 429,
  timeout: 504,
  request: 400,
  policy: 400,
  server: 503,
  transient: 503,
  connection: 503,
  quota: 502,
  auth: 502,
  permission: 502,
  'not-found': 502,
  'bad-answer': 502,
  unknown: 502,
};
