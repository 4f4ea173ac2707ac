// Headers of OpenAI's successes. Limits do not count down: they are those of an idle account.
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

/** Chat tells its limits on every 200, responses only where it does not stream. */
export function openAiHeaders(asked: Asked, stamp: Stamp): [string, string][] {
  const limited = asked.wire === 'openai-chat' || !asked.stream;
  const fixed = asked.stream ? (limited ? limitedEvents : events) : limited ? limitedWhole : whole;
  return [...fixed, ['date', httpDate(stamp.now)], ['x-request-id', requestId(stamp.attempt)]];
}

/** `x-ratelimit-*`: with requests used up for this many ms, or (null) with hardly any used. */
export function rateLimitHeaders(usedUpForMs: number | null): [string, string][] {
  return [
    ['x-ratelimit-limit-requests', '500'],
    ['x-ratelimit-limit-tokens', '200000'],
    ['x-ratelimit-remaining-requests', usedUpForMs === null ? '499' : '0'],
    ['x-ratelimit-remaining-tokens', '199958'],
    ['x-ratelimit-reset-requests', goDuration(usedUpForMs ?? 120)],
    ['x-ratelimit-reset-tokens', '12ms'],
  ];
}
