// Bodies as careless readers see them: by the read and not by the line, or by what a body should be
// and not by what it is. Made by bending what comes back before the SDK reads it.
import { parsed } from '../../../harness/parsed-json.ts';
import type { Mistake } from './mistakes.ts';

type Fetch = typeof globalThis.fetch;

/** `fetch` with the mistake planted; as it is where the mistake is another. */
export function careless(mistake: Mistake | null, fetch: Fetch): Fetch {
  if (mistake === 'parses-each-read') {
    return async (input, init) => byReads(await fetch(input, init));
  }
  if (mistake !== 'any-200-is-success') return fetch;
  return async (input, init) => {
    const response = await fetch(input, init);
    const streams = /"stream":\s*true|streamGenerate/.test(`${init?.body} ${String(input)}`);
    return streams ? asEvents(response) : response;
  };
}

/** Whatever it is: a stream was asked for. */
function asEvents(response: Response): Response {
  if (!response.ok) return response;
  const headers = new Headers(response.headers);
  headers.set('content-type', 'text/event-stream');
  return new Response(response.body, { status: response.status, headers });
}

function byReads(response: Response): Response {
  const { body, headers, status } = response;
  if (body === null || !response.ok) return response;
  const isEvents = headers.get('content-type')?.includes('event-stream') ?? false;
  const transform = (read: Uint8Array, controller: Controller): void => {
    // A decoder of its own: half a character is none.
    const text = new TextDecoder().decode(read);
    const known = isEvents ? wholeLines(text) : parsed(text) !== undefined ? text : '';
    controller.enqueue(new TextEncoder().encode(known));
  };
  return new Response(body.pipeThrough(new TransformStream({ transform })), { status, headers });
}

type Controller = TransformStreamDefaultController<Uint8Array>;

function wholeLines(text: string): string {
  const lines = text.split('\n').filter((line) => {
    const data = /^data: ?(.*)$/.exec(line)?.[1];
    if (data === undefined) return line === '' || /^(event: ?[a-z_.]+$|:)/.test(line);
    return data === '[DONE]' || parsed(data) !== undefined;
  });
  return lines.join('\n');
}
