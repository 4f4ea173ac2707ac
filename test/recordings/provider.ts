// A provider of OpenAI's chat completions and Anthropic's messages for recording from: plain, on
// loopback, and without a line of the harness.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Heard {
  path: string;
  headers: IncomingMessage['headers'];
  body: { model: string; stream?: boolean; messages: { role: string; content: unknown }[] };
  prompt: string;
}

export interface Provider {
  origin: string;
  heard: Heard[];
  /** Bodies that were sent, in order. */
  sent: string[];
}

/** Whether it has answered by itself; else the usual answer is sent. */
export type Special = (heard: Heard, response: ServerResponse) => boolean;

export async function provider(special: Special = () => false, gapMs = 0): Promise<Provider> {
  const heard: Heard[] = [];
  const sent: string[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (part) => {
      text += part;
    });
    request.on('end', () => {
      const body = JSON.parse(text) as Heard['body'];
      const prompt = String(body.messages.findLast(({ role }) => role === 'user')?.content);
      const one = { path: request.url ?? '', headers: request.headers, body, prompt };
      heard.push(one);
      if (!special(one, response)) void answer(one, response, sent, gapMs);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(
    () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  );
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, heard, sent };
}

async function answer(heard: Heard, response: ServerResponse, sent: string[], gapMs: number) {
  const text = `An answer to ${heard.prompt}`;
  const isChat = heard.path.includes('chat/completions');
  const parts = (isChat ? chat : messages)(heard, text);
  const type = heard.body.stream ? 'text/event-stream' : 'application/json';
  // What no provider should do, and some gateways do.
  const key = String(heard.headers.authorization ?? heard.headers['x-api-key']);
  response.writeHead(200, { 'content-type': type, 'x-request-id': 'req_1', 'x-echo': key });
  sent.push(parts.join(''));
  for (const part of parts) {
    response.write(part);
    // Nothing flows together: each part is a chunk of its own.
    await new Promise((next) => setTimeout(next, gapMs));
  }
  response.end();
}

const usage = { prompt_tokens: 10, completion_tokens: 20, total_tokens: 30 };

function chat({ body }: Heard, text: string): string[] {
  const model = `${body.model}-2026-01-01`;
  if (!body.stream) {
    const message = { role: 'assistant', content: text };
    const choices = [{ index: 0, message, finish_reason: 'stop' }];
    return [JSON.stringify({ id: 'c', object: 'chat.completion', model, choices, usage })];
  }
  const chunk = (delta: object, finish: string | null) =>
    event({
      id: 'c',
      object: 'chat.completion.chunk',
      model,
      choices: [{ index: 0, delta, finish_reason: finish }],
    });
  const words = text.split(/(?= )/).map((content) => chunk({ content }, null));
  const last = event({ id: 'c', object: 'chat.completion.chunk', model, choices: [], usage });
  return [
    chunk({ role: 'assistant' }, null),
    ...words,
    chunk({}, 'stop'),
    last,
    'data: [DONE]\n\n',
  ];
}

function messages({ body }: Heard, text: string): string[] {
  const usageThere = { input_tokens: 10, output_tokens: 20 };
  const message = { id: 'm', type: 'message', role: 'assistant', model: body.model };
  if (!body.stream) {
    const content = [{ type: 'text', text }];
    return [JSON.stringify({ ...message, content, stop_reason: 'end_turn', usage: usageThere })];
  }
  const named = (data: { type: string }) => `event: ${data.type}\n${event(data)}`;
  const start = { ...message, content: [], stop_reason: null, usage: usageThere };
  const delta = { type: 'text_delta', text };
  return [
    named({ type: 'message_start', message: start } as { type: string }),
    named({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } } as {
      type: string;
    }),
    named({ type: 'content_block_delta', index: 0, delta } as { type: string }),
    named({ type: 'content_block_stop', index: 0 } as { type: string }),
    named({
      type: 'message_delta',
      delta: { stop_reason: 'end_turn' },
      usage: { output_tokens: 20 },
    } as { type: string }),
    named({ type: 'message_stop' }),
  ];
}

function event(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}
