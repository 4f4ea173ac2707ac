// Chat completions as recorded, from OpenAI and from those who speak its wire.
import { number, parsed, record, records, text } from './json.ts';
import { contentText } from './request.ts';
import { estimatedUsage } from './spoken.ts';
import { parseSse } from './sse.ts';
import type { Answer, SseEvent, ToolCall, Usage, Wire } from './wire.ts';

const preamble = { role: 'preamble', chars: 0, marker: false } as const;
const failed = { role: 'error', chars: 0, marker: false } as const;

export const classifyChat: Wire['classify'] = (event: SseEvent) => {
  if (event.data === '[DONE]') return { role: 'closing', chars: 0, marker: true };
  if (event.data === '' && event.event !== 'error') {
    return { role: 'keepalive', chars: 0, marker: false };
  }
  const chunk = record(parsed(event.data));
  if (chunk === null || event.event === 'error' || chunk.error) return failed;
  const choices = records(chunk.choices);
  if (choices.length === 0) {
    return record(chunk.usage) ? { role: 'closing', chars: 0, marker: false } : preamble;
  }
  let chars = 0;
  let payload = false;
  let marker = false;
  for (const choice of choices) {
    const delta = record(choice.delta) ?? {};
    chars += contentText(delta.content, '').length + text(delta.refusal).length;
    payload ||= records(delta.tool_calls).some((call) => argumentsOf(call.function) !== '');
    payload ||= argumentsOf(delta.function_call) !== '';
    marker ||= typeof choice.finish_reason === 'string';
  }
  if (chars > 0 || payload) return { role: 'payload', chars, marker };
  return marker ? { role: 'closing', chars, marker } : preamble;
};

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
    if (member === 'message') this.done = true;
    const said = record(choice[member]) ?? {};
    this.text += contentText(said.content, '');
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
    const said = { text: this.text, reasoning: '', toolCalls, refusal: this.refusal };
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
