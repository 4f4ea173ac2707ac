// What all dialects have in common: JSON with a date and the retry hints of the rule.
import type { Rejection } from '../faults/rejection.ts';
import { frameOf } from '../wires/frame.ts';
import { hintHeaders } from '../wires/gateway.ts';
import { httpDate } from '../wires/http-date.ts';
import type { Reply, Stamp } from '../wires/wire.ts';

export type Header = [name: string, value: string];

/** A JSON body, or a text where that is what the host sends. */
export function errorReply(
  status: number,
  body: Record<string, unknown> | string,
  rejection: Rejection,
  stamp: Stamp,
  headers: readonly Header[] = [],
): Reply {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json';
  const typed = headers.some(([name]) => name === 'content-type');
  return {
    status,
    headers: [
      ...(typed ? [] : [['content-type', type] satisfies Header]),
      ...headers,
      ['date', httpDate(stamp.now)],
      ...hintHeaders(rejection.hint, stamp.now),
    ],
    frames: [frameOf(text, 'error')],
    sse: false,
  };
}
