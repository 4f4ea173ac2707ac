// Anthropic's messages API, in both of its versions (2023-06-01 and 2026-10-21).
// @see https://platform.claude.com/docs/en/api/messages
import { anthropicReject } from './anthropic-error.ts';
import { anthropicFrames } from './anthropic-frames.ts';
import { anthropicHeaders } from './anthropic-headers.ts';
import { anthropicErrorFrames, anthropicKeepalive } from './anthropic-in-stream.ts';
import { anthropicObjection } from './anthropic-objection.ts';
import { anthropicRead, classifyAnthropic } from './anthropic-read.ts';
import { number, record, records, text } from './json.ts';
import { anthropicOrigin } from './origin.ts';
import { bearerOf, bodyOf, contentText, pathOf, posts } from './request.ts';
import { traitsOf } from './traits.ts';
import type { Asked, RawRequest, Turn, Wire } from './wire.ts';

export const anthropicMessages: Wire = {
  name: 'anthropic-messages',
  describe: 'Anthropic messages: POST .../messages',
  decode,
  // An output_config may hold an effort alone.
  traits: (asked) => traitsOf(asked, partNames, !!record(asked.body.output_config)?.format),
  objection: anthropicObjection,
  frames: anthropicFrames,
  headers: anthropicHeaders,
  reject: anthropicReject,
  errorFrames: anthropicErrorFrames,
  keepalive: (form, _asked, _answer, sent) => anthropicKeepalive(form, sent),
  classify: classifyAnthropic,
  read: anthropicRead,
};

const partNames = {
  images: ['image'],
  callIds: ['tool_use_id'],
  signatures: ['signature'],
  origin: anthropicOrigin,
};

function decode(request: RawRequest): Asked | null {
  // OpenAI's assistants have a path that ends the same: /threads/ID/messages.
  if (!posts(request, '/messages') || pathOf(request.url).includes('/threads/')) return null;
  const body = bodyOf(request);
  const stream = body.stream === true;
  return {
    wire: 'anthropic-messages',
    model: text(body.model),
    stream,
    turns: turnsOf(body),
    key: request.header('x-api-key') || bearerOf(request),
    maxTokens: number(body.max_tokens),
    tools: records(body.tools).map((tool) => text(tool.name) || text(tool.type)),
    variant: stream ? 'stream' : 'whole',
    body,
    version: request.header('anthropic-version'),
  };
}

function turnsOf(body: Record<string, unknown>): Turn[] {
  const turns: Turn[] = [];
  const system = contentText(body.system);
  if (system !== '') turns.push({ role: 'system', text: system });
  for (const message of records(body.messages)) {
    const results = toolResults(message.content);
    turns.push(...results.map((result): Turn => ({ role: 'tool', text: result })));
    const said = contentText(message.content);
    // A user turn that only brings tool results says nothing itself.
    if (said !== '' || results.length === 0) turns.push({ role: roleOf(message), text: said });
  }
  return turns;
}

function roleOf(message: Record<string, unknown>): Turn['role'] {
  const role = message.role;
  return role === 'assistant' || role === 'system' ? role : 'user';
}

function toolResults(content: unknown): string[] {
  return records(content)
    .filter((block) => record(block)?.type === 'tool_result')
    .map((block) => contentText(block.content));
}
