// The messages API as recorded: roles of its events, and the answer that they add up to.
import type { FramePart } from '../faults/effect.ts';
import { parsed } from '../parsed-json.ts';
import { number, record, records, text } from './json.ts';
import { estimatedUsage } from './spoken.ts';
import { parseSse } from './sse.ts';
import type { Answer, FrameRole, FrameTags, ToolCall, Usage, Wire } from './wire.ts';

type Json = Record<string, unknown>;

export const classifyAnthropic: Wire['classify'] = ({ event, data }) => {
  const members = record(parsed(data));
  const type = text(members?.type) || event || '';
  if (data === '') return tag('keepalive', 'ping');
  return members === null && type !== 'ping' ? tag('error') : anthropicTags(type, members ?? {});
};

function tag(role: FrameRole, part?: FramePart, chars = 0, marker = false): FrameTags {
  return { role, chars, marker, ...(part === undefined ? {} : { part }) };
}

/** What an event of this type is. */
export function anthropicTags(type: string, members: Json): FrameTags {
  switch (type) {
    case 'ping':
      return tag('keepalive', 'ping');
    case 'message_start':
      return tag('preamble', 'open');
    case 'content_block_start':
      return startTags(record(members.content_block));
    case 'content_block_delta':
      return deltaTags(record(members.delta));
    case 'content_block_stop':
      return tag('closing', 'block-close');
    case 'message_delta':
      return tag(failed(record(members.delta)) ? 'error' : 'closing', 'finish');
    case 'message_stop':
      return tag('closing', 'end', 0, true);
    case 'error':
      return tag('error');
    default:
      return tag(members.error ? 'error' : 'preamble');
  }
}

/** Gateways end a message so where the API behind them failed in the middle of it. */
function failed(ending: Json | null): boolean {
  return ending?.stop_reason === 'error';
}

/** A block that says something already is more than its beginning. */
function startTags(block: Json | null): FrameTags {
  const said = text(block?.text);
  if (said !== '') return tag('payload', undefined, said.length);
  const thoughts = text(block?.thinking) || text(block?.data);
  return thoughts === '' ? tag('preamble', 'block-open') : tag('reasoning');
}

function deltaTags(delta: Json | null): FrameTags {
  switch (delta?.type) {
    case 'text_delta': {
      const said = text(delta.text);
      return said === '' ? tag('preamble', 'empty') : tag('payload', 'text', said.length);
    }
    case 'input_json_delta':
      return text(delta.partial_json) === ''
        ? tag('preamble', 'empty')
        : tag('payload', 'arguments');
    case 'thinking_delta':
    case 'signature_delta':
      return text(delta.thinking) + text(delta.signature) === ''
        ? tag('preamble', 'empty')
        : tag('reasoning', 'reasoning');
    default:
      return tag('preamble');
  }
}

/** Null for errors and for streams that stop before `message_stop`. */
export function anthropicRead(body: string, sse: boolean): Omit<Answer, 'id'> | null {
  return sse ? fromEvents(body) : fromMessage(record(parsed(body)));
}

function fromMessage(message: Json | null): Omit<Answer, 'id'> | null {
  if (message === null || message.type !== 'message' || failed(message)) return null;
  const blocks = records(message.content);
  return answerOf(blocks, message, record(message.usage));
}

function fromEvents(body: string): Omit<Answer, 'id'> | null {
  const blocks: Json[] = [];
  const partial = new Map<Json, string>();
  let ending: Json | null = null;
  let usage: Json = {};
  let complete = false;
  for (const { event, data } of parseSse(body)) {
    const members = record(parsed(data));
    if (members === null || event === 'error' || members.type === 'error') {
      if (data === '') continue;
      return null;
    }
    const index = number(members.index) ?? 0;
    switch (members.type) {
      case 'message_start':
        usage = record(record(members.message)?.usage) ?? {};
        break;
      case 'content_block_start':
        blocks[index] = { ...record(members.content_block) };
        break;
      case 'content_block_delta': {
        const block = blocks[index];
        const delta = record(members.delta);
        if (block === undefined || delta === null) break;
        if (delta.type === 'text_delta') block.text = text(block.text) + text(delta.text);
        if (delta.type === 'thinking_delta') {
          block.thinking = text(block.thinking) + text(delta.thinking);
        }
        const json = text(delta.partial_json);
        if (json !== '') partial.set(block, (partial.get(block) ?? '') + json);
        break;
      }
      case 'message_delta':
        ending = record(members.delta);
        usage = { ...usage, ...record(members.usage) };
        break;
      case 'message_stop':
        complete = true;
        break;
    }
  }
  return complete && !failed(ending) ? answerOf(blocks, ending ?? {}, usage, partial) : null;
}

function answerOf(
  blocks: Json[],
  ending: Json,
  usage: Json | null,
  partial?: Map<Json, string>,
): Omit<Answer, 'id'> {
  let said = '';
  let reasoning = '';
  const toolCalls: ToolCall[] = [];
  for (const block of blocks) {
    if (block?.type === 'text') said += text(block.text);
    if (block?.type === 'thinking') reasoning += text(block.thinking);
    if (block?.type !== 'tool_use') continue;
    const input = partial?.get(block) ?? JSON.stringify(block.input ?? {});
    toolCalls.push({ id: text(block.id), name: text(block.name), arguments: input });
  }
  const refused = ending.stop_reason === 'refusal';
  const explanation = text(record(ending.stop_details)?.explanation);
  const answer = { text: said, reasoning, toolCalls, refusal: refused ? explanation : null };
  const finish = finishOf(ending.stop_reason, toolCalls.length > 0);
  return { ...answer, finish, usage: usageIn(usage) ?? estimatedUsage(answer) };
}

function finishOf(reason: unknown, calls: boolean): Answer['finish'] {
  if (reason === 'refusal') return 'refusal';
  if (reason === 'max_tokens' || reason === 'model_context_window_exceeded') return 'length';
  return calls ? 'tool-calls' : 'stop';
}

/** Input counts what was read from and written to the cache too. */
function usageIn(usage: Json | null): Usage | null {
  const output = number(usage?.output_tokens);
  if (usage === null || output === null) return null;
  const input =
    (number(usage.input_tokens) ?? 0) +
    (number(usage.cache_creation_input_tokens) ?? 0) +
    (number(usage.cache_read_input_tokens) ?? 0);
  return { input, output, estimated: false };
}
