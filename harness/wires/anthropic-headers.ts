// Headers of Anthropic's successes and limits. Limits do not count down: an idle organisation's.
import { httpDate } from './http-date.ts';
import { requestId } from './ids.ts';
import type { Asked, Stamp } from './wire.ts';

export const organization: [string, string] = [
  'anthropic-organization-id',
  '00000000-0000-4000-8000-000000000000',
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
    organization,
    ...limitHeaders(stamp.now, null),
  );
  return headers;
}

const limits = [
  ['requests', '1000', '999'],
  ['input-tokens', '450000', '449000'],
  ['output-tokens', '90000', '90000'],
  ['tokens', '540000', '539000'],
] as const;

/** `anthropic-ratelimit-*`: with requests used up for this many ms, or (null) with hardly any. */
export function limitHeaders(now: number, usedUpForMs: number | null): [string, string][] {
  const soon = instant(now);
  const reset = usedUpForMs === null ? soon : instant(now + usedUpForMs);
  const headers: [string, string][] = [];
  for (const [name, limit, remaining] of limits) {
    const used = name === 'requests' && usedUpForMs !== null;
    headers.push(
      [`anthropic-ratelimit-${name}-limit`, limit],
      [`anthropic-ratelimit-${name}-remaining`, used ? '0' : remaining],
      [`anthropic-ratelimit-${name}-reset`, used ? reset : soon],
    );
  }
  return headers;
}

/** RFC 3339 in whole seconds. */
function instant(ms: number): string {
  const clamped = Math.min(Math.max(ms, 0), 8.64e15);
  return `${new Date(clamped).toISOString().slice(0, 19)}Z`;
}
