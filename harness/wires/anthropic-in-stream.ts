// What comes into a stream of the messages API beside the answer: errors inside a 200, and the
// events that only keep it alive. Both go on from what was sent.
import type { InBandForm, Keepalive } from '../faults/effect.ts';
import type { Rejection } from '../faults/rejection.ts';
import { parsed } from '../parsed-json.ts';
import { anthropicErrorInside } from './anthropic-error.ts';
import { anthropicEvent, anthropicStart } from './anthropic-frames.ts';
import { commentFrame, frameOf } from './frame.ts';
import { letterId } from './ids.ts';
import { number, record, text } from './json.ts';
import { parseSse } from './sse.ts';
import type { Asked, Frame, Stamp } from './wire.ts';

/** There is one event for errors, and no message that says it has failed. */
export function anthropicErrorFrames(
  rejection: Rejection,
  asked: Asked,
  stamp: Stamp,
  sent: readonly Frame[] = [],
  form: InBandForm = 'own',
): Frame[] {
  if (form === 'finish-reason' && asked.stream) return oddEnd(asked, stamp, sent);
  const body = anthropicErrorInside(rejection, asked, stamp);
  return [frameOf(asked.stream ? `event: error\ndata: ${body}\n\n` : body, 'error')];
}

/** An ordinary end, but for its reason: what gateways make of an error of another API. */
function oddEnd(asked: Asked, stamp: Stamp, sent: readonly Frame[]): Frame[] {
  const usage = { input_tokens: 0, output_tokens: 0 };
  const id = letterId('msg_01', `attempt ${stamp.attempt}`, 22);
  const open = openBlock(sent);
  const delta = { stop_reason: 'error', stop_sequence: null, stop_details: null };
  return [
    ...(isBegun(sent) ? [] : [anthropicStart(id, asked.model, { usage })]),
    ...(open ? [anthropicEvent('content_block_stop', { index: open.index })] : []),
    anthropicEvent('message_delta', { delta, usage }),
    anthropicEvent('message_stop', {}),
  ];
}

export function anthropicKeepalive(form: Keepalive['form'], sent: readonly Frame[]): Frame {
  switch (form) {
    case 'comment':
      return commentFrame('keep-alive');
    case 'ping':
      return anthropicEvent('ping', {});
    case 'empty-delta': {
      const open = openBlock(sent);
      if (open === null) return anthropicEvent('ping', {});
      const { index, type } = open;
      const delta = emptyDeltas[type] ?? emptyDeltas.text;
      const frame = anthropicEvent('content_block_delta', { index, delta });
      return { ...frame, role: 'keepalive' };
    }
    default:
      return form satisfies never;
  }
}

const emptyDeltas: Readonly<Record<string, Record<string, string>>> = {
  text: { type: 'text_delta', text: '' },
  thinking: { type: 'thinking_delta', thinking: '' },
  tool_use: { type: 'input_json_delta', partial_json: '' },
};

function isBegun(sent: readonly Frame[]): boolean {
  return sent.some(({ role }) => role !== 'keepalive');
}

/** The block that has begun and not ended, by what was sent. */
function openBlock(sent: readonly Frame[]): { index: number; type: string } | null {
  for (const { bytes } of sent.toReversed()) {
    const event = parseSse(new TextDecoder().decode(bytes))[0];
    const members = record(parsed(event?.data ?? ''));
    if (members?.type === 'content_block_stop') return null;
    if (members?.type !== 'content_block_start') continue;
    return { index: number(members.index) ?? 0, type: text(record(members.content_block)?.type) };
  }
  return null;
}
