// What the bodies and the chunks of a chat completion are made of.
import type { Quirks } from '../faults/effect.ts';
import { tokensOf } from '../upstream/tokens.ts';
import { answeredAt, letterId } from './ids.ts';
import { refusalText } from './spoken.ts';
import type { Answer, ToolCall } from './wire.ts';

export type Json = Record<string, unknown>;

/** The members that all chunks of a completion repeat. */
export function chatHead(name: string, model: string, object: string): Json {
  const id = letterId('chatcmpl-', name, 29);
  const print = { service_tier: 'default', system_fingerprint: null };
  return { id, object, created: answeredAt, model, ...print };
}

/** A completion at once; what is early in a stream is in its place here. */
export function chatBody(head: Json, answer: Answer, quirks: Quirks): Json {
  const choices = hasNoChoice(answer, quirks) ? [] : [choiceOf(answer, quirks)];
  const usage = quirks.usage === 'missing' ? {} : { usage: usageOf(answer, quirks) };
  return { ...head, choices, ...usage };
}

function choiceOf(answer: Answer, quirks: Quirks): Json {
  const calls = answer.toolCalls.map((call, index) => ({
    id: callId(answer, call, index),
    type: 'function',
    function: { name: call.name, arguments: call.arguments },
  }));
  return {
    index: 0,
    message: {
      role: 'assistant',
      content: hasNoContent(answer, quirks) ? null : answer.text,
      // OpenAI hides its thoughts; the hosts that speak its wire show them so.
      ...(answer.reasoning === '' ? {} : { reasoning_content: answer.reasoning }),
      ...(calls.length > 0 ? { tool_calls: calls } : {}),
      refusal: refusalText(answer),
      annotations: [],
    },
    logprobs: null,
    finish_reason: finishReason(answer, quirks),
  };
}

/** Whether content is null: something else is said, or nothing, and oddly so. */
export function hasNoContent(answer: Answer, quirks: Quirks): boolean {
  if (answer.text !== '') return false;
  const other = refusalText(answer) !== null || answer.toolCalls.length > 0;
  return other || quirks.content === 'null';
}

/** Whether there is no choice at all. */
export function hasNoChoice(answer: Answer, quirks: Quirks): boolean {
  if (quirks.content !== 'no-choices' || answer.reasoning !== '' || answer.text !== '')
    return false;
  return refusalText(answer) === null && answer.toolCalls.length === 0;
}

/** A tool call before its arguments. */
export function callHead(answer: Answer, call: ToolCall, index: number): Json {
  const id = callId(answer, call, index);
  return { index, id, type: 'function', function: { name: call.name, arguments: '' } };
}

function callId(answer: Answer, call: ToolCall, index: number): string {
  return call.id || letterId('call_', `${answer.id}/${index}`, 24);
}

export function finishReason(answer: Answer, quirks: Quirks): string {
  if (quirks.finish !== undefined) return quirks.finish;
  switch (answer.finish) {
    case 'stop':
    case 'refusal':
      return 'stop';
    case 'length':
      return 'length';
    case 'tool-calls':
      return 'tool_calls';
    case 'content-filter':
      return 'content_filter';
    default:
      return answer.finish satisfies never;
  }
}

/** @see https://github.com/maximhq/bifrost/issues/5425 for usage whose counts are null. */
export function usageOf({ reasoning, usage }: Answer, quirks: Quirks): Json {
  if (quirks.usage === 'null') {
    return { prompt_tokens: null, completion_tokens: null, total_tokens: 0 };
  }
  return {
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: usage.input + usage.output,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: Math.min(tokensOf(reasoning), usage.output),
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}
