// A complete answer as the responses API sends it: one JSON body, or numbered events that open
// and close every item and part around its deltas.
import type { FramePart, Quirks } from '../faults/effect.ts';
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
  reasoningItem,
  responseId,
  responseObject,
  speaks,
  usageMember,
  usageOf,
} from './openai-response-object.ts';
import { refusalText } from './spoken.ts';
import type { Answer, Asked, Frame, FrameRole } from './wire.ts';

export function responsesFrames(answer: Answer, asked: Asked, quirks: Quirks = {}): Frame[] {
  const model = quirks.model ?? asked.model;
  if (!asked.stream) {
    const chars = answer.text.length + (refusalText(answer)?.length ?? 0);
    const body = JSON.stringify(finished(answer, model, quirks).response);
    return [frameOf(body, 'whole', chars, true)];
  }
  const filler = wantsFiller(record(asked.body.stream_options));
  const events = new Events(filler, quirks.emptyDelta === true);
  const early = quirks.usage === 'early';
  const usage = usageMember(quirks, early ? usageOf(answer) : null);
  const created = responseObject(responseId(answer.id), model, usage);
  events.add('response.created', { response: created }, 'preamble', 'open');
  events.add('response.in_progress', { response: created }, 'preamble', 'open');
  let index = 0;
  if (answer.reasoning !== '') reasoning(events, answer, index++);
  if (speaks(answer, quirks)) message(events, answer, quirks, index++);
  for (const [position, call] of answer.toolCalls.entries()) {
    toolCall(events, callItem(answer, call, position), call.arguments, index++);
  }
  const { event, response } = finished(
    answer,
    model,
    early ? { ...quirks, usage: 'null' } : quirks,
  );
  events.add(event, { response }, 'closing', 'end', true);
  return events.frames;
}

/** One event as it goes over the wire. */
export function eventText(event: string, sequence: number, members: Json): string {
  const data = JSON.stringify({ type: event, sequence_number: sequence, ...members });
  return `event: ${event}\ndata: ${data}\n\n`;
}

type DeltaPart = 'text' | 'refusal' | 'arguments' | 'reasoning';

/** The frames so far; each event knows its number. */
class Events {
  readonly frames: Frame[] = [];
  readonly #filler: boolean;
  /** Whether a delta without content is still to stand before the payload. */
  #empty: boolean;

  constructor(filler: boolean, empty: boolean) {
    this.#filler = filler;
    this.#empty = empty;
  }

  add(event: string, members: Json, role: FrameRole, part: FramePart, marker = false): void {
    const text = eventText(event, this.frames.length, members);
    this.frames.push(frameOf(text, role, 0, marker, part));
  }

  /** All deltas of one part. */
  deltas(event: string, members: Json, whole: string, part: DeltaPart): void {
    const thought = part === 'reasoning';
    if (this.#empty && !thought) {
      this.#empty = false;
      this.#delta(event, members, '', 'preamble', 'empty', 0);
    }
    const spoken = part === 'text' || part === 'refusal';
    const role = thought ? 'reasoning' : 'payload';
    for (const piece of piecesOf(whole)) {
      this.#delta(event, members, piece, role, part, spoken ? piece.length : 0);
    }
  }

  #delta(
    event: string,
    members: Json,
    piece: string,
    role: FrameRole,
    part: FramePart,
    chars: number,
  ): void {
    const number = this.frames.length;
    const hidden = this.#filler ? { obfuscation: fillerFor(piece, number) } : {};
    const text = eventText(event, number, { ...members, delta: piece, ...hidden });
    this.frames.push(frameOf(text, role, chars, false, part));
  }
}

/** The end of a thought closes nothing that was answer. */
function reasoning(events: Events, answer: Answer, index: number): void {
  const item = reasoningItem(answer);
  const at = { item_id: item.id, output_index: index };
  const in0 = { ...at, summary_index: 0 };
  const text = answer.reasoning;
  const part = { type: 'summary_text', text };
  const name = 'response.reasoning_summary';
  const opened = { ...item, summary: [] };
  const added = { output_index: index, item: opened };
  events.add('response.output_item.added', added, 'preamble', 'block-open');
  const empty = { ...in0, part: { ...part, text: '' } };
  events.add(`${name}_part.added`, empty, 'preamble', 'block-open');
  events.deltas(`${name}_text.delta`, in0, text, 'reasoning');
  events.add(`${name}_text.done`, { ...in0, text }, 'preamble', 'block-close');
  events.add(`${name}_part.done`, { ...in0, part }, 'preamble', 'block-close');
  events.add('response.output_item.done', { output_index: index, item }, 'preamble', 'block-close');
}

function message(events: Events, answer: Answer, quirks: Quirks, index: number): void {
  const item = messageItem(answer, quirks);
  const opened = { ...item, status: 'in_progress', content: [] };
  const added = { output_index: index, item: opened };
  events.add('response.output_item.added', added, 'preamble', 'block-open');
  for (const [position, part] of partsOf(answer, quirks).entries()) {
    const at = { item_id: item.id, output_index: index, content_index: position };
    const member = part.type === 'refusal' ? 'refusal' : 'text';
    const name = member === 'refusal' ? 'response.refusal' : 'response.output_text';
    const more = member === 'refusal' ? {} : { logprobs: [] };
    const empty = { ...part, [member]: '' };
    events.add('response.content_part.added', { ...at, part: empty }, 'preamble', 'block-open');
    const whole = String(part[member]);
    events.deltas(`${name}.delta`, { ...at, ...more }, whole, member);
    events.add(`${name}.done`, { ...at, [member]: whole, ...more }, 'closing', 'block-close');
    events.add('response.content_part.done', { ...at, part }, 'closing', 'block-close');
  }
  events.add('response.output_item.done', { output_index: index, item }, 'closing', 'block-close');
}

function toolCall(events: Events, item: Json, whole: string, index: number): void {
  const opened = { ...item, status: 'in_progress', arguments: '' };
  const at = { item_id: item.id, output_index: index };
  const name = 'response.function_call_arguments';
  const added = { output_index: index, item: opened };
  events.add('response.output_item.added', added, 'preamble', 'block-open');
  events.deltas(`${name}.delta`, at, whole, 'arguments');
  events.add(`${name}.done`, { ...at, arguments: whole }, 'closing', 'block-close');
  events.add('response.output_item.done', { output_index: index, item }, 'closing', 'block-close');
}
