// Headers of Anthropic's successes and limits. Limits are an idle organisation's
// unless somebody counts them.
import type { Allowance, RateLimits } from '../faults/rejection.ts';
import { httpDate } from './http-date.ts';
import { requestId } from './ids.ts';
import type { Asked, Stamp } from './wire.ts';

/** Whose key it was. */
export const account: [string, string][] = [
  ['anthropic-organization-id', '00000000-0000-4000-8000-000000000000'],
  ['anthropic-workspace-id', 'wrkspc_01firedrill'],
];

export function anthropicHeaders(asked: Asked, stamp: Stamp): [string, string][] {
  const headers: [string, string][] = asked.stream
    ? [
        ['content-type', 'text/event-stream; charset=utf-8'],
        ['cache-control', 'no-cache'],
      ]
    : [['content-type', 'application/json']];
  headers.push(
    ['date', httpDate(stamp.now)],
    ['request-id', requestId(stamp.attempt)],
    ...account,
    ...limitHeaders(stamp, null),
  );
  return headers;
}

const idle: readonly (readonly [name: LimitName, limit: number, remaining: number])[] = [
  ['requests', 1000, 999],
  ['input-tokens', 450_000, 449_000],
  ['output-tokens', 90_000, 90_000],
  ['tokens', 540_000, 539_000],
];

type LimitName = 'requests' | 'input-tokens' | 'output-tokens' | 'tokens';

/**
 * `anthropic-ratelimit-*`: as counted; else with requests used up for this many ms, or (null) with
 * hardly any used.
 */
export function limitHeaders(
  { now, limits }: Stamp,
  usedUpForMs: number | null,
): [string, string][] {
  const usedUp = usedUpForMs !== null && limits === undefined;
  return idle.flatMap(([name, limit, remaining]): [string, string][] => {
    const told =
      counted(name, limits) ??
      (usedUp && name === 'requests'
        ? { limit, remaining: 0, resetMs: usedUpForMs }
        : { limit, remaining, resetMs: 0 });
    return [
      [`anthropic-ratelimit-${name}-limit`, String(told.limit)],
      [`anthropic-ratelimit-${name}-remaining`, String(told.remaining)],
      [`anthropic-ratelimit-${name}-reset`, instant(now + told.resetMs)],
    ];
  });
}

/**
 * Tokens are counted in one sum: it is told as the limit of input, and again as that of tokens,
 * which stands for the tightest one. What remains of tokens is told in thousands.
 */
function counted(name: LimitName, limits: RateLimits | undefined): Allowance | undefined {
  if (name === 'requests') return limits?.requests;
  const tokens = name === 'output-tokens' ? undefined : limits?.tokens;
  if (tokens === undefined) return undefined;
  const thousands = Math.round(tokens.remaining / 1000) * 1000;
  return { ...tokens, remaining: Math.min(tokens.limit, thousands) };
}

/** RFC 3339 in whole seconds. */
function instant(ms: number): string {
  const clamped = Math.min(Math.max(ms, 0), 8.64e15);
  return `${new Date(clamped).toISOString().slice(0, 19)}Z`;
}
