// How Google turns requests down. What other providers say in headers (when to come back, which
// limit it was) stands in `error.details`; `gemini-looks.ts` has codes and words.
import type { InBandForm } from '../faults/effect.ts';
import type { Hint, Rejection } from '../faults/rejection.ts';
import { hintMsOf } from '../upstream/hint-ms.ts';
import { frameOf } from './frame.ts';
import { gatewayReply, hintHeaders, nestedReply } from './gateway.ts';
import { inStream, pretty } from './gemini-frames.ts';
import { contentType, serverHeaders } from './gemini-headers.ts';
import { type Look, lookOf } from './gemini-looks.ts';
import { httpDate } from './http-date.ts';
import type { Asked, Frame, Reply, Stamp } from './wire.ts';

type Json = Record<string, unknown>;
type Header = [name: string, value: string];

export function geminiReject(rejection: Rejection, asked: Asked, stamp: Stamp): Reply {
  const form = rejection.body ?? 'own';
  if (form === 'nested') {
    // Of one error without an array around it: that is what a gateway has from its provider.
    const { array: _array, ...plain } = asked;
    return nestedReply(geminiReject({ ...rejection, body: 'own' }, plain, stamp));
  }
  const look = lookOf(rejection, asked, waitOf(rejection, stamp) !== null);
  const { status } = look;
  if (form !== 'own') {
    const headers: Header[] = [['date', httpDate(stamp.now)]];
    const hints = hintHeaders(rejection.hint, stamp.now);
    return gatewayReply(form, status, rejection.message, [...headers, ...hints]);
  }
  const server = [...serverHeaders(stamp), ...restOf(rejection, stamp)];
  if (status === 502 && rejection.message === undefined && rejection.code === undefined) {
    const type: Header = ['content-type', 'text/html; charset=UTF-8'];
    return { status, headers: [type, ...server], frames: [frameOf(page, 'error')], sse: false };
  }
  const error = errorOf(look, rejection, asked, stamp);
  const text = asked.array ? `[${pretty({ error })}]\n` : pretty({ error });
  return {
    status,
    headers: [['content-type', contentType(asked)], ...server],
    frames: [frameOf(text, 'error')],
    sse: false,
  };
}

/** What Google's front end says where nothing behind it answers. */
const page =
  '<!DOCTYPE html>\n<html lang=en>\n  <meta charset=utf-8>\n' +
  '  <title>Error 502 (Server Error)!!1</title>\n  <p><b>502.</b> <ins>That’s an error.</ins>\n' +
  '  <p>The server encountered a temporary error and could not complete your request.' +
  '<p>Please try again in 30 seconds.  <ins>That’s all we know.</ins>\n';

/**
 * In the midst of a stream the error of a body stands alone, without `data:`; `chunk` puts it into
 * an event.
 */
export function geminiErrorFrames(
  rejection: Rejection,
  asked: Asked,
  stamp: Stamp,
  sent: readonly Frame[] = [],
  form: InBandForm = 'own',
): Frame[] {
  const look = lookOf(rejection, asked, waitOf(rejection, stamp) !== null);
  const error = errorOf(look, rejection, asked, stamp);
  const ended = { finishReason: 'OTHER', index: 0, finishMessage: look.message };
  const line: Json = form === 'finish-reason' ? { candidates: [ended] } : { error };
  if (asked.array) return [frameOf(`${inStream(line, asked, sent.length === 0)}]`, 'error')];
  const isEvent = form === 'finish-reason' || form === 'chunk';
  const bare = !asked.stream || !isEvent;
  return [frameOf(bare ? pretty(line) : inStream(line, asked, false), 'error')];
}

function errorOf(look: Look, rejection: Rejection, asked: Asked, stamp: Stamp): Json {
  const wait = waitOf(rejection, stamp);
  const details = detailsOf(look, rejection, asked, stamp);
  const retry = look.quota !== null && wait !== null ? `\nPlease retry in ${wait}.` : '';
  const message = rejection.message ?? `${look.message}${retry}`;
  return {
    code: look.status,
    message,
    status: look.code,
    ...(details.length > 0 ? { details } : {}),
  };
}

function detailsOf(look: Look, rejection: Rejection, asked: Asked, stamp: Stamp): Json[] {
  const details: Json[] = [];
  const add = (type: string, members: Json): void => {
    details.push({ '@type': `type.googleapis.com/google.rpc.${type}`, ...members });
  };
  if (look.info !== null) {
    const metadata = { service: 'generativelanguage.googleapis.com' };
    add('ErrorInfo', { reason: look.info, domain: 'googleapis.com', metadata });
    add('LocalizedMessage', { locale: 'en-US', message: look.message });
  }
  if (rejection.param !== undefined) {
    const violation = { field: rejection.param, description: look.message };
    add('BadRequest', { fieldViolations: [violation] });
  }
  if (look.quota !== null) {
    add('QuotaFailure', { violations: [violationOf(look.quota, asked, stamp)] });
    const description = 'Learn more about Gemini API quotas';
    const url = 'https://ai.google.dev/gemini-api/docs/rate-limits';
    add('Help', { links: [{ description, url }] });
  }
  const wait = waitOf(rejection, stamp);
  if (wait !== null) add('RetryInfo', { retryDelay: wait });
  return details;
}

/** The quotas and values of recorded errors, unless a rule counts limits of its own. */
function violationOf(quota: 'minute' | 'day', asked: Asked, { limits }: Stamp): Json {
  const service = 'generativelanguage.googleapis.com';
  const dimensions = { location: 'global', model: asked.model };
  if (quota === 'day') {
    return {
      quotaMetric: `${service}/generate_content_free_tier_requests`,
      quotaId: 'GenerateRequestsPerDayPerProjectPerModel-FreeTier',
      quotaDimensions: dimensions,
      quotaValue: String(limits?.requests?.limit ?? 20),
    };
  }
  return {
    quotaMetric: `${service}/generate_content_paid_tier_input_token_count`,
    quotaId: 'GenerateContentPaidTierInputTokensPerModelPerMinute',
    quotaDimensions: dimensions,
    quotaValue: String(limits?.tokens?.limit ?? 1_000_000),
  };
}

/** How long the hint asks to wait, as google.protobuf.Duration; null where it does not say. */
function waitOf({ hint }: Rejection, { now }: Stamp): string | null {
  const ms = hint === undefined ? null : hintMsOf(hint, now);
  return ms === null ? null : durationOf(ms);
}

/** `47s`, `0.200s`: no fraction, or one of three, six or nine digits. */
function durationOf(ms: number): string {
  const whole = Math.round(ms);
  const rest = whole % 1000;
  const fraction = rest === 0 ? '' : `.${String(rest).padStart(3, '0')}`;
  return `${Math.floor(whole / 1000)}${fraction}s`;
}

/** A hint that no RetryInfo can tell, and what is none of Google's, goes out as it was written. */
function restOf({ hint }: Rejection, stamp: Stamp): Header[] {
  if (hint === undefined) return [];
  const { shouldRetry } = hint;
  const told: Hint = shouldRetry === undefined ? {} : { shouldRetry };
  return hintHeaders(hintMsOf(hint, stamp.now) === null ? hint : told, stamp.now);
}
