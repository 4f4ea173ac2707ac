// One request sent on to the provider that it was meant for, and the response as it comes back:
// below every interception of this thread, because the fetch was taken before there was any. Knows
// neither wires nor faults; whoever calls says which hosts may be asked.

import { AsyncLocalStorage } from 'node:async_hooks';

/** A request to send on. */
export interface Onward {
  method: string;
  /** Absolute; asked as it stands. */
  url: string;
  /** As the client sent them; those of its own connection are left out here. */
  headers: Iterable<readonly [name: string, value: string]>;
  /** Null or empty: none. */
  body: string | Uint8Array<ArrayBuffer> | null;
}

/** A response whose headers are there. */
export interface Forwarded {
  status: number;
  /** Without those that described the body on its way: it comes decompressed. */
  headers: [name: string, value: string][];
  /**
   * The pieces of the body as they are read. Throws as `fetch` does where the connection ends in
   * the middle, and the signal's reason where it aborts. Who stops reading hangs up.
   */
  body: AsyncIterable<Uint8Array>;
}

export type Fetch = typeof globalThis.fetch;

/** What interception puts in its place later does not come here. */
const realFetch: Fetch = globalThis.fetch;

/** Of one connection, and no longer true on the next; the body is decompressed here. */
const ofTheConnection = new Set([
  'host',
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'content-length',
  'content-encoding',
  'accept-encoding',
]);

const sending = new AsyncLocalStorage<true>();

/**
 * Of nobody: interception of node:http takes what is asked in the context of a request for that
 * request's own, asked again.
 */
const apart = AsyncLocalStorage.snapshot();

/** Whether what goes on now was set off by a request that is sent on, and by nothing else. */
export function isForwarding(): boolean {
  return sending.getStore() === true;
}

/** A request's own encoding is a part of its body. */
function sentOn([name]: readonly [name: string, value: string]): boolean {
  const lower = name.toLowerCase();
  return lower === 'content-encoding' || !ofTheConnection.has(lower);
}

/**
 * Resolves with the headers. Rejects as `fetch` does where there is no connection; with the
 * signal's reason where it aborts: it ends the body, too. Redirects are answers like others: they
 * are not followed, because they could lead to another host.
 */
export async function forward(
  { method, url, headers, body }: Onward,
  signal: AbortSignal,
  fetch: Fetch = realFetch,
): Promise<Forwarded> {
  const init: RequestInit = {
    method,
    headers: [...headers].filter(sentOn).map(([name, value]): [string, string] => [name, value]),
    ...(body === null || body.length === 0 ? {} : { body }),
    redirect: 'manual',
    signal,
  };
  const response = await apart(() => sending.run(true, () => fetch(url, init)));
  return {
    status: response.status,
    headers: [...response.headers].filter(([name]) => !ofTheConnection.has(name)),
    body: response.body ?? nothing(),
  };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
