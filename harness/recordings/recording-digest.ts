// The digest by which a recording of exact bytes shows that nobody has touched it since.
import { createHash } from 'node:crypto';
import type { ExactRecording } from '../upstream/recording.ts';

/** SHA-256, hex. The same for the same exchange, in whatever order its keys are written. */
export function recordingDigest({ wire, exchange }: ExactRecording): string {
  const { status, headers, headersMs = null, body, chunks = [] } = exchange;
  const bytes = 'text' in body ? ['text', body.text] : ['base64', body.base64];
  const times = chunks.map(({ bytes: length, atMs = null }) => [length, atMs]);
  const all = JSON.stringify([wire, status, headers, headersMs, bytes, times]);
  return createHash('sha256').update(all).digest('hex');
}
