// OpenAI's responses API. Its streams are numbered, named events around one response object.
// @see https://platform.openai.com/docs/api-reference/responses
import type { Rejection } from '../faults/rejection.ts';
import { number, record, records, text } from './json.ts';
import { openAiReject } from './openai-error.ts';
import { wantsFiller } from './openai-filler.ts';
import { openAiHeaders } from './openai-headers.ts';
import { emptyList, invalid, missing, openAiObjection } from './openai-objection.ts';
import { responsesErrorFrames, responsesKeepalive } from './openai-responses-error.ts';
import { responsesFrames } from './openai-responses-frames.ts';
import { classifyResponses, responsesRead } from './openai-responses-read.ts';
import { openAiOrigin } from './origin.ts';
import { bearerOf, bodyOf, contentText, posts } from './request.ts';
import { traitsOf } from './traits.ts';
import type { Asked, RawRequest, Turn, Wire } from './wire.ts';

export const openaiResponses: Wire = {
  name: 'openai-responses',
  describe: 'OpenAI responses: POST .../responses',
  decode,
  traits: (asked) => traitsOf(asked, partNames, hasSchema(asked)),
  objection: (asked) => openAiObjection(asked, responsesObjection),
  frames: responsesFrames,
  headers: openAiHeaders,
  reject: openAiReject,
  errorFrames: responsesErrorFrames,
  keepalive: responsesKeepalive,
  classify: classifyResponses,
  read: responsesRead,
};

const partNames = {
  images: ['input_image'],
  callIds: ['call_id'],
  signatures: ['encrypted_content'],
  origin: openAiOrigin,
};

function hasSchema({ body }: Asked): boolean {
  return record(record(body.text)?.format)?.type === 'json_schema';
}

function decode(request: RawRequest): Asked | null {
  if (!posts(request, '/responses')) return null;
  const body = bodyOf(request);
  const stream = body.stream === true;
  const filler = wantsFiller(record(body.stream_options)) ? '' : '-filler';
  return {
    wire: 'openai-responses',
    model: text(body.model),
    stream,
    turns: turnsOf(body),
    key: bearerOf(request) ?? request.header('api-key'),
    maxTokens: number(body.max_output_tokens),
    tools: records(body.tools).map((tool) => text(tool.name) || text(tool.type)),
    variant: stream ? `stream${filler}` : 'whole',
    body,
    version: null,
  };
}

function turnsOf(body: Record<string, unknown>): Turn[] {
  const turns: Turn[] = [];
  const instructions = contentText(body.instructions);
  if (instructions !== '') turns.push({ role: 'system', text: instructions });
  const { input } = body;
  if (typeof input === 'string') turns.push({ role: 'user', text: input });
  for (const item of records(input)) {
    const turn = turnOf(item);
    if (turn !== null) turns.push(turn);
  }
  return turns;
}

/** Null for items that nobody said: function calls, reasoning, references. */
function turnOf(item: Record<string, unknown>): Turn | null {
  const type = text(item.type);
  if (type.endsWith('_call_output')) return { role: 'tool', text: contentText(item.output) };
  if (type !== '' && type !== 'message') return null;
  return { role: roleOf(item.role), text: contentText(item.content) };
}

function roleOf(role: unknown): Turn['role'] {
  if (role === 'system' || role === 'developer') return 'system';
  return role === 'assistant' ? 'assistant' : 'user';
}

function responsesObjection(body: Record<string, unknown>): Rejection | null {
  const { input } = body;
  const elsewhere = body.prompt ?? body.previous_response_id ?? body.conversation;
  if ('max_tokens' in body) return moved('max_tokens', 'max_output_tokens');
  if ('messages' in body) return moved('messages', 'input');
  if (Array.isArray(input) && input.length === 0) return emptyList('input');
  if ((input === undefined || input === null || input === '') && !elsewhere) {
    return missing('input');
  }
  const cap = number(body.max_output_tokens);
  if (cap === null || cap >= 16) return null;
  const message =
    "Invalid 'max_output_tokens': integer below minimum value. " +
    `Expected a value >= 16, but got ${cap} instead.`;
  return invalid('integer_below_min_value', 'max_output_tokens', message);
}

function moved(from: string, to: string): Rejection {
  const message =
    `Unsupported parameter: '${from}'. In the Responses API, this parameter has moved to ` +
    `'${to}'. Try again with the new parameter.`;
  return invalid('unsupported_parameter', from, message);
}
