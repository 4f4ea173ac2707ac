// A client over node:http as people write them by hand, and a log of all that it is told.
import http from 'node:http';
import https from 'node:https';

export interface Asking {
  /** Reads the body piece by piece; ms of idle time after which the socket gives a sign. */
  timeoutMs?: number;
  /** The client gives up this many ms after its request. */
  abortAfterMs?: number;
  agent?: http.Agent;
}

/** Resolves when all is closed, with what happened in order. */
export function askOverHttp(url: string, body: unknown, asking: Asking = {}): Promise<string[]> {
  const { timeoutMs, abortAfterMs, agent } = asking;
  const log: string[] = [];
  const text = JSON.stringify(body);
  const told = (error: NodeJS.ErrnoException): string =>
    `${error.constructor.name} ${error.code ?? '-'} ${error.message.replace(/:\d+$/, '')}`;
  return new Promise((resolve) => {
    const request = (url.startsWith('https') ? https : http).request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
      ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
      ...(agent === undefined ? {} : { agent }),
    });
    request.on('timeout', () => {
      log.push('timeout');
      request.destroy(new Error('gave up'));
    });
    request.on('error', (error) => log.push(`request error: ${told(error)}`));
    request.on('response', (response) => {
      log.push(`status ${response.statusCode} ${response.statusMessage}`);
      let characters = 0;
      response.setEncoding('utf8');
      response.on('data', (piece: string) => {
        characters += piece.length;
      });
      response.on('end', () => log.push(`end after ${characters}`));
      response.on('aborted', () => log.push('response aborted'));
      response.on('error', (error) => log.push(`response error: ${told(error)}`));
      response.on('close', () => {
        log.push(`response closed, complete: ${response.complete}, ${characters} characters`);
      });
    });
    // Whether request or response is closed first is nothing to build on.
    request.on('close', () => setImmediate(() => resolve(log)));
    if (abortAfterMs !== undefined) setTimeout(() => request.destroy(), abortAfterMs);
    request.end(text);
  });
}
