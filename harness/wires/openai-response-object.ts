// The response object of the responses API: the whole body, and what its events carry.
import type { Quirks } from '../faults/effect.ts';
import { tokensOf } from '../upstream/tokens.ts';
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

/** How a finished response ends: its event and its object. */
export function finished(
  answer: Answer,
  model: string,
  quirks: Quirks,
): { event: string; response: Json } {
  const reason = incompleteReason(answer, quirks);
  const status = reason === null ? 'completed' : 'incomplete';
  const response = responseObject(responseId(answer.id), model, {
    status,
    incomplete_details: reason === null ? null : { reason },
    output: outputOf(answer, quirks),
    ...usageMember(quirks, usageOf(answer)),
  });
  return { event: `response.${status}`, response };
}

/** Usage as a response tells it; `counted`: null while nobody has counted. */
export function usageMember({ usage }: Quirks, counted: Json | null): Json {
  // JSON leaves out what is undefined.
  if (usage === 'missing') return { usage: undefined };
  return { usage: usage === 'null' ? null : counted };
}

export function outputOf(answer: Answer, quirks: Quirks): Json[] {
  const thoughts = answer.reasoning === '' ? [] : [reasoningItem(answer)];
  const calls = answer.toolCalls.map((call, index) => callItem(answer, call, index));
  const messages = speaks(answer, quirks) ? [messageItem(answer, quirks)] : [];
  return [...thoughts, ...messages, ...calls];
}

/** Whether there is a message; an answer of nothing at all is an empty one. */
export function speaks(answer: Answer, quirks: Quirks): boolean {
  if (answer.text !== '' || refusalText(answer) !== null) return true;
  if (answer.toolCalls.length > 0 || answer.reasoning !== '') return false;
  return quirks.content !== 'no-choices';
}

/** Thoughts as a summary, which is all that OpenAI shows of them. */
export function reasoningItem(answer: Answer): Json {
  const summary = [{ type: 'summary_text', text: answer.reasoning }];
  return { id: hexId('rs_', answer.id, 48), type: 'reasoning', summary };
}

export function messageItem(answer: Answer, quirks: Quirks): Json {
  const status = incompleteReason(answer, quirks) === null ? 'completed' : 'incomplete';
  const id = hexId('msg_', answer.id, 48);
  return { id, type: 'message', status, content: partsOf(answer, quirks), role: 'assistant' };
}

/**
 * The content parts of the message in order; the text part is left out of a bare refusal. Content
 * is a list on this wire: null content is a list of nothing.
 */
export function partsOf(answer: Answer, quirks: Quirks): Json[] {
  const refusal = refusalText(answer);
  const parts: Json[] = [];
  if (answer.text !== '' || (refusal === null && quirks.content !== 'null')) {
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
    status: isCut(answer, index) ? 'incomplete' : 'completed',
    arguments: call.arguments,
    call_id: call.id || letterId('call_', name, 24),
    name: call.name,
  };
}

/** The output limit ends what stands last. */
function isCut({ finish, toolCalls }: Answer, index: number): boolean {
  return finish === 'length' && index === toolCalls.length - 1;
}

function incompleteReason(answer: Answer, quirks: Quirks): string | null {
  if (quirks.finish !== undefined) return quirks.finish;
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

export function usageOf({ reasoning, usage }: Pick<Answer, 'reasoning' | 'usage'>): Json {
  return {
    input_tokens: usage.input,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: usage.output,
    output_tokens_details: { reasoning_tokens: Math.min(tokensOf(reasoning), usage.output) },
    total_tokens: usage.input + usage.output,
  };
}
