// A complete answer as the responses API sends it: one JSON body, or numbered events that open
// and close every item and part around its deltas.
import { piecesOf } from '../upstream/tokens.ts';
import { frameOf } from './frame.ts';
import { record } from './json.ts';
import { fillerFor, wantsFiller } from './openai-filler.ts';
import {
  callItem,
  finished,
  type Json,
  messageItem,
  partsOf,
  responseId,
  responseObject,
  speaks,
} from './openai-response-object.ts';
import { refusalText } from './spoken.ts';
import type { Answer, Asked, Frame, FrameRole } from './wire.ts';

export function responsesFrames(answer: Answer, asked: Asked): Frame[] {
  if (!asked.stream) {
    const chars = answer.text.length + (refusalText(answer)?.length ?? 0);
    const body = JSON.stringify(finished(answer, asked.model).response);
    return [frameOf(body, 'whole', chars, true)];
  }
  const filler = wantsFiller(record(asked.body.stream_options));
  const events = new Events(filler);
  const created = responseObject(responseId(answer.id), asked.model, {});
  events.add('response.created', { response: created }, 'preamble');
  events.add('response.in_progress', { response: created }, 'preamble');
  let index = 0;
  if (speaks(answer)) message(events, answer, index++);
  for (const [position, call] of answer.toolCalls.entries()) {
    toolCall(events, callItem(answer, call, position), call.arguments, index++);
  }
  const { event, response } = finished(answer, asked.model);
  events.add(event, { response }, 'closing', true);
  return events.frames;
}

/** One event as it goes over the wire. */
export function eventText(event: string, sequence: number, members: Json): string {
  const data = JSON.stringify({ type: event, sequence_number: sequence, ...members });
  return `event: ${event}\ndata: ${data}\n\n`;
}

/** The frames so far; each event knows its number. */
class Events {
  readonly frames: Frame[] = [];
  private readonly filler: boolean;

  constructor(filler: boolean) {
    this.filler = filler;
  }

  add(event: string, members: Json, role: FrameRole, marker = false): void {
    this.frames.push(frameOf(eventText(event, this.frames.length, members), role, 0, marker));
  }

  delta(event: string, members: Json, piece: string, chars: number): void {
    const number = this.frames.length;
    const hidden = this.filler ? { obfuscation: fillerFor(piece, number) } : {};
    const text = eventText(event, number, { ...members, delta: piece, ...hidden });
    this.frames.push(frameOf(text, 'payload', chars));
  }
}

function message(events: Events, answer: Answer, index: number): void {
  const item = messageItem(answer);
  const opened = { ...item, status: 'in_progress', content: [] };
  events.add('response.output_item.added', { output_index: index, item: opened }, 'preamble');
  for (const [position, part] of partsOf(answer).entries()) {
    const at = { item_id: item.id, output_index: index, content_index: position };
    const member = part.type === 'refusal' ? 'refusal' : 'text';
    const name = member === 'refusal' ? 'response.refusal' : 'response.output_text';
    const more = member === 'refusal' ? {} : { logprobs: [] };
    const empty = { ...part, [member]: '' };
    events.add('response.content_part.added', { ...at, part: empty }, 'preamble');
    const whole = String(part[member]);
    for (const piece of piecesOf(whole)) {
      events.delta(`${name}.delta`, { ...at, ...more }, piece, piece.length);
    }
    events.add(`${name}.done`, { ...at, [member]: whole, ...more }, 'closing');
    events.add('response.content_part.done', { ...at, part }, 'closing');
  }
  events.add('response.output_item.done', { output_index: index, item }, 'closing');
}

function toolCall(events: Events, item: Json, whole: string, index: number): void {
  const opened = { ...item, status: 'in_progress', arguments: '' };
  const at = { item_id: item.id, output_index: index };
  const name = 'response.function_call_arguments';
  events.add('response.output_item.added', { output_index: index, item: opened }, 'preamble');
  for (const piece of piecesOf(whole)) events.delta(`${name}.delta`, at, piece, 0);
  events.add(`${name}.done`, { ...at, arguments: whole }, 'closing');
  events.add('response.output_item.done', { output_index: index, item }, 'closing');
}
