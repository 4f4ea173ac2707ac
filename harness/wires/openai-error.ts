// How OpenAI turns requests down; shared by both of its wires, which differ in a few statuses,
// words and headers only. Statuses, codes and header sets are those of recorded exchanges where
// there are any, else of the documentation; `openai-looks.ts` has the words.
import type { Rejection } from '../faults/rejection.ts';
import { frameOf } from './frame.ts';
import {
  gatewayReply,
  hintHeaders,
  isEdgeStatus,
  nestedReply,
  upstreamText,
  waitOf,
} from './gateway.ts';
import { httpDate } from './http-date.ts';
import { requestId } from './ids.ts';
import { rateLimitHeaders } from './openai-headers.ts';
import { type Look, lookOf } from './openai-looks.ts';
import type { Asked, Reply, Stamp } from './wire.ts';

/** The `error` member of a body or an event. */
export interface OpenAiError {
  message: string;
  type: string;
  param: string | null;
  code: string | null;
}

export function openAiError(rejection: Rejection, asked: Asked, stamp: Stamp): OpenAiError {
  const { message, type, param, code } = lookOf(rejection, asked, requestId(stamp.attempt));
  return { message, type, param, code };
}

export function openAiReject(rejection: Rejection, asked: Asked, stamp: Stamp): Reply {
  const look = lookOf(rejection, asked, requestId(stamp.attempt));
  const form = rejection.body ?? 'own';
  const hints = hintHeaders(rejection.hint, stamp.now);
  const date: [string, string] = ['date', httpDate(stamp.now)];
  if (form === 'nested')
    return nestedReply(openAiReject({ ...rejection, body: 'own' }, asked, stamp));
  if (form !== 'own') {
    return gatewayReply(form, look.status, rejection.message, [date, ...hints]);
  }
  // Where nobody chose the words, some statuses never come from the API but from before it.
  if (rejection.message === undefined && rejection.code === undefined) {
    if (isEdgeStatus(look.status)) {
      const headers: [string, string][] = [date, ['server', 'cloudflare'], ...hints];
      return gatewayReply('html', look.status, undefined, headers);
    }
    if (look.status === 408 || look.status === 504) {
      return gatewayReply('text', look.status, upstreamText(look.status), [date, ...hints]);
    }
  }
  const { message, type, param, code } = look;
  const error = { message, type, param, code };
  const body = JSON.stringify({ error }, null, isEarly(look, asked) ? 4 : 2);
  return {
    status: look.status,
    headers: [...ownHeaders(look, rejection, asked, stamp), date, ...hints],
    frames: [frameOf(`${body}\n`, 'error')],
    sse: false,
  };
}

const challenge: [string, string][] = [['www-authenticate', 'Bearer realm="OpenAI API"']];
const account: [string, string][] = [
  ['openai-organization', 'org-firedrill'],
  ['openai-project', 'proj_firedrill'],
];

/** What chat completions refuse before a model is asked, a server in front of them refuses. */
function isEarly(look: Look, asked: Asked): boolean {
  return asked.wire === 'openai-chat' && [401, 403, 404, 429].includes(look.status);
}

function ownHeaders(
  look: Look,
  rejection: Rejection,
  asked: Asked,
  stamp: Stamp,
): [string, string][] {
  const id: [string, string] = ['x-request-id', requestId(stamp.attempt)];
  const headers: [string, string][] = isEarly(look, asked)
    ? [['content-type', 'application/json; charset=utf-8'], id]
    : [
        ['content-type', 'application/json'],
        ...(look.status === 401 ? challenge : account),
        ['openai-processing-ms', '31'],
        ['openai-version', '2020-10-01'],
        id,
      ];
  const given = stamp.limits ?? rejection.limits;
  const told = look.status === 400 || look.code === 'rate_limit_exceeded';
  // By themselves chat completions and embeddings alone tell limits, and only to requests that were
  // understood. Who counts them has them told to everybody whose account is known.
  if (given ? look.status !== 401 : asked.wire !== 'openai-responses' && told) {
    const limited = look.code === 'rate_limit_exceeded' && look.type === 'requests';
    const forMs = limited ? (waitOf(rejection.hint) ?? 1000) : null;
    headers.push(...rateLimitHeaders(forMs, given));
  }
  return headers;
}
