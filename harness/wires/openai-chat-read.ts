// Chat completions as recorded, from OpenAI and from those who speak its wire.
import type { FramePart } from '../faults/effect.ts';
import { parsed } from '../parsed-json.ts';
import { number, record, records, text } from './json.ts';
import { errorFinish } from './openai-chat-chunks.ts';
import { contentText } from './request.ts';
import { estimatedUsage } from './spoken.ts';
import { parseSse } from './sse.ts';
import type { Answer, FrameTags, SseEvent, ToolCall, Usage, Wire } from './wire.ts';

const failed = { role: 'error', chars: 0, marker: false } as const;
const ping = { role: 'keepalive', part: 'ping', chars: 0, marker: false } as const;

export const classifyChat: Wire['classify'] = (event: SseEvent) => {
  if (event.data === '[DONE]') return { role: 'closing', part: 'end', chars: 0, marker: true };
  if (event.data === '' && event.event !== 'error') return ping;
  const chunk = record(parsed(event.data));
  if (chunk === null || event.event === 'error' || chunk.error) return failed;
  const choices = records(chunk.choices);
  const usage = record(chunk.usage) !== null;
  if (choices.length > 0) return tagsOf(choices, usage);
  if (usage) return { role: 'closing', part: 'usage', chars: 0, marker: false };
  return { role: 'preamble', part: 'open', chars: 0, marker: false };
};

function tagsOf(choices: Record<string, unknown>[], usage: boolean): FrameTags {
  const parts = new Set<FramePart>();
  let chars = 0;
  let opens = false;
  let error = false;
  for (const choice of choices) {
    const delta = record(choice.delta) ?? {};
    const said = contentText(delta.content, '').length;
    const refused = text(delta.refusal).length;
    chars += said + refused;
    opens ||= typeof delta.role === 'string';
    error ||= choice.finish_reason === errorFinish;
    if (thoughtIn(delta) !== '') parts.add('reasoning');
    if (said > 0) parts.add('text');
    if (refused > 0) parts.add('refusal');
    for (const call of records(delta.tool_calls)) {
      if (text(call.id) !== '' || nameIn(call.function) !== '') parts.add('block-open');
      if (argumentsOf(call.function) !== '') parts.add('arguments');
    }
    if (argumentsOf(delta.function_call) !== '') parts.add('arguments');
    else if (nameIn(delta.function_call) !== '') parts.add('block-open');
    if (typeof choice.finish_reason === 'string') parts.add('finish');
  }
  const marker = parts.has('finish') && !error;
  const tags: FrameTags = { role: error ? 'error' : roleOf(parts), chars, marker };
  const part = partOf(parts, opens, usage);
  if (part !== undefined) tags.part = part;
  return tags;
}

function roleOf(parts: ReadonlySet<FramePart>): FrameTags['role'] {
  if (parts.has('text') || parts.has('refusal') || parts.has('arguments')) return 'payload';
  if (parts.has('reasoning')) return 'reasoning';
  return parts.has('finish') ? 'closing' : 'preamble';
}

/** Many repeat the role in every chunk, some tell usage in the last: neither is a part there. */
function partOf(
  parts: ReadonlySet<FramePart>,
  opens: boolean,
  usage: boolean,
): FramePart | undefined {
  if (parts.size > 1) return undefined;
  const [part] = parts;
  return part ?? (opens ? 'open' : usage ? 'usage' : 'empty');
}

/** DeepSeek and vLLM name it `reasoning_content`, OpenRouter and Groq `reasoning`. */
function thoughtIn(said: Record<string, unknown>): string {
  return text(said.reasoning_content) || text(said.reasoning);
}

function nameIn(called: unknown): string {
  return text(record(called)?.name);
}

function argumentsOf(called: unknown): string {
  return text(record(called)?.arguments);
}

/** Null for errors, and for streams that stop without a finish reason or `[DONE]`. */
export function chatRead(body: string, sse: boolean): Omit<Answer, 'id'> | null {
  const gathered = new Gathered();
  if (!sse) gathered.add(record(parsed(body)), 'message');
  else {
    for (const { event, data } of parseSse(body)) {
      if (data === '[DONE]') gathered.done = true;
      else if (data !== '') gathered.add(event === 'error' ? null : record(parsed(data)), 'delta');
    }
  }
  return gathered.answer();
}

/** What the first choice of a completion says, from one body or from many chunks. */
class Gathered {
  done = false;
  private broken = false;
  private text = '';
  private reasoning = '';
  private refusal: string | null = null;
  private finish: string | null = null;
  private usage: Usage | null = null;
  private readonly calls = new Map<number, ToolCall>();

  add(part: Record<string, unknown> | null, member: 'message' | 'delta'): void {
    if (part === null || part.error) {
      this.broken = true;
      return;
    }
    this.usage = usageIn(part.usage) ?? this.usage;
    const choice = records(part.choices).find((one) => (one.index ?? 0) === 0);
    if (choice === undefined) return;
    if (typeof choice.finish_reason === 'string') this.finish = choice.finish_reason;
    this.broken ||= choice.finish_reason === errorFinish;
    if (member === 'message') this.done = true;
    const said = record(choice[member]) ?? {};
    this.text += contentText(said.content, '');
    this.reasoning += thoughtIn(said);
    const refusal = text(said.refusal);
    if (refusal !== '') this.refusal = (this.refusal ?? '') + refusal;
    for (const [position, call] of records(said.tool_calls).entries()) {
      this.call(number(call.index) ?? position, text(call.id), record(call.function));
    }
    if (record(said.function_call)) this.call(0, '', record(said.function_call));
  }

  private call(index: number, id: string, called: Record<string, unknown> | null): void {
    const known = this.calls.get(index) ?? { id: '', name: '', arguments: '' };
    known.id ||= id;
    known.name ||= text(called?.name);
    known.arguments += text(called?.arguments);
    this.calls.set(index, known);
  }

  answer(): Omit<Answer, 'id'> | null {
    if (this.broken || !(this.done || this.finish !== null)) return null;
    const toolCalls = [...this.calls.entries()].sort(([a], [b]) => a - b).map(([, call]) => call);
    const { text, reasoning, refusal } = this;
    const said = { text, reasoning, toolCalls, refusal };
    return { ...said, finish: this.finishOf(), usage: this.usage ?? estimatedUsage(said) };
  }

  private finishOf(): Answer['finish'] {
    if (this.finish === 'length') return 'length';
    if (this.finish === 'content_filter') return 'content-filter';
    if (this.refusal !== null) return 'refusal';
    // A forced tool call finishes with "stop", so the calls themselves tell.
    return this.calls.size > 0 ? 'tool-calls' : 'stop';
  }
}

function usageIn(value: unknown): Usage | null {
  const usage = record(value);
  const output = number(usage?.completion_tokens);
  if (usage === null || output === null) return null;
  return { input: number(usage.prompt_tokens) ?? 0, output, estimated: false };
}
