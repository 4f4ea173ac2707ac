// What a failed attempt means for the next one. Read from the status and from the provider's codes,
// wherever a client library puts them, and never from the words of a message.

export type Kind =
  /** Too many requests: later is better. */
  | 'limited'
  /** The target says that it is unwell. */
  | 'down'
  /** The connection failed, or the answer ended without its end. */
  | 'lost'
  /** Our own limit. */
  | 'late'
  /** The account or its key: nothing that is asked with it helps. */
  | 'account'
  /** This key may not use this model. */
  | 'denied'
  | 'missing'
  /** The request itself, as this target sees it. */
  | 'request'
  /** What was asked for is refused: nobody else is asked for it. */
  | 'policy'
  /** A 200 that is no answer. */
  | 'broken';

export interface Failure {
  kind: Kind;
  /** Whether the same target may well answer the same request a moment later. */
  again: boolean;
  /** The wait that was asked for, in ms; null where none was, or where it makes no sense. */
  waitMs: number | null;
  /** For people: `503 server_error`, `late: first token`. */
  outcome: string;
  cause: unknown;
}

/** Our own limit was reached. */
export class Late extends Error {
  override readonly name = 'Late';
  readonly what: string;

  constructor(what: string, ms: number) {
    super(`nothing for ${Math.round(ms)} ms: ${what}`);
    this.what = what;
  }
}

/** A 200 came that is no answer. */
export class BadAnswer extends Error {
  override readonly name = 'BadAnswer';
  readonly what: 'truncated' | 'empty' | 'malformed';

  constructor(what: BadAnswer['what'], message: string) {
    super(message);
    this.what = what;
  }
}

/** An error that a provider tells inside a 200; `told` is what it sent. */
export class ErrorInside extends Error {
  override readonly name = 'ErrorInside';
  readonly error: unknown;

  constructor(told: unknown) {
    const said = member(told, 'message');
    super(typeof said === 'string' ? said : 'an error inside a 200');
    this.error = told;
  }
}

/** What a provider answers in the place of an answer. */
export class HttpError extends Error {
  readonly status: number;
  readonly headers: Headers;
  readonly error: unknown;

  constructor({ status, headers }: Response, body: unknown) {
    super(`HTTP ${status}`);
    this.status = status;
    this.headers = headers;
    this.error = body;
  }
}

const byCode: Readonly<Record<string, Kind>> = {
  rate_limit_exceeded: 'limited',
  rate_limit_error: 'limited',
  slow_down: 'limited',
  insufficient_quota: 'account',
  credit_balance_exhausted: 'account',
  billing_hard_limit_reached: 'account',
  billing_not_active: 'account',
  enforced_spend_limit_reached: 'account',
  organization_spend_limit_exceeded: 'account',
  project_spend_limit_exceeded: 'account',
  contract_spend_limit_reached: 'account',
  organization_usage_limit_exceeded: 'account',
  billing_error: 'account',
  invalid_api_key: 'account',
  authentication_error: 'account',
  permission_error: 'denied',
  model_not_found: 'missing',
  not_found_error: 'missing',
  server_error: 'down',
  api_error: 'down',
  overloaded_error: 'down',
  server_is_overloaded: 'down',
  service_unavailable_error: 'down',
  timeout_error: 'down',
  conflict_error: 'down',
  invalid_prompt: 'policy',
  content_filter: 'policy',
  content_policy_violation: 'policy',
  context_length_exceeded: 'request',
  request_too_large: 'request',
  invalid_request_error: 'request',
};

/** These no status tells: a spent quota is a 429 too, and a refusal a 400. */
const precise: ReadonlySet<Kind | undefined> = new Set(['account', 'policy']);
const mayPass: ReadonlySet<Kind> = new Set(['limited', 'down', 'lost']);
const mayWaitOut = new Set([408, 409, 424, 425]);

