// How Anthropic turns requests down. `x-should-retry`, limits and `retry-after` appear exactly
// where recorded exchanges have them; `anthropic-looks.ts` has types and words.
import type { Rejection } from '../faults/rejection.ts';
import { account, limitHeaders } from './anthropic-headers.ts';
import { type Look, lookOf } from './anthropic-looks.ts';
import { frameOf } from './frame.ts';
import { gatewayReply, hintHeaders, isEdgeStatus, nestedReply, waitOf } from './gateway.ts';
import { httpDate } from './http-date.ts';
import { requestId } from './ids.ts';
import type { Asked, Reply, Stamp } from './wire.ts';

export function anthropicReject(rejection: Rejection, asked: Asked, stamp: Stamp): Reply {
  const look = lookOf(rejection, asked);
  const form = rejection.body ?? 'own';
  const hints = hintHeaders(rejection.hint, stamp.now);
  const date: [string, string] = ['date', httpDate(stamp.now)];
  if (form === 'nested') {
    return nestedReply(anthropicReject({ ...rejection, body: 'own' }, asked, stamp));
  }
  if (form !== 'own') {
    return gatewayReply(form, look.status, rejection.message, [date, ...hints]);
  }
  // Where nobody chose the words, some statuses never come from the API but from before it.
  if (rejection.message === undefined && rejection.code === undefined) {
    const headers: [string, string][] = [date, ['server', 'cloudflare'], ...hints];
    if (isEdgeStatus(look.status)) return gatewayReply('html', look.status, undefined, headers);
    if (look.status === 503) return gatewayReply('text', 503, undefined, headers);
  }
  return {
    status: look.status,
    headers: [...ownHeaders(look, rejection, stamp), date, ...hints],
    frames: [frameOf(errorBody(look, stamp), 'error')],
    sse: false,
  };
}

/** The error inside a 200; one in a stream has a place for details, be there any or none. */
export function anthropicErrorInside(rejection: Rejection, asked: Asked, stamp: Stamp): string {
  return errorBody(lookOf(rejection, asked), stamp, asked.stream);
}

function errorBody({ type, message, code }: Look, stamp: Stamp, spacious = false): string {
  const details = code === null ? null : { error_code: code };
  const error = { ...(details || spacious ? { details } : {}), type, message };
  return JSON.stringify({ type: 'error', error, request_id: requestId(stamp.attempt) });
}

/** Where the account is not known, or nothing is. */
const anonymous = [401, 500];

function ownHeaders(look: Look, rejection: Rejection, stamp: Stamp): [string, string][] {
  const headers: [string, string][] = [
    ['content-type', 'application/json'],
    ['request-id', requestId(stamp.attempt)],
  ];
  if (!anonymous.includes(look.status)) headers.push(...account);
  if (look.retry !== null && rejection.hint?.shouldRetry === undefined) {
    headers.push(['x-should-retry', String(look.retry)]);
  }
  if (look.limits) {
    const limits = rejection.limits ?? stamp.limits;
    const told = limits === undefined ? stamp : { ...stamp, limits };
    headers.push(...limitHeaders(told, waitOf(rejection.hint)));
  }
  return headers;
}
