// Headers of OpenAI's successes. Limits that nobody counts are those of an idle account.
import type { RateLimits } from '../faults/rejection.ts';
import { httpDate } from './http-date.ts';
import { requestId } from './ids.ts';
import { goDuration } from './openai-looks.ts';
import type { Asked, Stamp } from './wire.ts';

const whole: [string, string][] = [
  ['content-type', 'application/json'],
  ['openai-organization', 'org-firedrill'],
  ['openai-processing-ms', '378'],
  ['openai-version', '2020-10-01'],
];
const events: [string, string][] = [
  ['content-type', 'text/event-stream; charset=utf-8'],
  ...whole.slice(1),
];
const idle = rateLimitHeaders(null);
const limitedWhole = [...whole, ...idle];
const limitedEvents = [...events, ...idle];

/**
 * Chat tells its limits on every 200, responses only where it does not stream; limits that a rule
 * counts are told everywhere.
 */
export function openAiHeaders(asked: Asked, stamp: Stamp): [string, string][] {
  const { limits } = stamp;
  const fixed =
    limits !== undefined
      ? [...(asked.stream ? events : whole), ...rateLimitHeaders(null, limits)]
      : idleHeaders(asked);
  return [...fixed, ['date', httpDate(stamp.now)], ['x-request-id', requestId(stamp.attempt)]];
}

function idleHeaders({ wire, stream }: Asked): [string, string][] {
  if (!stream) return limitedWhole;
  return wire === 'openai-chat' ? limitedEvents : events;
}

/**
 * `x-ratelimit-*` as given; those that are not: with requests used up for this many ms, or (null)
 * with hardly any used.
 */
export function rateLimitHeaders(
  usedUpForMs: number | null,
  { requests, tokens }: RateLimits = {},
): [string, string][] {
  const { remaining, resetMs } =
    usedUpForMs === null
      ? { remaining: 499, resetMs: 120 }
      : { remaining: 0, resetMs: usedUpForMs };
  const ofRequests = requests ?? { limit: 500, remaining, resetMs };
  const ofTokens = tokens ?? { limit: 200_000, remaining: 199_958, resetMs: 12 };
  return [
    ['x-ratelimit-limit-requests', String(ofRequests.limit)],
    ['x-ratelimit-limit-tokens', String(ofTokens.limit)],
    ['x-ratelimit-remaining-requests', String(ofRequests.remaining)],
    ['x-ratelimit-remaining-tokens', String(ofTokens.remaining)],
    ['x-ratelimit-reset-requests', goDuration(ofRequests.resetMs)],
    ['x-ratelimit-reset-tokens', goDuration(ofTokens.resetMs)],
  ];
}
