// A request that came to a recording proxy, as the wires read it.
import { createHmac } from 'node:crypto';
import type { Recordable } from '../importing/recordable.ts';
import { recordable } from '../importing/recordable.ts';
import { targetName } from '../upstream/recording.ts';
import { wires } from '../wires/index.ts';
import type { Asked, RawRequest } from '../wires/wire.ts';

/** A request as it came in. */
export interface Incoming {
  method: string;
  /** As if it went to the host that its path names. */
  url: string;
  headers: [name: string, value: string][];
  body: Buffer<ArrayBuffer>;
}

/** What can be recorded of a request, or why nothing can. */
export function recordableOf(raw: RawRequest, provider: string): Recordable | string {
  const asked = recordable(raw);
  if (typeof asked === 'string') return asked;
  const isNamed = targetName.safeParse(nameOf(provider, asked)).success;
  return isNamed ? asked : 'the request names no model';
}

/** The target that it asks. */
export function nameOf(provider: string, { model }: Asked): string {
  return `${provider}/${model}`;
}

/** On any wire, also one whose answers are no texts. */
export function decoded(raw: RawRequest): Asked | null {
  for (const wire of Object.values(wires)) {
    const asked = wire.decode(raw);
    if (asked) return asked;
  }
  return null;
}

/**
 * Of the very same request. Its body may name people and accounts, which nobody is to find by
 * trying: the hash is keyed with the request's own key, and without one made of the masked body.
 */
export function hashOf(
  { wire, model, stream, key }: Recordable,
  host: string,
  body: { asSent: string; masked: string },
): string {
  const asked = [wire, model, stream, host, key === null ? body.masked : body.asSent];
  return createHmac('sha256', key ?? '')
    .update(JSON.stringify(asked))
    .digest('hex');
}

export function rawOf({ method, url, headers, body }: Incoming): RawRequest {
  const header = (wanted: string): string | null => {
    const name = wanted.toLowerCase();
    const own = headers.filter(([one]) => one.toLowerCase() === name);
    return own.length === 0 ? null : own.map(([, value]) => value).join(', ');
  };
  return { method, url, header, body: body.toString('utf8') };
}
