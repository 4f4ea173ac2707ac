// A recorded error in the harness' own words: its class, so that invariants and reports know it,
// and its retry hints. The bytes themselves are served as they were recorded.
import type { Hint, Reason, Rejection } from '../faults/rejection.ts';
import { faultOfStatus, reasonByStatus } from '../faults/status-reasons.ts';
import { parsed } from '../parsed-json.ts';
import { record, records, text } from '../wires/json.ts';
import { parseSse } from '../wires/sse.ts';

/** What a recording holds where it holds no answer. */
export interface RecordedResponse {
  status: number;
  headers: readonly (readonly [name: string, value: string])[];
  body: string;
  sse: boolean;
}

/** Codes that say more than the status they come with. */
const byCode: Readonly<Record<string, Reason>> = {
  insufficient_quota: 'quota',
  billing_error: 'billing',
  billing_not_active: 'billing',
  credit_balance_exhausted: 'billing',
  context_length_exceeded: 'context-length',
  content_filter: 'content-policy',
  content_policy_violation: 'content-policy',
  request_too_large: 'too-large',
  model_not_found: 'not-found',
  API_KEY_INVALID: 'auth',
};

/** The sort of error that providers name beside a status, and alone within a stream. */
const byType: Readonly<Record<string, Reason>> = {
  rate_limit_error: 'rate-limit',
  rate_limit_exceeded: 'rate-limit',
  overloaded_error: 'overloaded',
  server_is_overloaded: 'overloaded',
  timeout_error: 'timeout',
  authentication_error: 'auth',
  invalid_api_key: 'auth',
  permission_error: 'permission',
  not_found_error: 'not-found',
  invalid_request_error: 'invalid-request',
};

/** Null for a success without an error inside: its answer may be empty, but it failed nowhere. */
export function recordedFailure(response: RecordedResponse): Rejection | null {
  const { status } = response;
  const error = response.sse ? errorInStream(response.body) : errorIn(parsed(response.body));
  if (status < 400 && error === null) return null;
  const hint = { ...error?.hint, ...hintIn(response.headers) };
  return {
    reason: reasonOf(status, error),
    ...(status < 400 ? {} : { status }),
    ...(error?.message ? { message: error.message } : {}),
    ...(Object.keys(hint).length > 0 ? { hint } : {}),
  };
}

interface ErrorBody {
  /** Type, code and status as far as there are any. */
  names: string[];
  /** Gateways put the status of the provider behind them into `code`. */
  status: number | null;
  message: string;
  hint?: Hint;
}

function errorInStream(body: string): ErrorBody | null {
  for (const { event, data } of parseSse(`${body}\n\n`)) {
    const members = record(parsed(data));
    const inner = record(members?.response);
    const found = errorIn(members) ?? errorIn(inner);
    if (found) return found;
    if (event === 'error') return { names: [], status: null, message: data };
  }
  // Google puts the body of an error into a stream as it is.
  const bare = /^\{[\s\S]*/m.exec(body)?.[0];
  return bare === undefined ? null : errorIn(parsed(bare));
}

function errorIn(body: unknown): ErrorBody | null {
  const members = record(body);
  if (!members) return null;
  const flat = members.type === 'error' && !members.error;
  const error = flat ? members : record(members.error);
  if (!error) {
    const message = text(members.error);
    if (message !== '') return { names: [text(members.code)], status: null, message };
    // Gateways end an answer so whose provider broke off.
    const broken = records(members.choices).some((one) => one.finish_reason === 'error');
    return broken ? { names: [], status: null, message } : null;
  }
  const codes = [error.code, error.status, record(error.innererror)?.code, error.type];
  const status = codes.map(Number).find((code) => code >= 400 && code < 600) ?? null;
  const { names, hint } = errorDetails(error.details);
  const message = text(error.message);
  // Google has no code for it.
  if (/^The input token count .*exceeds/.test(message)) names.push('context_length_exceeded');
  return { names: [...codes.map(text), ...names], status, message, ...(hint ? { hint } : {}) };
}

/** What Google says beside its code: a reason, the quota that is used up, when to come back. */
function errorDetails(details: unknown): { names: string[]; hint: Hint | null } {
  const names: string[] = [];
  let hint: Hint | null = null;
  for (const detail of records(details)) {
    names.push(text(detail.reason));
    const quotas = records(detail.violations).map(({ quotaId }) => text(quotaId));
    // A quota of minutes is a rate; that of a day is gone for the day.
    if (quotas.some((quota) => quota.includes('PerDay'))) names.push('insufficient_quota');
    const seconds = /^(\d+(?:\.\d+)?)s$/.exec(text(detail.retryDelay))?.[1];
    if (seconds !== undefined) hint = { retryAfter: seconds };
  }
  return { names, hint };
}

function reasonOf(status: number, error: ErrorBody | null): Reason {
  const names = error?.names ?? [];
  const code = names.find((name) => Object.hasOwn(byCode, name));
  if (code !== undefined) return byCode[code] ?? 'server-error';
  const told = status >= 400 ? status : error?.status;
  const reason = told ? reasonByStatus(told) : null;
  if (reason) return reason;
  const type = names.find((name) => Object.hasOwn(byType, name));
  if (type !== undefined) return byType[type] ?? 'server-error';
  return faultOfStatus(told || 500);
}

function hintIn(headers: RecordedResponse['headers']): Hint {
  const header = (name: string): string | undefined =>
    headers.find(([one]) => one.toLowerCase() === name)?.[1];
  const hint: Hint = {};
  const after = header('retry-after');
  const afterMs = header('retry-after-ms');
  const should = header('x-should-retry');
  if (after !== undefined) hint.retryAfter = after;
  if (afterMs !== undefined) hint.retryAfterMs = afterMs;
  if (should === 'true' || should === 'false') hint.shouldRetry = should === 'true';
  return hint;
}
