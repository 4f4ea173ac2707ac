// Headers of Google's responses. They tell neither limits nor when to come back.
import { httpDate } from './http-date.ts';
import type { Asked, Stamp } from './wire.ts';

export function geminiHeaders(asked: Asked, stamp: Stamp): [string, string][] {
  const attached: [string, string][] =
    asked.stream && !asked.array ? [['content-disposition', 'attachment']] : [];
  return [['content-type', contentType(asked)], ...attached, ...serverHeaders(stamp)];
}

/** An error in answer to a request for events is called a stream of events, too. */
export function contentType(asked: Asked): string {
  return asked.stream && !asked.array ? 'text/event-stream' : 'application/json; charset=UTF-8';
}

export function serverHeaders(stamp: Stamp): [string, string][] {
  return [
    ['vary', 'Origin, X-Origin, Referer'],
    ['date', httpDate(stamp.now)],
    ['server', 'scaffolding on HTTPServer2'],
    ['x-xss-protection', '0'],
    ['x-frame-options', 'SAMEORIGIN'],
    ['x-content-type-options', 'nosniff'],
  ];
}
