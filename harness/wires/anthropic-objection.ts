// What Anthropic itself refuses: credentials, missing parts, and parameters that a version of the
// API or a generation of models no longer takes.
// @see https://platform.claude.com/docs/en/api/migration-2026-10-21
import type { Rejection } from '../faults/rejection.ts';
import { records } from './json.ts';
import { unreadable } from './request.ts';
import type { Asked } from './wire.ts';

type Body = Record<string, unknown>;

const sampling = ['temperature', 'top_p', 'top_k'];

export function anthropicObjection(asked: Asked): Rejection | null {
  const { body, key, version, model } = asked;
  if (key === null || key === '') return { reason: 'auth' };
  if (version === null || version === '') return invalid('anthropic-version: header is required');
  if (body === unreadable) return invalid('The request body is not valid JSON');
  for (const field of ['model', 'max_tokens', 'messages']) {
    if (body[field] === undefined || body[field] === null || body[field] === '') {
      return invalid(`${field}: Field required`);
    }
  }
  return (
    messagesObjection(body, version) ?? samplingObjection(body, version, model) ?? prefill(asked)
  );
}

function invalid(message: string): Rejection {
  return { reason: 'invalid-request', message };
}

function isCurrent(version: string): boolean {
  return version >= '2026-10-21';
}

function messagesObjection(body: Body, version: string): Rejection | null {
  const messages = records(body.messages);
  if (messages.length === 0) return invalid('messages: at least one message is required');
  for (const [index, message] of messages.entries()) {
    const { content, role } = message;
    const empty = content === '' || (Array.isArray(content) && content.length === 0);
    if (empty && !(role === 'assistant' && index === messages.length - 1)) {
      return invalid(
        `messages.${index}: all messages must have non-empty content ` +
          'except for the optional final assistant message',
      );
    }
    if (!isCurrent(version)) continue;
    for (const [position, block] of records(content).entries()) {
      const at = `messages.${index}.content.${position}`;
      if (role === 'assistant' && block.type === 'document') {
        return invalid(`${at}: document blocks are not allowed in assistant turns`);
      }
      if (role === 'user' && block.type === 'text' && 'citations' in block) {
        return invalid(`${at}.text.citations: Extra inputs are not permitted`);
      }
    }
  }
  return null;
}

function samplingObjection(body: Body, version: string, model: string): Rejection | null {
  for (const name of sampling) {
    const value = body[name];
    if (!(name in body)) continue;
    if (isCurrent(version)) return invalid(`${name}: Extra inputs are not permitted`);
    if (value === null) continue;
    if (generation(model) >= 5 && value !== 1) {
      return invalid(`${name}: this model only supports the default value`);
    }
    if (name === 'temperature' && typeof value === 'number' && (value < 0 || value > 1)) {
      return invalid('temperature: range: 0..1');
    }
  }
  return null;
}

function prefill({ body, model }: Asked): Rejection | null {
  if (generation(model) < 4.6 || records(body.messages).at(-1)?.role !== 'assistant') {
    return null;
  }
  return invalid(
    'This model does not support assistant message prefill. ' +
      'The conversation must end with a user message.',
  );
}

/** 4.6 of `claude-opus-4-6`, 5 of `claude-sonnet-5`; 0 where the name does not say. */
export function generation(model: string): number {
  const found = /claude-(?:opus|sonnet|haiku)-(\d{1,2})(?:[-.](\d))?(?!\d)/.exec(model);
  if (found === null) return 0;
  return Number(`${found[1]}.${found[2] ?? 0}`);
}
