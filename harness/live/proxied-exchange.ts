// One request of an app through a recording proxy: on to its provider, the answer back piece by
// piece as it comes, and both to whoever keeps them before the app has the end of it.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Captured } from '../recordings/capture.ts';
import { tenths } from '../recordings/capture.ts';
import type { Forwarded, Onward } from './forward.ts';
import { forward } from './forward.ts';
import { patientFetch } from './patient-fetch.ts';

/** How it ended. */
export type Ended =
  | { how: 'whole'; captured: Captured }
  /** The app hung up, or the provider did. */
  | { how: 'left' | 'broken'; status: number }
  /** There was no answer at all. */
  | { how: 'unreached'; why: string };

/** Called with the whole answer, before the app has its end. */
export type Keep = (captured: Captured) => void;

/** Never rejects but with what `keep` throws; the app is hung up on then. */
export async function passOn(
  request: Onward,
  response: ServerResponse,
  nowMs: () => number,
  keep: Keep,
): Promise<Ended> {
  const left = new AbortController();
  const hungUp = (): void => left.abort();
  response.once('close', hungUp);
  const startMs = nowMs();
  let answer: Forwarded;
  try {
    answer = await forward(request, left.signal, patientFetch);
  } catch (error) {
    const isLeft = left.signal.aborted;
    response.destroy();
    return isLeft ? { how: 'left', status: 0 } : { how: 'unreached', why: whyOf(error) };
  }
  const headersAtMs = nowMs();
  const { status, headers } = answer;
  for (const [name, value] of headers) response.appendHeader(name, value);
  response.writeHead(status);
  response.flushHeaders();
  const parts: Uint8Array[] = [];
  const chunks: { bytes: number; atMs: number }[] = [];
  try {
    for await (const part of answer.body) {
      chunks.push({ bytes: part.length, atMs: tenths(nowMs() - headersAtMs) });
      parts.push(part);
      if (!response.write(part)) await drained(response);
      if (left.signal.aborted) break;
    }
  } catch {
    // What the provider did not end, the app must not take for an end.
    response.destroy();
    return { how: left.signal.aborted ? 'left' : 'broken', status };
  }
  if (left.signal.aborted) return { how: 'left', status };
  const captured: Captured = {
    request: { headers: [...request.headers], url: request.url, body: bodyText(request) },
    status,
    headers,
    headersMs: tenths(headersAtMs - startMs),
    body: new Uint8Array(Buffer.concat(parts)),
    chunks,
    isWhole: true,
  };
  try {
    keep(captured);
  } catch (error) {
    response.destroy();
    throw error;
  }
  response.off('close', hungUp);
  response.end();
  return { how: 'whole', captured };
}

/** What a request brings along, with the names as they were sent. */
export function headersOf({ rawHeaders }: IncomingMessage): [name: string, value: string][] {
  return rawHeaders.flatMap((name, index): [string, string][] =>
    index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? '']] : [],
  );
}

function bodyText({ body }: Onward): string | null {
  return body === null || typeof body === 'string' ? body : Buffer.from(body).toString('utf8');
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
  });
}

/** The cause says it: `fetch failed` says nothing. */
function whyOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : null;
  if (cause instanceof AggregateError) return whyOf(new Error('', { cause: cause.errors[0] }));
  if (cause instanceof Error) return cause.message;
  return error instanceof Error ? error.message : String(error);
}
