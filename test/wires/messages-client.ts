// The official SDK as people use it on the messages API, in three ways that tell the same things.
import Anthropic from '@anthropic-ai/sdk';
import { parsed } from '../../harness/parsed-json.ts';
import { anthropicMessages } from '../../harness/wires/anthropic-messages.ts';
import type { Asked, Frame } from '../../harness/wires/wire.ts';
import { answered, fetchOf } from './served.ts';

export interface Heard {
  text: string;
  thinking: string;
  signatures: string[];
  calls: unknown[];
  stop: string | null;
  model: string;
  usage: unknown;
  error: unknown;
}

export const ways = ['whole', 'stream', 'helper'] as const;

export type Way = (typeof ways)[number];

/** What the SDK makes of these frames. */
export async function heard(way: Way, framesFor: (asked: Asked) => Frame[]): Promise<Heard> {
  const fetch = fetchOf(anthropicMessages, (asked) =>
    answered(anthropicMessages, asked, framesFor(asked)),
  );
  const baseURL = 'http://llm.test';
  const client = new Anthropic({ apiKey: 'k', baseURL, fetch, maxRetries: 0, logLevel: 'off' });
  const found: Heard = {
    text: '',
    thinking: '',
    signatures: [],
    calls: [],
    stop: null,
    model: '',
    usage: undefined,
    error: null,
  };
  try {
    if (way === 'stream') await fromStream(client, found);
    else if (way === 'whole') fill(found, await client.messages.create(question));
    else fill(found, await client.messages.stream(question).finalMessage());
  } catch (error) {
    found.error = error;
  }
  return found;
}

const question = {
  model: 'claude-haiku-4-5',
  max_tokens: 100,
  messages: [{ role: 'user' as const, content: 'Where is my parcel?' }],
};

function fill(found: Heard, message: Anthropic.Message): void {
  const { stop_reason, model, usage, content } = message;
  Object.assign(found, { stop: stop_reason, model, usage });
  for (const block of content) {
    if (block.type === 'text') found.text += block.text;
    if (block.type === 'tool_use') found.calls.push(block.input);
    if (block.type !== 'thinking') continue;
    found.thinking += block.thinking;
    found.signatures.push(block.signature);
  }
}

async function fromStream(client: Anthropic, found: Heard): Promise<void> {
  let json: string | null = null;
  for await (const event of await client.messages.create({ ...question, stream: true })) {
    if (event.type === 'message_start') {
      found.model = event.message.model;
      found.usage = event.message.usage;
    }
    if (event.type === 'content_block_start') {
      json = event.content_block.type === 'tool_use' ? '' : null;
    }
    if (event.type === 'content_block_delta') {
      const { delta } = event;
      if (delta.type === 'text_delta') found.text += delta.text;
      if (delta.type === 'input_json_delta') json += delta.partial_json;
      if (delta.type === 'thinking_delta') found.thinking += delta.thinking;
      if (delta.type === 'signature_delta') found.signatures.push(delta.signature);
    }
    if (event.type === 'content_block_stop' && json !== null) found.calls.push(parsed(json));
    if (event.type === 'message_delta') {
      found.stop = event.delta.stop_reason;
      found.usage = event.usage ?? found.usage;
    }
  }
}
