// Who may drive the control API: programs on this machine, and no page in its browser. A page
// always says where it comes from, and a name that was bent to 127.0.0.1 stands in the Host header.
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

export interface Refusal {
  status: 403 | 415;
  message: string;
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether only this machine can reach who listens there. A name may be anybody's. */
export function isLoopback(host: string): boolean {
  const kind = isIP(host);
  if (kind === 0) return host === 'localhost';
  return loopback.check(host, kind === 4 ? 'ipv4' : 'ipv6');
}

type Asking = Pick<IncomingMessage, 'method' | 'headers'>;

/** Null for a request that may be answered. `host` and `port`: where the server listens. */
export function refusalOf(asking: Asking, host: string, port: number): Refusal | null {
  const { method = 'GET', headers } = asking;
  const isWrite = method !== 'GET' && method !== 'HEAD';
  const type = headers['content-type'] ?? '';
  const stranger = strangerOf(asking, host, port);
  if (stranger === null && isWrite && !/^application\/json\s*(;|$)/i.test(type)) {
    const message = 'write content-type: application/json, which no form of a web page sends';
    return { status: 415, message };
  }
  return stranger;
}

/** Null for a program that knows whom it asks: no page, and no name that leads here. */
export function strangerOf({ headers }: Asking, host: string, port: number): Refusal | null {
  const { origin, 'sec-fetch-site': site } = headers;
  if (!isOurs(headers.host ?? '', host, port)) {
    const said = JSON.stringify(headers.host ?? '');
    const message = `the Host header is ${said}: ask 127.0.0.1:${port} or localhost:${port} itself`;
    return { status: 403, message };
  }
  const isFromPage = origin !== undefined || site === 'cross-site' || site === 'same-site';
  if (isFromPage) {
    const message = 'a web page cannot drive this: ask without an Origin header, from a program';
    return { status: 403, message };
  }
  return null;
}

function isOurs(said: string, host: string, port: number): boolean {
  const [, name = '', own = '80'] = /^(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(said) ?? [];
  if (Number(own) !== port) return false;
  const bare = name.replace(/^\[|\]$/g, '').toLowerCase();
  if (isLoopback(bare) || bare === host.toLowerCase()) return true;
  // Who listens everywhere is asked at any of its addresses. No page has an address for a name.
  return (host === '0.0.0.0' || host === '::') && isIP(bare) !== 0;
}
