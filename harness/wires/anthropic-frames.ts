// A complete answer as the messages API sends it: one JSON body, or events around content blocks.
import { piecesOf } from '../upstream/tokens.ts';
import { frameOf } from './frame.ts';
import { letterId } from './ids.ts';
import { parsed, record } from './json.ts';
import type { Answer, Asked, Frame, FrameRole, ToolCall } from './wire.ts';

type Json = Record<string, unknown>;

export function anthropicFrames(answer: Answer, asked: Asked): Frame[] {
  return asked.stream ? streamed(answer, asked.model) : [whole(answer, asked.model)];
}

function whole(answer: Answer, model: string): Frame {
  const content: Json[] = [];
  if (answer.text !== '') content.push({ type: 'text', text: answer.text });
  for (const [index, call] of answer.toolCalls.entries()) {
    content.push(toolUse(answer, call, index, inputOf(call)));
  }
  const usage = usageOf(answer, answer.usage.output);
  const body = { ...messageHead(answer, model), content, ...stopOf(answer), usage };
  return frameOf(JSON.stringify(body), 'whole', answer.text.length, true);
}

function streamed(answer: Answer, model: string): Frame[] {
  const frames: Frame[] = [];
  const add = (event: string, members: Json, role: FrameRole, chars = 0): void => {
    const data = JSON.stringify({ type: event, ...members });
    const marker = event === 'message_stop';
    frames.push(frameOf(`event: ${event}\ndata: ${data}\n\n`, role, chars, marker));
  };
  let index = 0;
  const block = (start: Json, empty: Json | null, deltas: [delta: Json, chars: number][]): void => {
    add('content_block_start', { index, content_block: start }, 'preamble');
    if (index === 0) add('ping', {}, 'keepalive');
    if (empty !== null) add('content_block_delta', { index, delta: empty }, 'preamble');
    for (const [delta, chars] of deltas) {
      add('content_block_delta', { index, delta }, 'payload', chars);
    }
    add('content_block_stop', { index }, 'closing');
    index++;
  };

  const unfinished = { stop_reason: null, stop_sequence: null, stop_details: null };
  const message = { ...messageHead(answer, model), content: [], ...unfinished };
  const begun = { ...message, usage: usageOf(answer, Math.min(1, answer.usage.output)) };
  add('message_start', { message: begun }, 'preamble');
  if (answer.text !== '') {
    const pieces = piecesOf(answer.text);
    block(
      { type: 'text', text: '' },
      null,
      pieces.map((text) => [{ type: 'text_delta', text }, text.length]),
    );
  }
  for (const [position, call] of answer.toolCalls.entries()) {
    const delta = (piece: string): Json => ({ type: 'input_json_delta', partial_json: piece });
    const pieces = piecesOf(call.arguments);
    block(
      toolUse(answer, call, position, {}),
      delta(''),
      pieces.map((piece) => [delta(piece), 0]),
    );
  }
  const usage = usageOf(answer, answer.usage.output);
  add('message_delta', { delta: stopOf(answer), usage }, 'closing');
  add('message_stop', {}, 'closing');
  return frames;
}

function messageHead(answer: Answer, model: string): Json {
  return { model, id: letterId('msg_01', answer.id, 22), type: 'message', role: 'assistant' };
}

function toolUse(answer: Answer, call: ToolCall, index: number, input: Json): Json {
  const id = call.id || letterId('toolu_01', `${answer.id}/${index}`, 22);
  return { type: 'tool_use', id, name: call.name, input };
}

/** Arguments as an object; what is none (an answer cut at its length) has no place in it. */
function inputOf(call: ToolCall): Json {
  return record(parsed(call.arguments)) ?? {};
}

/** There is no content filter on this wire: what it would hold back is a refusal here. */
function stopOf(answer: Answer): Json {
  const { finish, refusal } = answer;
  if (refusal === null && finish !== 'refusal' && finish !== 'content-filter') {
    return { stop_reason: stopReason(finish), stop_sequence: null, stop_details: null };
  }
  const details = { type: 'refusal', category: null, explanation: refusal || null };
  return { stop_reason: 'refusal', stop_sequence: null, stop_details: details };
}

function stopReason(finish: Exclude<Answer['finish'], 'refusal' | 'content-filter'>): string {
  switch (finish) {
    case 'stop':
      return 'end_turn';
    case 'length':
      return 'max_tokens';
    case 'tool-calls':
      return 'tool_use';
    default:
      return finish satisfies never;
  }
}

function usageOf({ usage }: Answer, output: number): Json {
  return {
    input_tokens: usage.input,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    output_tokens: output,
    service_tier: 'standard',
  };
}
