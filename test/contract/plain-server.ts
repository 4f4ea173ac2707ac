// The undisturbed original: an HTTP server that answers every request with one recorded response.
// Deliberately plain: it shares no code with the harness.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Original {
  status: number;
  headers: [name: string, value: string][];
  /** Decompressed. */
  body: Uint8Array;
}

export interface PlainServer {
  origin: string;
  /** Requests so far, as `POST /path?query`. */
  seen: string[];
  /** What it answers from now on. */
  serve(original: Original): void;
  close(): Promise<void>;
}

const ofTheWire = ['content-encoding', 'content-length', 'transfer-encoding', 'connection'];

export async function plainServer(): Promise<PlainServer> {
  let current: Original | null = null;
  const seen: string[] = [];
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      seen.push(`${request.method} ${request.url}`);
      if (!current) throw new Error('a request came before there was a response');
      response.sendDate = false;
      response.statusCode = current.status;
      for (const [name, value] of current.headers) {
        if (!ofTheWire.includes(name.toLowerCase())) response.appendHeader(name, value);
      }
      response.end(current.body);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    seen,
    serve: (original) => {
      current = original;
    },
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