export function readFailure(cause: unknown): Failure {
  const { kind, outcome } = told(cause);
  const advice = header(cause, 'x-should-retry');
  const again = advice === 'true' ? !precise.has(kind) : advice !== 'false' && mayPass.has(kind);
  return { kind, again, waitMs: waitMsOf(cause), outcome, cause };
}

function told(cause: unknown): { kind: Kind; outcome: string } {
  if (cause instanceof Late) return { kind: 'late', outcome: `late: ${cause.what}` };
  if (member(cause, 'isTaskCancelledError')) return { kind: 'late', outcome: 'late' };
  if (cause instanceof BadAnswer) {
    return { kind: cause.what === 'truncated' ? 'lost' : 'broken', outcome: cause.what };
  }
  const codes = codesIn(cause);
  const kinds = codes.map(kindOfCode);
  const status = statusOf(cause);
  const outcome = [status ?? 'error', codes[0]].filter((part) => part !== undefined).join(' ');
  const sure = kinds.find((kind) => precise.has(kind));
  if (sure) return { kind: sure, outcome };
  if (status !== null) return { kind: kindOfStatus(status), outcome };
  const known = kinds.find((kind) => kind !== undefined);
  if (known) return { kind: known, outcome };
  // An error inside a 200 that nobody documents is the provider's own.
  if (cause instanceof ErrorInside) return { kind: 'down', outcome };
  const name = cause instanceof Error ? cause.constructor.name : typeof cause;
  return { kind: isParsing(cause) ? 'broken' : 'lost', outcome: `failed: ${codes[0] ?? name}` };
}

function kindOfStatus(status: number): Kind {
  if (status === 429) return 'limited';
  if (status === 401 || status === 402) return 'account';
  if (status === 403) return 'denied';
  if (status === 404 || status === 410) return 'missing';
  return status >= 500 || mayWaitOut.has(status) ? 'down' : 'request';
}

function kindOfCode(code: string): Kind | undefined {
  if (/^[45]\d\d$/.test(code)) return kindOfStatus(Number(code));
  return Object.hasOwn(byCode, code) ? byCode[code] : undefined;
}

/** Where the libraries keep what the provider sent. */
const nested = ['error', 'details', 'data', 'value', 'cause'] as const;
const named = ['code', 'error_code', 'errorCode', 'type', 'status'] as const;

/** Codes and types, the most precise first; nothing that could be a sentence. */
function codesIn(error: unknown, depth = 0): string[] {
  if (depth > 4 || typeof error !== 'object' || error === null) return [];
  const own = named
    .map((name) => member(error, name))
    .filter((value) => typeof value === 'string' || (depth > 0 && typeof value === 'number'))
    .map(String)
    .filter((value) => /^[\w.-]{1,64}$/.test(value) && value !== 'error');
  return [...own, ...nested.flatMap((name) => codesIn(member(error, name), depth + 1))];
}

/** The HTTP status of a failure; some libraries tell 200 of an error inside an answer. */
function statusOf(error: unknown): number | null {
  const status = member(error, 'status') ?? member(error, 'statusCode');
  return typeof status === 'number' && status >= 300 ? status : null;
}

function isParsing(error: unknown): boolean {
  if (error instanceof SyntaxError) return true;
  return error instanceof Error && /Parse|Validation|NoContent|NoObject/.test(error.name);
}

function waitMsOf(error: unknown): number | null {
  const exact = header(error, 'retry-after-ms');
  if (exact) return usable(Number(exact));
  const given = header(error, 'retry-after');
  if (!given) return null;
  const seconds = Number(given);
  return usable(Number.isNaN(seconds) ? Date.parse(given) - Date.now() : seconds * 1000);
}

function usable(ms: number): number | null {
  return Number.isFinite(ms) && ms >= 0 ? ms : null;
}

function header(error: unknown, name: string): string | null {
  const headers = member(error, 'headers') ?? member(error, 'responseHeaders');
  if (headers instanceof Headers) return headers.get(name);
  const value = member(headers, name);
  return typeof value === 'string' ? value : null;
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
