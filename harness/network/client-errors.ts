// The errors that Node's clients show for what happens below HTTP, as undici (fetch) and node:http
// make them. Held to real sockets by test/contract/parity.test.ts.

/** What went wrong with a connection, in words that DNS, TCP and TLS share. */
export type Broken =
  | 'refused'
  | 'dns'
  | 'tls'
  | 'reset'
  | 'fin'
  | 'headers-timeout'
  | 'body-timeout';

/** Where the connection was going. */
export interface Peer {
  host: string;
  port: number;
}

/** The error as node:http emits it, and as fetch carries it in `cause`. */
export function socketError(broken: Broken, peer: Peer): Error {
  switch (broken) {
    case 'refused':
      return system(`connect ECONNREFUSED 127.0.0.1:${peer.port}`, {
        errno: -111,
        code: 'ECONNREFUSED',
        syscall: 'connect',
        address: '127.0.0.1',
        port: peer.port,
      });
    case 'dns':
      return system(`getaddrinfo ENOTFOUND ${peer.host}`, {
        errno: -3008,
        code: 'ENOTFOUND',
        syscall: 'getaddrinfo',
        hostname: peer.host,
      });
    case 'tls':
      return system('certificate has expired', { code: 'CERT_HAS_EXPIRED' });
    case 'reset':
      return system('read ECONNRESET', { errno: -104, code: 'ECONNRESET', syscall: 'read' });
    case 'fin':
      return new SocketError('other side closed', 'UND_ERR_SOCKET');
    case 'headers-timeout':
      return new HeadersTimeoutError('Headers Timeout Error', 'UND_ERR_HEADERS_TIMEOUT');
    case 'body-timeout':
      return new BodyTimeoutError('Body Timeout Error', 'UND_ERR_BODY_TIMEOUT');
    default:
      return broken satisfies never;
  }
}

/** What `fetch` rejects with when no response came. */
export function fetchFailed(broken: Broken, peer: Peer): TypeError {
  return new TypeError('fetch failed', { cause: socketError(broken, peer) });
}

/** What reading a body rejects with when the connection ends in the middle. */
export function terminated(broken: Broken, peer: Peer): TypeError {
  return new TypeError('terminated', { cause: socketError(broken, peer) });
}

/** What node:http emits for the same: it knows no SocketError and has no limits of its own. */
export function requestError(broken: Broken, peer: Peer): Error {
  if (broken === 'fin') return system('socket hang up', { code: 'ECONNRESET' });
  return socketError(broken, peer);
}

function system(message: string, fields: Record<string, string | number>): Error {
  return Object.assign(new Error(message), fields);
}

class UndiciError extends Error {
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.name = new.target.name;
    this.code = code;
  }
}

class SocketError extends UndiciError {}
class HeadersTimeoutError extends UndiciError {}
class BodyTimeoutError extends UndiciError {}
