// The responses API as recorded. Its last event repeats the whole answer, so reading needs only
// that one; the events before it matter for their roles.
import type { FramePart } from '../faults/effect.ts';
import { parsed } from '../parsed-json.ts';
import { number, record, records, text } from './json.ts';
import { estimatedUsage } from './spoken.ts';
import { parseSse } from './sse.ts';
import type { Answer, FrameTags, ToolCall, Usage, Wire } from './wire.ts';

export const classifyResponses: Wire['classify'] = ({ event, data }) => {
  // Gateways end this stream as they end every other.
  if (data === '[DONE]') return { role: 'closing', part: 'end', chars: 0, marker: false };
  const members = record(parsed(data));
  const type = text(members?.type) || event || '';
  if (data === '' || type === 'keepalive') {
    return { role: 'keepalive', part: 'ping', chars: 0, marker: false };
  }
  if (members === null) return { role: 'error', chars: 0, marker: false };
  const delta = deltaParts[type];
  if (delta !== undefined) return deltaTags(delta, text(members.delta));
  switch (type) {
    case 'response.completed':
    case 'response.incomplete':
      return { role: 'closing', part: 'end', chars: 0, marker: true };
    case 'error':
    case 'response.failed':
      return { role: 'error', chars: 0, marker: false };
    default:
      if (members.error) return { role: 'error', chars: 0, marker: false };
      return aroundTags(type, members);
  }
};

const deltaParts: Readonly<Record<string, FramePart>> = {
  'response.output_text.delta': 'text',
  'response.refusal.delta': 'refusal',
  'response.function_call_arguments.delta': 'arguments',
  'response.custom_tool_call_input.delta': 'arguments',
  'response.reasoning_text.delta': 'reasoning',
  'response.reasoning_summary_text.delta': 'reasoning',
};

function deltaTags(part: FramePart, delta: string): FrameTags {
  if (delta === '') return { role: 'preamble', part: 'empty', chars: 0, marker: false };
  const chars = part === 'text' || part === 'refusal' ? delta.length : 0;
  const role = part === 'reasoning' ? 'reasoning' : 'payload';
  return { role, part, chars, marker: false };
}

const opening: Readonly<Record<string, FramePart>> = {
  'response.created': 'open',
  'response.queued': 'open',
  'response.in_progress': 'open',
  'response.output_item.added': 'block-open',
  'response.content_part.added': 'block-open',
  'response.reasoning_summary_part.added': 'block-open',
};

function aroundTags(type: string, members: Record<string, unknown>): FrameTags {
  const tags: FrameTags = { role: 'preamble', chars: 0, marker: false };
  if (closes(type, members)) tags.role = 'closing';
  const part = type.endsWith('.done') ? 'block-close' : opening[type];
  if (part !== undefined) tags.part = part;
  return tags;
}

/** Whether an event closes something that was answer; the end of a thought is not. */
function closes(type: string, members: Record<string, unknown>): boolean {
  if (!type.endsWith('.done') || type.includes('.reasoning')) return false;
  const kind = text((record(members.item) ?? record(members.part))?.type);
  return !kind.startsWith('reasoning') && !kind.startsWith('summary');
}

/** Null for errors and for streams that stop before their last event. */
export function responsesRead(body: string, sse: boolean): Omit<Answer, 'id'> | null {
  if (!sse) return answerIn(record(parsed(body)));
  for (const { data } of parseSse(body)) {
    if (!data.includes('"response.completed"') && !data.includes('"response.incomplete"')) continue;
    const members = record(parsed(data));
    const type = members?.type;
    if (type === 'response.completed' || type === 'response.incomplete') {
      return answerIn(record(members?.response));
    }
  }
  return null;
}

function answerIn(response: Record<string, unknown> | null): Omit<Answer, 'id'> | null {
  const status = text(response?.status);
  if (response === null || (status !== 'completed' && status !== 'incomplete')) return null;
  const toolCalls: ToolCall[] = [];
  let said = '';
  let reasoning = '';
  let refusal: string | null = null;
  for (const item of records(response.output)) {
    if (item.type === 'function_call' || item.type === 'custom_tool_call') {
      toolCalls.push({
        id: text(item.call_id),
        name: text(item.name),
        arguments: text(item.arguments) || text(item.input),
      });
    }
    if (item.type === 'reasoning') reasoning += thoughtIn(item);
    if (item.type !== 'message') continue;
    for (const part of records(item.content)) {
      said += text(part.text);
      if (part.type === 'refusal') refusal = (refusal ?? '') + text(part.refusal);
    }
  }
  const answer = { text: said, reasoning, toolCalls, refusal };
  const finish = finishOf(response, answer);
  return { ...answer, finish, usage: usageIn(response.usage) ?? estimatedUsage(answer) };
}

/** The thoughts themselves where a host shows them, else their summary. */
function thoughtIn(item: Record<string, unknown>): string {
  const whole = records(item.content).map((part) => text(part.text));
  const parts = whole.length > 0 ? whole : records(item.summary).map((part) => text(part.text));
  return parts.join('');
}

function finishOf(
  response: Record<string, unknown>,
  { toolCalls, refusal }: Pick<Answer, 'toolCalls' | 'refusal'>,
): Answer['finish'] {
  if (response.status === 'incomplete') {
    const reason = record(response.incomplete_details)?.reason;
    return reason === 'content_filter' ? 'content-filter' : 'length';
  }
  if (refusal !== null) return 'refusal';
  return toolCalls.length > 0 ? 'tool-calls' : 'stop';
}

function usageIn(value: unknown): Usage | null {
  const usage = record(value);
  const output = number(usage?.output_tokens);
  if (usage === null || output === null) return null;
  return { input: number(usage.input_tokens) ?? 0, output, estimated: false };
}
