// What a failed attempt means for the next one. Decided by status and by the provider's own code
// and type, wherever they stand (an HTTP status, an event in a stream, the body of a 200), and
// never by words in a message: those change, and may hold any number.
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { AttemptTimeout, BadAnswer, InBandError } from './attempt-error.ts';
import type { HeadersLike } from './backoff.ts';
import { hintMs } from './backoff.ts';
import type { Meaning } from './failure-meaning.ts';
import { meaningOfCode, meaningOfStatus, meanings } from './failure-meaning.ts';

export interface Failure {
  meaning: Meaning;
  /** Whether the same request may well succeed on the same target. */
  retry: boolean;
  /** The wait that the provider asks for, ms. */
  hintMs: number | null;
  /** For people: `429 rate_limit_exceeded`, `timeout: first token`. */
  outcome: string;
  cause: unknown;
}

export function failureOf(cause: unknown): Failure {
  const headers = headersOf(cause);
  const { meaning, outcome } = told(cause);
  const { retry, hopeless } = meanings[meaning];
  const advice = headers?.get('x-should-retry');
  // The server knows best, but for what no repetition can cure.
  const advised = advice === 'true' && !hopeless ? true : advice === 'false' ? false : retry;
  return { meaning, retry: advised, hintMs: hintMs(headers), outcome, cause };
}

/** What only a code can tell, whatever the status. */
function isPrecise(meaning: Meaning): boolean {
  return meanings[meaning].credential || meanings[meaning].final === true;
}

interface Told {
  meaning: Meaning;
  outcome: string;
}

function told(cause: unknown): Told {
  if (cause instanceof AttemptTimeout) {
    return { meaning: 'timeout', outcome: `timeout: ${cause.limit}` };
  }
  if (cause instanceof BadAnswer) {
    const meaning = cause.what === 'truncated' ? 'connection' : 'bad-answer';
    return { meaning, outcome: cause.what === 'empty' ? 'empty answer' : cause.what };
  }
  if (typeof cause !== 'object' || cause === null) return { meaning: 'unknown', outcome: 'error' };
  const codes = codesOf(cause);
  const said = codes[0] ?? '';
  const status: unknown = Reflect.get(cause, 'status');
  if (typeof status === 'number') {
    // Quotas and rate limits share 429: only the code tells them apart.
    const precise = codes.map(meaningOfCode).find((known) => known && isPrecise(known));
    return { meaning: precise ?? meaningOfStatus(status), outcome: `${status} ${said}`.trim() };
  }
  const known = codes.map(meaningOfCode).find((meaning) => meaning !== null);
  if (known || codes.length > 0 || cause instanceof InBandError) {
    // Errors that nobody documents are taken for the provider's own.
    return { meaning: known ?? 'server', outcome: `error in a 200: ${said}`.replace(/: $/, '') };
  }
  return withoutStatus(cause);
}

/** No status, no code: no answer came, or the bytes were not what they should be. */
function withoutStatus(cause: object): Told {
  if (cause instanceof SyntaxError) return { meaning: 'bad-answer', outcome: 'malformed' };
  if (isA(cause, 'APIConnectionTimeoutError')) return { meaning: 'timeout', outcome: 'timeout' };
  const socket = socketCode(cause);
  if (isA(cause, 'APIConnectionError') || socket !== null) {
    return { meaning: 'connection', outcome: `connection: ${socket ?? 'failed'}` };
  }
  if (isA(cause, 'APIError')) return { meaning: 'server', outcome: 'error in a 200' };
  return { meaning: 'unknown', outcome: cause.constructor.name };
}

/** Both SDKs have the same classes, each its own. */
function isA(
  error: object,
  kind: 'APIError' | 'APIConnectionError' | 'APIConnectionTimeoutError',
): boolean {
  return error instanceof OpenAI[kind] || error instanceof Anthropic[kind];
}

/** The provider's code and type, the most precise first; nothing that could be a sentence. */
function codesOf(error: object): string[] {
  const fields = ['errorCode', 'code', 'type'].map((field) => Reflect.get(error, field));
  return fields
    .filter((value) => typeof value === 'string' || typeof value === 'number')
    .map(String)
    .filter((value) => /^[\w.-]{1,64}$/.test(value));
}

/** `ECONNRESET` and its like, from wherever the runtime put it. */
function socketCode(error: object): string | null {
  let cause: unknown = Reflect.get(error, 'cause');
  while (cause instanceof Error) {
    const code: unknown = Reflect.get(cause, 'code');
    if (typeof code === 'string') return code;
    cause = cause.cause;
  }
  return null;
}

function headersOf(error: unknown): HeadersLike | null {
  if (typeof error !== 'object' || error === null) return null;
  const headers: unknown = Reflect.get(error, 'headers');
  return headers instanceof Headers ? headers : null;
}
