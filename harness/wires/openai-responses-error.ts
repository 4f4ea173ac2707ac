// Errors inside a 200 of the responses API. Recorded: an `error` event, then `response.failed`
// with the same code. A server error comes as `response.failed` alone, after a long silence.
// @see https://github.com/BerriAI/litellm/issues/36768
import type { Rejection } from '../faults/rejection.ts';
import { frameOf } from './frame.ts';
import { parsed, record, text } from './json.ts';
import { openAiError } from './openai-error.ts';
import { responseId, responseObject } from './openai-response-object.ts';
import { eventText } from './openai-responses-frames.ts';
import { parseSse } from './sse.ts';
import type { Asked, Frame, Stamp } from './wire.ts';

export function responsesErrorFrames(
  rejection: Rejection,
  asked: Asked,
  stamp: Stamp,
  sent?: readonly Frame[],
): Frame[] {
  const error = openAiError(rejection, asked, stamp);
  const id = idIn(sent?.[0]) ?? responseId(`attempt ${stamp.attempt}`);
  const failed = responseObject(id, asked.model, {
    status: 'failed',
    error: { code: error.code ?? error.type, message: error.message },
  });
  // Without a stream the provider answers with the error itself, as at any other status.
  if (!asked.stream) return [frameOf(JSON.stringify({ error }), 'error')];

  const frames: Frame[] = [];
  let sequence = sent?.filter((frame) => frame.role !== 'keepalive').length ?? 0;
  if (sent?.length === 0) {
    const response = responseObject(id, asked.model, {});
    for (const event of ['response.created', 'response.in_progress']) {
      frames.push(frameOf(eventText(event, sequence++, { response }), 'preamble'));
    }
  }
  if (rejection.reason !== 'server-error') {
    const { type, code, message, param } = error;
    const members = { error: { type, code, message, param } };
    frames.push(frameOf(eventText('error', sequence++, members), 'error'));
  }
  frames.push(frameOf(eventText('response.failed', sequence, { response: failed }), 'error'));
  return frames;
}

/** The id of the response that a stream has begun. */
function idIn(frame: Frame | undefined): string | null {
  if (frame === undefined) return null;
  const event = parseSse(new TextDecoder().decode(frame.bytes))[0];
  const response = record(record(parsed(event?.data ?? ''))?.response);
  return text(response?.id) || null;
}
