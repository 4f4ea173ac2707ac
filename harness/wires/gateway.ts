// What gateways, proxies and edges answer in a provider's place, and what they leave of its
// headers.
import { STATUS_CODES } from 'node:http';
import type { BodyForm, Hint } from '../faults/rejection.ts';
import { parsed } from '../parsed-json.ts';
import { frameOf } from './frame.ts';
import { httpDate } from './http-date.ts';
import { record } from './json.ts';
import type { Reply } from './wire.ts';

type Header = [name: string, value: string];

const edgeErrors: Readonly<Record<number, string>> = {
  499: 'Client Closed Request',
  520: 'Web Server Returned an Unknown Error',
  521: 'Web Server Is Down',
  522: 'Connection Timed Out',
  523: 'Origin Is Unreachable',
  524: 'A Timeout Occurred',
  525: 'SSL Handshake Failed',
  526: 'Invalid SSL Certificate',
  529: 'Site Is Overloaded',
  530: 'Origin DNS Error',
};

export function phraseOf(status: number): string {
  return STATUS_CODES[status] ?? edgeErrors[status] ?? 'Error';
}

/** Statuses that come from the edge in front of an API, as a page, and not from the API. */
export function isEdgeStatus(status: number): boolean {
  return status === 502 || (status >= 520 && status <= 530 && status !== 529);
}

/** What Envoy says where nothing behind it answers. */
export function upstreamText(status: number): string {
  if (status === 408 || status === 504) return 'upstream request timeout';
  if (status < 500) return phraseOf(status);
  const cause = 'reset reason: connection termination';
  return `upstream connect error or disconnect/reset before headers. ${cause}`;
}

/** The whole reply of something that is not the provider. */
export function gatewayReply(
  form: Exclude<BodyForm, 'own' | 'nested'>,
  status: number,
  message: string | undefined,
  headers: Header[],
): Reply {
  const [type, body] = gatewayBody(form, status, message);
  const typed: Header[] = type === null ? headers : [['content-type', type], ...headers];
  const frames = body === '' ? [] : [frameOf(body, 'error')];
  return { status, headers: typed, frames, sse: false };
}

function gatewayBody(
  form: Exclude<BodyForm, 'own' | 'nested'>,
  status: number,
  message: string | undefined,
): [type: string | null, body: string] {
  switch (form) {
    case 'html':
      return ['text/html; charset=UTF-8', page(status, message)];
    case 'empty':
      return [null, ''];
    case 'text':
      return ['text/plain', message ?? upstreamText(status)];
    case 'detail':
      return ['application/json', JSON.stringify({ detail: message ?? phraseOf(status) })];
    case 'string':
      return ['application/json', JSON.stringify({ error: message ?? phraseOf(status) })];
    case 'bare':
      return ['application/json', JSON.stringify(message ?? phraseOf(status))];
    default:
      return form satisfies never;
  }
}

/** The provider's own error inside a gateway's. */
export function nestedReply(own: Reply): Reply {
  const text = own.frames.map(({ bytes }) => new TextDecoder().decode(bytes)).join('');
  const body = record(parsed(text));
  const inner = body?.error ?? body ?? text;
  const error = { message: 'Upstream provider returned an error', error: inner };
  const headers = own.headers.filter(([name]) => name !== 'content-type');
  return {
    ...own,
    headers: [['content-type', 'application/json'], ...headers],
    frames: [frameOf(JSON.stringify({ error }), 'error')],
  };
}

function page(status: number, message: string | undefined): string {
  const title = `${status} ${phraseOf(status)}`;
  const words = message === undefined ? '' : `<p>${escaped(message)}</p>\r\n`;
  return (
    `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n` +
    `<center><h1>${title}</h1></center>\r\n${words}<hr><center>cloudflare</center>\r\n` +
    '</body>\r\n</html>\r\n'
  );
}

/** As a page shows it. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Retry hints as headers; `now` in epoch ms. */
export function hintHeaders(hint: Hint | undefined, now: number): Header[] {
  if (hint === undefined) return [];
  const headers: Header[] = [];
  if (hint.retryAfterDateMs !== undefined) {
    headers.push(['retry-after', httpDate(now + hint.retryAfterDateMs)]);
  } else if (hint.retryAfter !== undefined) headers.push(['retry-after', hint.retryAfter]);
  if (hint.retryAfterMs !== undefined) headers.push(['retry-after-ms', hint.retryAfterMs]);
  if (hint.shouldRetry !== undefined) headers.push(['x-should-retry', String(hint.shouldRetry)]);
  return headers;
}

/** How long a hint asks to wait, in ms; null where it cannot be read or there is none. */
export function waitOf(hint: Hint | undefined): number | null {
  if (hint === undefined) return null;
  const ms = hint.retryAfterMs === undefined ? Number.NaN : Number.parseFloat(hint.retryAfterMs);
  if (Number.isFinite(ms)) return ms;
  if (hint.retryAfterDateMs !== undefined) return hint.retryAfterDateMs;
  const seconds = Number.parseFloat(hint.retryAfter ?? '');
  return Number.isFinite(seconds) ? seconds * 1000 : null;
}
