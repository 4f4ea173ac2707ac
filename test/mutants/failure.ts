// What a failure is to a desk: told by status and by the provider's own codes, never by words.

export type Kind =
  | 'rate-limit'
  | 'server'
  | 'connection'
  | 'timeout'
  | 'account'
  | 'request'
  | 'policy'
  | 'bad-answer';

export interface Failure {
  kind: Kind;
  /** Whether the same target may well answer the same question a moment later. */
  retry: boolean;
  /** Whether it says something about the target, and not about this one question. */
  unhealthy: boolean;
  hintMs: number | null;
  outcome: string;
  cause: unknown;
}

/** A 200 without a whole answer in it. */
export class NoAnswer extends Error {
  constructor(what: 'truncated' | 'empty' | 'malformed') {
    super(what);
  }
}

export class TimeUp extends Error {}

const kinds: Readonly<Record<string, Kind>> = {
  rate_limit_exceeded: 'rate-limit',
  rate_limit_error: 'rate-limit',
  insufficient_quota: 'account',
  credit_balance_exhausted: 'account',
  billing_error: 'account',
  authentication_error: 'account',
  invalid_api_key: 'account',
  permission_error: 'account',
  content_filter: 'policy',
  content_policy_violation: 'policy',
  invalid_prompt: 'policy',
  invalid_request_error: 'request',
  not_found_error: 'request',
};

export function failureOf(cause: unknown): Failure {
  const fields = asRecord(cause);
  const kind = kindOf(cause, fields);
  const status = fields.status === undefined ? '' : `${String(fields.status)} `;
  return {
    kind,
    retry: isRepeatable(kind) && fields.headers !== null && advised(fields) !== 'false',
    unhealthy: isRepeatable(kind) || kind === 'account' || kind === 'timeout',
    hintMs: hintOf(fields),
    outcome: `${status}${String(fields.code ?? fields.type ?? kind)}`,
    cause,
  };
}

function isRepeatable(kind: Kind): boolean {
  return kind === 'rate-limit' || kind === 'server' || kind === 'connection';
}

function kindOf(cause: unknown, { status, code, type }: Record<string, unknown>): Kind {
  if (cause instanceof TimeUp) return 'timeout';
  if (cause instanceof NoAnswer) return cause.message === 'truncated' ? 'connection' : 'bad-answer';
  if (cause instanceof SyntaxError) return 'bad-answer';
  const told = kinds[String(code)] ?? kinds[String(type)];
  if (told === 'account' || told === 'policy') return told;
  if (typeof status !== 'number') return told ?? (code || type ? 'server' : 'connection');
  if (status === 429) return 'rate-limit';
  if ([401, 402, 403].includes(status)) return 'account';
  if ([408, 409, 424, 425].includes(status) || status >= 500) return 'server';
  return 'request';
}

function advised({ headers }: Record<string, unknown>): string | null {
  return headers instanceof Headers ? headers.get('x-should-retry') : null;
}

function hintOf({ headers }: Record<string, unknown>): number | null {
  if (!(headers instanceof Headers)) return null;
  const exact = Number(headers.get('retry-after-ms') ?? Number.NaN);
  if (exact >= 0) return exact;
  const given = headers.get('retry-after');
  if (given === null) return null;
  const seconds = Number(given);
  const ms = Number.isNaN(seconds) ? Date.parse(given) - Date.now() : seconds * 1000;
  return ms >= 0 ? ms : null;
}

function asRecord(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return {};
  const { status, code, type, headers } = value as Record<string, unknown>;
  return { status, code, type, headers };
}
