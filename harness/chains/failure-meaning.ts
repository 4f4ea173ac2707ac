// The table behind every decision of the chain: what statuses and codes mean, and whether asking
// the same target again can help. A leaf.
export type Meaning =
  /** Too many requests: later is better. */
  | 'rate-limit'
  /** 5xx, overload, and errors that nobody documents. */
  | 'server'
  /** 408, 409, 424, 425. */
  | 'transient'
  /** No answer, or one that was cut off. */
  | 'connection'
  /** The chain's own limits. */
  | 'timeout'
  /** The account is empty: no request with this key helps. */
  | 'quota'
  /** The key itself. */
  | 'auth'
  /** This key may not use this model. */
  | 'permission'
  /** The model or endpoint is not there. */
  | 'not-found'
  /** This request, on this model: too long, against its policy, or not understood. */
  | 'request'
  /** A refusal of what was asked: not to be routed around. */
  | 'policy'
  /** A 200 without an answer in it. */
  | 'bad-answer'
  | 'unknown';

export interface Advice {
  /** Whether the same target may well answer the same request a moment later. */
  retry: boolean;
  /** What even `x-should-retry: true` does not cure. */
  hopeless: boolean;
  /** Whether it holds for every target with the same key. */
  credential: boolean;
  /** Whether no target at all is to be asked any more. */
  final?: true;
}

const tryAgain: Advice = { retry: true, hopeless: false, credential: false };
const moveOn: Advice = { retry: false, hopeless: false, credential: false };
const changeKey: Advice = { retry: false, hopeless: true, credential: true };

export const meanings: Readonly<Record<Meaning, Advice>> = {
  'rate-limit': tryAgain,
  server: tryAgain,
  transient: tryAgain,
  connection: tryAgain,
  timeout: tryAgain,
  quota: changeKey,
  auth: changeKey,
  permission: moveOn,
  'not-found': moveOn,
  request: moveOn,
  policy: { ...moveOn, hopeless: true, final: true },
  'bad-answer': moveOn,
  unknown: moveOn,
};

const transient = new Set([408, 409, 424, 425]);

export function meaningOfStatus(status: number): Meaning {
  if (status === 429) return 'rate-limit';
  if (status === 401) return 'auth';
  if (status === 402) return 'quota';
  if (status === 403) return 'permission';
  if (status === 404 || status === 410) return 'not-found';
  if (transient.has(status)) return 'transient';
  if (status === 501 || status === 505) return 'request';
  if (status >= 500) return 'server';
  return status >= 400 ? 'request' : 'unknown';
}

/** Codes and types of OpenAI, Anthropic and those who imitate them; null where it says nothing. */
export function meaningOfCode(code: string): Meaning | null {
  if (/^[45]\d\d$/.test(code)) return meaningOfStatus(Number(code));
  return Object.hasOwn(byCode, code) ? (byCode[code] ?? null) : null;
}

const byCode: Readonly<Record<string, Meaning>> = {
  rate_limit_exceeded: 'rate-limit',
  rate_limit_error: 'rate-limit',
  ramp_limit_exceeded: 'rate-limit',
  slow_down: 'rate-limit',
  requests: 'rate-limit',
  tokens: 'rate-limit',

  insufficient_quota: 'quota',
  credit_balance_exhausted: 'quota',
  organization_spend_limit_exceeded: 'quota',
  project_spend_limit_exceeded: 'quota',
  organization_usage_limit_exceeded: 'quota',
  billing_hard_limit_reached: 'quota',
  billing_not_active: 'quota',
  enforced_spend_limit_reached: 'quota',
  contract_spend_limit_reached: 'quota',
  billing_error: 'quota',

  invalid_api_key: 'auth',
  authentication_error: 'auth',
  permission_error: 'permission',
  model_not_found: 'not-found',
  not_found_error: 'not-found',

  server_error: 'server',
  api_error: 'server',
  overloaded_error: 'server',
  server_is_overloaded: 'server',
  service_unavailable_error: 'server',
  timeout_error: 'server',
  conflict_error: 'transient',

  context_length_exceeded: 'request',
  request_too_large: 'request',
  invalid_prompt: 'policy',
  content_filter: 'policy',
  content_policy_violation: 'policy',
  unsupported_parameter: 'request',
  unsupported_value: 'request',
  invalid_request_error: 'request',
};
