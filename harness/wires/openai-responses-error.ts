// What goes wrong inside a 200 of the responses API. Recorded: an `error` event, then
// `response.failed` with the same code. A server error comes as `response.failed` alone, after a
// long silence.
// @see https://github.com/BerriAI/litellm/issues/36768
import type { InBandForm, Keepalive } from '../faults/effect.ts';
import type { Rejection } from '../faults/rejection.ts';
import { tokensOf } from '../upstream/tokens.ts';
import { commentFrame, frameOf } from './frame.ts';
import { record } from './json.ts';
import { openAiError } from './openai-error.ts';
import { fillerFor, wantsFiller } from './openai-filler.ts';
import { type Json, responseId, responseObject, usageOf } from './openai-response-object.ts';
import { nextNumber, openDelta, outputIn, responseIn } from './openai-responses-begun.ts';
import { eventText } from './openai-responses-frames.ts';
import { responsesRead } from './openai-responses-read.ts';
import type { Answer, Asked, Frame, Stamp } from './wire.ts';

export function responsesErrorFrames(
  rejection: Rejection,
  asked: Asked,
  stamp: Stamp,
  sent: readonly Frame[] = [],
  form: InBandForm = 'own',
): Frame[] {
  const error = openAiError(rejection, asked, stamp);
  const id = responseId(`attempt ${stamp.attempt}`);
  const begun = responseIn(sent) ?? responseObject(id, asked.model, {});
  const failed = {
    ...begun,
    status: 'failed',
    error: { code: error.code ?? error.type, message: error.message },
  };
  if (!asked.stream) {
    if (form === 'failed') return [frameOf(JSON.stringify(failed), 'error')];
    if (form === 'incomplete') return [incompleteBody(begun, rejection, asked, sent)];
    // The provider answers with the error itself, as at any other status.
    return [frameOf(JSON.stringify({ error }), 'error')];
  }

  const frames: Frame[] = [];
  let sequence = nextNumber(sent);
  if (sent.length === 0) {
    for (const event of ['response.created', 'response.in_progress']) {
      const opening = eventText(event, sequence++, { response: begun });
      frames.push(frameOf(opening, 'preamble', 0, false, 'open'));
    }
  }
  const add = (event: string, members: Json): void => {
    frames.push(frameOf(eventText(event, sequence++, members), 'error'));
  };
  const { type, code, message, param } = error;
  switch (form) {
    case 'chunk':
      add('error', { code, message, param });
      break;
    case 'failed':
      add('response.failed', { response: failed });
      break;
    case 'incomplete': {
      const response = incomplete(begun, rejection, asked, sent);
      const text = eventText('response.incomplete', sequence, { response });
      frames.push(frameOf(text, 'error', 0, true, 'end'));
      break;
    }
    case 'own':
    case 'finish-reason':
      if (rejection.reason !== 'server-error') {
        add('error', { error: { type, code, message, param } });
      }
      add('response.failed', { response: failed });
      break;
    default:
      return form satisfies never;
  }
  return frames;
}

function incompleteBody(
  begun: Json,
  rejection: Rejection,
  asked: Asked,
  sent: readonly Frame[],
): Frame {
  const body = JSON.stringify(incomplete(begun, rejection, asked, sent));
  const said = responsesRead(body, false);
  return frameOf(body, 'error', (said?.text.length ?? 0) + (said?.refusal?.length ?? 0));
}

/** The response with what was said until then, and the usage of it. */
function incomplete(begun: Json, rejection: Rejection, asked: Asked, sent: readonly Frame[]): Json {
  const filtered = rejection.reason === 'content-policy' ? 'content_filter' : 'max_output_tokens';
  const response = {
    ...begun,
    status: 'incomplete',
    incomplete_details: { reason: rejection.code ?? filtered },
    output: outputIn(sent),
    usage: null,
  };
  const said = responsesRead(JSON.stringify(response), false);
  const input = asked.turns.reduce((sum, { text }) => sum + tokensOf(text), 0);
  const usage = { input, output: said?.usage.output ?? 0, estimated: true };
  return { ...response, usage: usageOf({ reasoning: said?.reasoning ?? '', usage }) };
}

/** A delta without text where a part is open to take it, else a comment. */
export function responsesKeepalive(
  form: Keepalive['form'],
  asked: Asked,
  _answer: Answer,
  sent: readonly Frame[],
): Frame {
  const open = form === 'empty-delta' ? openDelta(sent) : null;
  if (open === null) return commentFrame('keep-alive');
  const sequence = nextNumber(sent);
  const filler = wantsFiller(record(asked.body.stream_options));
  const hidden = filler ? { obfuscation: fillerFor('', sequence) } : {};
  const text = eventText(open.event, sequence, { ...open.at, delta: '', ...hidden });
  return frameOf(text, 'keepalive', 0, false, 'empty');
}
