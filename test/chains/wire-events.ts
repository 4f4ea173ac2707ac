// The bodies that providers send, as their documentation has them, for tests of chains.
import type { Scripted, Step } from './fake-providers.ts';

export const sse = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`;
export const event = (type: string, rest: object = {}): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`;

const chunk = (delta: object, finish: string | null = null): string =>
  sse({ object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }] });

/** The events of OpenAI's chat stream. */
export const chat = {
  role: chunk({ role: 'assistant', content: '' }),
  text: (content: string): string => chunk({ content }),
  refusal: (refusal: string): string => chunk({ refusal }),
  finish: (reason: string): string => chunk({}, reason),
  done: 'data: [DONE]\n\n',
  error: (error: object): string => sse({ error }),
};

export const chatStream = (...pieces: Step[]): Scripted => ({
  body: [
    chat.role,
    ...pieces.map((piece) => (typeof piece === 'string' ? chat.text(piece) : piece)),
    chat.finish('stop'),
    chat.done,
  ],
});

export const chatWhole = (content: string | null, finish = 'stop'): Scripted => ({
  body: [JSON.stringify({ choices: [{ finish_reason: finish, message: { content } }] })],
});

/** The events of Anthropic's messages. */
export const claude = {
  start: event('message_start', { message: { content: [], usage: {} } }),
  block: event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
  text: (text: string): string =>
    event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } }),
  ping: event('ping'),
  reason: (stop_reason: string): string => event('message_delta', { delta: { stop_reason } }),
  stop: event('message_stop'),
  error: (type: string): string => event('error', { error: { type, message: 'told in words' } }),
};

export const claudeStream = (...pieces: Step[]): Scripted => ({
  body: [
    claude.start,
    claude.block,
    ...pieces.map((piece) => (typeof piece === 'string' ? claude.text(piece) : piece)),
    claude.reason('end_turn'),
    claude.stop,
  ],
});

export const rejected = (
  status: number,
  error: object | string = {},
  headers: Record<string, string> = {},
): Scripted => ({
  status,
  headers,
  body: [typeof error === 'string' ? error : JSON.stringify({ error })],
});
