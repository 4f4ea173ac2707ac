// What a server says in the place of a provider, in the form in which clients look for an error.
import type { ServerResponse } from 'node:http';

/** `status`: one that no client asks again after. Nothing where the answer has begun. */
export function refused(
  response: ServerResponse,
  status: number,
  type: `firedrill_${string}`,
  why: string,
): void {
  if (response.headersSent || response.destroyed) return;
  const body = { error: { type, code: type, message: `firedrill: ${why}` } };
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}
