// A client over node:http as people write them by hand, and a log of all that it is told.
import { AsyncLocalStorage } from 'node:async_hooks';
import http from 'node:http';
import https from 'node:https';

export interface Asking {
  /** Reads the body piece by piece; ms of idle time after which the socket gives a sign. */
  timeoutMs?: number;
  /** The client gives up this many ms after its request. */
  abortAfterMs?: number;
  agent?: http.Agent;
}

/** The request that the code running now asked. */
const asker = new AsyncLocalStorage<object>();

/** Resolves when all is closed, with what happened in order, and what was told out of context. */
export function askOverHttp(url: string, body: unknown, asking: Asking = {}): Promise<string[]> {
  const { timeoutMs, abortAfterMs, agent } = asking;
  const own = {};
  const log: string[] = [];
  const hear = (line: string): void => {
    log.push(asker.getStore() === own ? line : `${line}, out of context`);
  };
  const text = JSON.stringify(body);
  const told = (error: NodeJS.ErrnoException): string =>
    `${error.constructor.name} ${error.code ?? '-'} ${error.message.replace(/:\d+$/, '')}`;
  const ask = (resolve: (log: string[]) => void): void => {
    const request = (url.startsWith('https') ? https : http).request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
      ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
      ...(agent === undefined ? {} : { agent }),
    });
    request.on('timeout', () => {
      hear('timeout');
      request.destroy(new Error('gave up'));
    });
    request.on('error', (error) => hear(`request error: ${told(error)}`));
    request.on('response', (response) => {
      hear(`status ${response.statusCode} ${response.statusMessage}`);
      let characters = 0;
      response.setEncoding('utf8');
      response.on('data', (piece: string) => {
        characters += piece.length;
      });
      response.on('end', () => hear(`end after ${characters}`));
      response.on('aborted', () => hear('response aborted'));
      response.on('error', (error) => hear(`response error: ${told(error)}`));
      response.on('close', () => {
        hear(`response closed, complete: ${response.complete}, ${characters} characters`);
      });
    });
    // Whether request or response is closed first is nothing to build on.
    request.on('close', () => setImmediate(() => resolve(log)));
    if (abortAfterMs !== undefined) setTimeout(() => request.destroy(), abortAfterMs);
    request.end(text);
  };
  return new Promise((resolve) => asker.run(own, ask, resolve));
}
