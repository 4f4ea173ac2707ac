// A complete answer as the messages API sends it: one JSON body, or events around content blocks.
import type { Quirks } from '../faults/effect.ts';
import { parsed } from '../parsed-json.ts';
import { piecesOf } from '../upstream/tokens.ts';
import { anthropicTags } from './anthropic-read.ts';
import { frameOf } from './frame.ts';
import { letterId, signatureOf } from './ids.ts';
import { record } from './json.ts';
import type { Answer, Asked, Frame, ToolCall } from './wire.ts';

type Json = Record<string, unknown>;

const encoder = new TextEncoder();

export function anthropicFrames(answer: Answer, asked: Asked, quirks: Quirks = {}): Frame[] {
  return asked.stream
    ? streamed(answer, asked.model, quirks)
    : [whole(answer, asked.model, quirks)];
}

/** One event, tagged as it would be in a recorded stream. */
export function anthropicEvent(event: string, members: Json): Frame {
  const data = { type: event, ...members };
  const bytes = encoder.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  return { bytes, ...anthropicTags(event, data) };
}

function whole(answer: Answer, model: string, quirks: Quirks): Frame {
  const content: Json[] = [];
  if (answer.reasoning !== '') content.push(thinking(answer.reasoning, signatureFor(answer)));
  if (answer.text !== '') content.push({ type: 'text', text: answer.text });
  for (const [index, call] of answer.toolCalls.entries()) {
    content.push(toolUse(answer, call, index, inputOf(call)));
  }
  const body = {
    ...messageHead(letterId('msg_01', answer.id, 22), quirks.model ?? model),
    content: content.length === 0 && quirks.content === 'null' ? null : content,
    ...stopOf(answer, quirks),
    ...usageMember(quirks, usageOf(answer, answer.usage.output)),
  };
  return frameOf(JSON.stringify(body), 'whole', answer.text.length, true);
}

function streamed(answer: Answer, model: string, quirks: Quirks): Frame[] {
  const { output } = answer.usage;
  const early = quirks.usage === 'early';
  const begun = usageMember(quirks, usageOf(answer, early ? output : Math.min(1, output)));
  const ended = early ? {} : usageMember(quirks, usageOf(answer, output));
  const id = letterId('msg_01', answer.id, 22);
  return [
    anthropicStart(id, quirks.model ?? model, begun),
    ...blocksOf(answer, quirks).flatMap(({ start, deltas }, index) => [
      anthropicEvent('content_block_start', { index, content_block: start }),
      ...(index === 0 ? [anthropicEvent('ping', {})] : []),
      ...deltas.map((delta) => anthropicEvent('content_block_delta', { index, delta })),
      anthropicEvent('content_block_stop', { index }),
    ]),
    anthropicEvent('message_delta', { delta: stopOf(answer, quirks), ...ended }),
    anthropicEvent('message_stop', {}),
  ];
}

/** The event that begins a message; `usage` is its member of that name, or nothing. */
export function anthropicStart(id: string, model: string, usage: Json): Frame {
  const unfinished = { stop_reason: null, stop_sequence: null, stop_details: null };
  const message = { ...messageHead(id, model), content: [], ...unfinished, ...usage };
  return anthropicEvent('message_start', { message });
}

interface Block {
  start: Json;
  deltas: Json[];
}

function blocksOf(answer: Answer, quirks: Quirks): Block[] {
  const blocks: Block[] = [];
  if (answer.reasoning !== '') {
    const thoughts = piecesOf(answer.reasoning).map((piece) => ({
      type: 'thinking_delta',
      thinking: piece,
    }));
    const signed = { type: 'signature_delta', signature: signatureFor(answer) };
    blocks.push({ start: thinking('', ''), deltas: [...thoughts, signed] });
  }
  if (answer.text !== '') {
    const pieces = piecesOf(answer.text);
    const said = quirks.emptyDelta ? ['', ...pieces] : pieces;
    blocks.push({
      start: emptyText,
      deltas: said.map((text) => ({ type: 'text_delta', text })),
    });
  }
  for (const [position, call] of answer.toolCalls.entries()) {
    const pieces = ['', ...piecesOf(call.arguments)];
    blocks.push({
      start: toolUse(answer, call, position, {}),
      deltas: pieces.map((piece) => ({ type: 'input_json_delta', partial_json: piece })),
    });
  }
  // What is null in a body is a block in which nothing is said.
  const silent = blocks.length === 0 && quirks.content === 'null';
  return silent ? [{ start: emptyText, deltas: [] }] : blocks;
}

const emptyText = { type: 'text', text: '' };

function thinking(thoughts: string, signature: string): Json {
  return { type: 'thinking', thinking: thoughts, signature };
}

function signatureFor(answer: Answer): string {
  return signatureOf('anthropic-messages', answer.id);
}

function messageHead(id: string, model: string): Json {
  return { model, id, type: 'message', role: 'assistant' };
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
function stopOf({ finish, refusal }: Answer, quirks: Quirks): Json {
  const stop = { stop_sequence: null, stop_details: null };
  if (quirks.finish !== undefined) return { stop_reason: quirks.finish, ...stop };
  if (refusal === null && finish !== 'refusal' && finish !== 'content-filter') {
    return { stop_reason: stopReason(finish), ...stop };
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

function usageMember({ usage }: Quirks, counted: Json): Json {
  if (usage === 'missing') return {};
  return { usage: usage === 'null' ? null : counted };
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
