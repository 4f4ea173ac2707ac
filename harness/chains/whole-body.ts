// Bodies that come at once, read strictly. The SDKs hand on whatever a 200 carries: pages as
// strings, nothing as undefined, errors as answers. Here all of that is an error.
import type { z } from 'zod';
import { parsed } from '../parsed-json.ts';
import { BadAnswer, InBandError } from './attempt-error.ts';

/** Whether the body is events, as far as its headers say; silence is trusted. */
export function isEventStream(response: Response): boolean {
  const type = response.headers.get('content-type');
  return type === null || type.includes('text/event-stream');
}

/** The JSON of a 200. Throws what an error in its place means. */
export async function readWhole<T>(response: Response, schema: z.ZodType<T>): Promise<T> {
  const text = await response.text();
  if (text.trim() === '') throw new BadAnswer('empty', 'the body of the answer is empty');
  const body = parsed(text);
  if (typeof body !== 'object' || body === null) {
    throw new BadAnswer('malformed', 'the body of the answer is not JSON');
  }
  const error: unknown = Reflect.get(body, 'error');
  if (error !== undefined && error !== null) throw new InBandError(error);
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  throw new BadAnswer('malformed', 'the body of the answer is not what the API documents');
}
