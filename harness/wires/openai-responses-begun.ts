// What a stream of the responses API has said before something goes wrong in it: an event that
// follows repeats its response and goes on with its numbers.
import { parsed } from '../parsed-json.ts';
import { number, record, records, text } from './json.ts';
import type { Json } from './openai-response-object.ts';
import { joined, parseSse } from './sse.ts';
import type { Frame } from './wire.ts';

/** The response as its first events show it. */
export function responseIn(sent: readonly Frame[]): Json | null {
  for (const frame of sent) {
    const response = record(eventIn(frame)?.response);
    if (response !== null) return response;
  }
  return null;
}

/** The number of the next event. */
export function nextNumber(sent: readonly Frame[]): number {
  for (let i = sent.length - 1; i >= 0; i--) {
    const last = number(eventIn(sent[i])?.sequence_number);
    if (last !== null) return last + 1;
  }
  return 0;
}

/** A delta that would go on with the part that is open: its event and place, null without one. */
export function openDelta(sent: readonly Frame[]): { event: string; at: Json } | null {
  for (let i = sent.length - 1; i >= 0; i--) {
    const found = eventIn(sent[i]);
    const type = text(found?.type);
    if (found === null || type === '' || type === 'response.output_item.added') {
      if (record(found?.item)?.type !== 'function_call') continue;
      const at = { item_id: record(found?.item)?.id, output_index: found?.output_index };
      return { event: 'response.function_call_arguments.delta', at };
    }
    if (type.endsWith('.delta')) {
      const { type: event, sequence_number: _number, obfuscation: _filler, delta, ...at } = found;
      return typeof delta === 'string' ? { event: String(event), at } : null;
    }
    if (!type.endsWith('part.added')) return null;
    const { type: _type, sequence_number: _number, part, ...at } = found;
    const event = deltaOf[text(record(part)?.type)];
    return event === undefined ? null : { event, at };
  }
  return null;
}

const deltaOf: Readonly<Record<string, string>> = {
  output_text: 'response.output_text.delta',
  refusal: 'response.refusal.delta',
  summary_text: 'response.reasoning_summary_text.delta',
  reasoning_text: 'response.reasoning_text.delta',
};

/** The output so far; what is not done is incomplete. */
export function outputIn(sent: readonly Frame[]): Json[] {
  const items = new Map<number, Json>();
  const whole = new TextDecoder().decode(joined(sent.map(({ bytes }) => bytes)));
  for (const { data } of parseSse(whole)) {
    const event = record(parsed(data));
    const index = number(event?.output_index);
    if (event === null || index === null) continue;
    const item = record(event.item);
    if (item !== null) items.set(index, item);
    else grow(items.get(index), event);
  }
  const sorted = [...items.entries()].sort(([a], [b]) => a - b).map(([, item]) => item);
  return sorted.map((item) =>
    item.status === 'in_progress' ? { ...item, status: 'incomplete' } : item,
  );
}

/** Adds to an item what one event adds to it. */
function grow(item: Json | undefined, event: Json): void {
  if (item === undefined) return;
  const inSummary = 'summary_index' in event;
  const parts = inSummary ? item.summary : (item.content ?? []);
  const index = number(inSummary ? event.summary_index : event.content_index);
  const added = record(event.part);
  if (text(event.type).endsWith('part.added') && added !== null && Array.isArray(parts)) {
    item[inSummary ? 'summary' : 'content'] = [...parts, added];
    return;
  }
  if (typeof event.delta !== 'string') return;
  if (index === null) item.arguments = text(item.arguments) + event.delta;
  const part = index === null ? undefined : records(parts)[index];
  if (part === undefined) return;
  const member = part.type === 'refusal' ? 'refusal' : 'text';
  part[member] = text(part[member]) + event.delta;
}

function eventIn(frame: Frame | undefined): Json | null {
  if (frame === undefined) return null;
  const [event] = parseSse(new TextDecoder().decode(frame.bytes));
  return record(parsed(event?.data ?? ''));
}
