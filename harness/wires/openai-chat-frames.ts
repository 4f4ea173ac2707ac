// A complete answer as chat completions send it: one JSON body, or chunks of one token each.
import { piecesOf } from '../upstream/tokens.ts';
import { frameOf } from './frame.ts';
import { answeredAt, letterId } from './ids.ts';
import { record } from './json.ts';
import { fillerFor, wantsFiller } from './openai-filler.ts';
import { refusalText } from './spoken.ts';
import type { Answer, Asked, Frame, FrameRole, ToolCall } from './wire.ts';

export function chatFrames(answer: Answer, asked: Asked): Frame[] {
  return asked.stream ? streamed(answer, asked) : [whole(answer, asked.model)];
}

function whole(answer: Answer, model: string): Frame {
  const refusal = refusalText(answer);
  const calls = answer.toolCalls.map((call, index) => ({
    id: call.id || callId(answer, index),
    type: 'function',
    function: { name: call.name, arguments: call.arguments },
  }));
  const silent = answer.text === '' && (refusal !== null || calls.length > 0);
  const body = {
    ...head(answer, model, 'chat.completion'),
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: silent ? null : answer.text,
          ...(calls.length > 0 ? { tool_calls: calls } : {}),
          refusal,
          annotations: [],
        },
        logprobs: null,
        finish_reason: finishReason(answer),
      },
    ],
    usage: usageOf(answer),
  };
  const chars = answer.text.length + (refusal?.length ?? 0);
  return frameOf(JSON.stringify(body), 'whole', chars, true);
}

function streamed(answer: Answer, asked: Asked): Frame[] {
  const options = record(asked.body.stream_options);
  const usage = options?.include_usage === true;
  const filler = wantsFiller(options);
  const opened = JSON.stringify(head(answer, asked.model, 'chat.completion.chunk'));
  const start = `data: ${opened.slice(0, -1)}`;
  const noUsage = usage ? ',"usage":null' : '';
  const frames: Frame[] = [];
  const chunk = (
    delta: Record<string, unknown>,
    role: FrameRole,
    spoken = '',
    finish: string | null = null,
  ): void => {
    const choice = { index: 0, delta, logprobs: null, finish_reason: finish };
    const hidden = filler ? `,"obfuscation":"${fillerFor(spoken, frames.length)}"` : '';
    const line = `${start},"choices":[${JSON.stringify(choice)}]${noUsage}${hidden}}\n\n`;
    const chars = 'tool_calls' in delta ? 0 : spoken.length;
    frames.push(frameOf(line, role, chars, finish !== null));
  };

  const refusal = refusalText(answer);
  const [first] = answer.toolCalls;
  const only = answer.text === '' && answer.toolCalls.length === 1 ? first : undefined;
  const silent = answer.text === '' && (refusal !== null || first !== undefined);
  const opening = { role: 'assistant', content: silent ? null : '' };
  if (only)
    chunk({ ...opening, tool_calls: [callHead(answer, only, 0)], refusal: null }, 'preamble');
  else chunk({ ...opening, refusal: silent && refusal !== null ? '' : null }, 'preamble');
  for (const piece of piecesOf(answer.text)) chunk({ content: piece }, 'payload', piece);
  for (const piece of piecesOf(refusal ?? '')) chunk({ refusal: piece }, 'payload', piece);
  for (const [index, call] of answer.toolCalls.entries()) {
    if (!only) chunk({ tool_calls: [callHead(answer, call, index)] }, 'preamble');
    for (const piece of piecesOf(call.arguments)) {
      chunk({ tool_calls: [{ index, function: { arguments: piece } }] }, 'payload', piece);
    }
  }
  chunk({}, 'closing', '', finishReason(answer));
  if (usage) {
    const line = `${start},"choices":[],"usage":${JSON.stringify(usageOf(answer))}}\n\n`;
    frames.push(frameOf(line, 'closing'));
  }
  frames.push(frameOf('data: [DONE]\n\n', 'closing', 0, true));
  return frames;
}

function head(answer: Answer, model: string, object: string): Record<string, unknown> {
  const id = letterId('chatcmpl-', answer.id, 29);
  const print = { service_tier: 'default', system_fingerprint: null };
  return { id, object, created: answeredAt, model, ...print };
}

function callHead(answer: Answer, call: ToolCall, index: number): Record<string, unknown> {
  const id = call.id || callId(answer, index);
  return { index, id, type: 'function', function: { name: call.name, arguments: '' } };
}

function callId(answer: Answer, index: number): string {
  return letterId('call_', `${answer.id}/${index}`, 24);
}

function finishReason(answer: Answer): string {
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

function usageOf({ usage }: Answer): Record<string, unknown> {
  return {
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: usage.input + usage.output,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: 0,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}
