// The response object of the responses API: the whole body, and what its events carry.
import { answeredAt, hexId, letterId } from './ids.ts';
import { refusalText } from './spoken.ts';
import type { Answer, ToolCall } from './wire.ts';

export type Json = Record<string, unknown>;

/** A response as created; what a request set is not told back, so that it can be cached. */
export function responseObject(id: string, model: string, change: Json): Json {
  return {
    id,
    object: 'response',
    created_at: answeredAt,
    status: 'in_progress',
    background: false,
    error: null,
    incomplete_details: null,
    instructions: null,
    max_output_tokens: null,
    max_tool_calls: null,
    model,
    output: [],
    parallel_tool_calls: true,
    previous_response_id: null,
    prompt_cache_key: null,
    reasoning: { effort: null, summary: null },
    safety_identifier: null,
    service_tier: 'default',
    store: false,
    temperature: 1,
    text: { format: { type: 'text' } },
    tool_choice: 'auto',
    tools: [],
    top_logprobs: 0,
    top_p: 1,
    truncation: 'disabled',
    usage: null,
    user: null,
    metadata: {},
    ...change,
  };
}

export function responseId(name: string): string {
  return hexId('resp_', name, 48);
}

/** How a finished response ends: its event, its object, and whether the answer is whole. */
export function finished(answer: Answer, model: string): { event: string; response: Json } {
  const reason = incompleteReason(answer);
  const status = reason === null ? 'completed' : 'incomplete';
  const response = responseObject(responseId(answer.id), model, {
    status,
    incomplete_details: reason === null ? null : { reason },
    output: outputOf(answer),
    usage: usageOf(answer),
  });
  return { event: `response.${status}`, response };
}

export function outputOf(answer: Answer): Json[] {
  const calls = answer.toolCalls.map((call, index) => callItem(answer, call, index));
  return speaks(answer) ? [messageItem(answer), ...calls] : calls;
}

/** Whether there is a message; an answer of nothing at all is an empty one. */
export function speaks(answer: Answer): boolean {
  const spoken = answer.text !== '' || refusalText(answer) !== null;
  return spoken || answer.toolCalls.length === 0;
}

export function messageItem(answer: Answer): Json {
  const status = incompleteReason(answer) === null ? 'completed' : 'incomplete';
  const id = hexId('msg_', answer.id, 48);
  return { id, type: 'message', status, content: partsOf(answer), role: 'assistant' };
}

/** The content parts of the message in order; the text part is left out of a bare refusal. */
export function partsOf(answer: Answer): Json[] {
  const refusal = refusalText(answer);
  const parts: Json[] = [];
  if (answer.text !== '' || refusal === null) {
    parts.push({ type: 'output_text', annotations: [], logprobs: [], text: answer.text });
  }
  if (refusal !== null) parts.push({ type: 'refusal', refusal });
  return parts;
}

export function callItem(answer: Answer, call: ToolCall, index: number): Json {
  const name = `${answer.id}/${index}`;
  return {
    id: hexId('fc_', name, 48),
    type: 'function_call',
    status: 'completed',
    arguments: call.arguments,
    call_id: call.id || letterId('call_', name, 24),
    name: call.name,
  };
}

function incompleteReason(answer: Answer): string | null {
  switch (answer.finish) {
    case 'length':
      return 'max_output_tokens';
    case 'content-filter':
      return 'content_filter';
    case 'stop':
    case 'refusal':
    case 'tool-calls':
      return null;
    default:
      return answer.finish satisfies never;
  }
}

function usageOf({ usage }: Answer): Json {
  return {
    input_tokens: usage.input,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: usage.output,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: usage.input + usage.output,
  };
}
