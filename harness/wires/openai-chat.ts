// OpenAI's chat completions, which many other providers and gateways speak too.
// @see https://platform.openai.com/docs/api-reference/chat
import type { Rejection } from '../faults/rejection.ts';
import { number, record, records, text } from './json.ts';
import { chatErrorFrames, chatKeepalive } from './openai-chat-error.ts';
import { chatFrames } from './openai-chat-frames.ts';
import { chatRead, classifyChat } from './openai-chat-read.ts';
import { openAiReject } from './openai-error.ts';
import { wantsFiller } from './openai-filler.ts';
import { openAiHeaders } from './openai-headers.ts';
import {
  emptyList,
  invalid,
  isReasoningModel,
  missing,
  openAiObjection,
} from './openai-objection.ts';
import { openAiOrigin } from './origin.ts';
import { bearerOf, bodyOf, contentText, deploymentOf, posts } from './request.ts';
import { traitsOf } from './traits.ts';
import type { Asked, RawRequest, Turn, Wire } from './wire.ts';

export const openaiChat: Wire = {
  name: 'openai-chat',
  describe: 'OpenAI chat completions: POST .../chat/completions',
  decode,
  traits: (asked) => traitsOf(asked, partNames, hasSchema(asked)),
  objection: (asked) => openAiObjection(asked, chatObjection),
  frames: chatFrames,
  headers: openAiHeaders,
  reject: openAiReject,
  errorFrames: chatErrorFrames,
  keepalive: chatKeepalive,
  classify: classifyChat,
  read: chatRead,
};

const partNames = {
  images: ['image_url'],
  callIds: ['tool_call_id'],
  signatures: ['signature'],
  origin: openAiOrigin,
};

function hasSchema({ body }: Asked): boolean {
  return record(body.response_format)?.type === 'json_schema';
}

function decode(request: RawRequest): Asked | null {
  if (!posts(request, '/chat/completions')) return null;
  const body = bodyOf(request);
  const stream = body.stream === true;
  const options = record(body.stream_options);
  const usage = options?.include_usage === true ? '+usage' : '';
  const filler = wantsFiller(options) ? '' : '-filler';
  return {
    wire: 'openai-chat',
    model: text(body.model) || deploymentOf(request.url),
    stream,
    turns: records(body.messages).map(turnOf),
    key: bearerOf(request) ?? request.header('api-key'),
    maxTokens: number(body.max_completion_tokens) ?? number(body.max_tokens),
    tools: toolNames(body),
    variant: stream ? `stream${usage}${filler}` : 'whole',
    body,
    version: null,
  };
}

function turnOf(message: Record<string, unknown>): Turn {
  const content = contentText(message.content);
  return { role: roleOf(message.role), text: content || text(message.refusal) };
}

function roleOf(role: unknown): Turn['role'] {
  if (role === 'system' || role === 'developer') return 'system';
  if (role === 'tool' || role === 'function') return 'tool';
  return role === 'assistant' ? 'assistant' : 'user';
}

function toolNames(body: Record<string, unknown>): string[] {
  const tools = records(body.tools).map((tool) => {
    const named = record(tool.function) ?? record(tool.custom) ?? tool;
    return text(named.name);
  });
  return [...tools, ...records(body.functions).map((named) => text(named.name))];
}

function chatObjection(body: Record<string, unknown>, asked: Asked): Rejection | null {
  if (!Array.isArray(body.messages)) return missing('messages');
  if (body.messages.length === 0) return emptyList('messages');
  return capObjection(body, asked.model) ?? stopObjection(body, asked.model);
}

function capObjection(body: Record<string, unknown>, model: string): Rejection | null {
  const old = number(body.max_tokens);
  if (old === null) return null;
  if (isReasoningModel(model)) {
    const message =
      "Unsupported parameter: 'max_tokens' is not supported with this model. " +
      "Use 'max_completion_tokens' instead.";
    return invalid('unsupported_parameter', 'max_tokens', message);
  }
  if (number(body.max_completion_tokens) === null) return null;
  const message =
    "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.";
  return invalid('invalid_parameter_combination', 'max_tokens', message);
}

function stopObjection(body: Record<string, unknown>, model: string): Rejection | null {
  const stop = body.stop;
  if (stop === undefined || stop === null) return null;
  if (/^o(?:3|4-mini)/.test(model)) {
    const message = "Unsupported parameter: 'stop' is not supported with this model.";
    return invalid('unsupported_parameter', 'stop', message);
  }
  if (!Array.isArray(stop) || stop.length <= 4) return null;
  const message =
    "Invalid 'stop': array too long. Expected an array with maximum length 4, " +
    `but got an array with length ${stop.length} instead.`;
  return invalid('array_above_max_length', 'stop', message);
}
