// The responses API as recorded. Its last event repeats the whole answer, so reading needs only
// that one; the events before it matter for their roles.
import { number, parsed, record, records, text } from './json.ts';
import { estimatedUsage } from './spoken.ts';
import { parseSse } from './sse.ts';
import type { Answer, ToolCall, Usage, Wire } from './wire.ts';

export const classifyResponses: Wire['classify'] = ({ event, data }) => {
  // Gateways end this stream as they end every other.
  if (data === '[DONE]') return { role: 'closing', chars: 0, marker: false };
  const members = record(parsed(data));
  const type = text(members?.type) || event || '';
  if (data === '' || type === 'keepalive') return { role: 'keepalive', chars: 0, marker: false };
  if (members === null) return { role: 'error', chars: 0, marker: false };
  const delta = text(members.delta);
  switch (type) {
    case 'response.output_text.delta':
    case 'response.refusal.delta':
      return { role: delta === '' ? 'preamble' : 'payload', chars: delta.length, marker: false };
    case 'response.function_call_arguments.delta':
    case 'response.custom_tool_call_input.delta':
      return { role: delta === '' ? 'preamble' : 'payload', chars: 0, marker: false };
    case 'response.completed':
    case 'response.incomplete':
      return { role: 'closing', chars: 0, marker: true };
    case 'error':
    case 'response.failed':
      return { role: 'error', chars: 0, marker: false };
    default:
      if (members.error) return { role: 'error', chars: 0, marker: false };
      return { role: closes(type, members) ? 'closing' : 'preamble', chars: 0, marker: false };
  }
};

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
  let refusal: string | null = null;
  for (const item of records(response.output)) {
    if (item.type === 'function_call' || item.type === 'custom_tool_call') {
      toolCalls.push({
        id: text(item.call_id),
        name: text(item.name),
        arguments: text(item.arguments) || text(item.input),
      });
    }
    if (item.type !== 'message') continue;
    for (const part of records(item.content)) {
      said += text(part.text);
      if (part.type === 'refusal') refusal = (refusal ?? '') + text(part.refusal);
    }
  }
  const answer = { text: said, reasoning: '', toolCalls, refusal };
  const finish = finishOf(response, answer);
  return { ...answer, finish, usage: usageIn(response.usage) ?? estimatedUsage(answer) };
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
