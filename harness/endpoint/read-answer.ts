// Reads what an app answers: JSON, plain text as it comes, or one of the event streams that apps
// send. The content type tells which, and the events what they are.
import { createParser } from 'eventsource-parser';
import type { ChainAnswer, Meta } from '../chains/chain.ts';
import { HarnessError } from '../errors.ts';
import { parsed } from '../parsed-json.ts';
import { EndpointError } from './endpoint-error.ts';

export function readAnswer(
  response: Response,
  targets: readonly string[],
  signal: AbortSignal,
): ChainAnswer | Promise<ChainAnswer> {
  const type = response.headers.get('content-type') ?? '';
  const who = new Served(targets);
  if (/\bjson\b/.test(type)) return readJson(response, who);
  if (!response.body) return '';
  const pieces = textOf(response.body, signal);
  if (!type.startsWith('text/event-stream')) return pieces;
  return { text: eventText(pieces, who), meta: () => who.meta() };
}

/** Who answered, by the model that the response names. */
class Served {
  readonly #targets: readonly string[];
  #served: string | null = null;

  constructor(targets: readonly string[]) {
    this.#targets = targets;
  }

  see(model: unknown): void {
    if (typeof model !== 'string') return;
    const named = this.#targets.filter((one) => one === model || one.endsWith(`/${model}`));
    this.#served = named.length === 1 ? (named[0] ?? null) : this.#served;
  }

  meta(): Meta {
    return this.#served === null ? {} : { served: this.#served };
  }
}

async function readJson(response: Response, who: Served): Promise<ChainAnswer> {
  const body: unknown = await response.json();
  if (typeof body === 'string') return body;
  const fields = Object(body);
  who.see(fields.model);
  const text = textIn(fields);
  if (text === null) throw new HarnessError(unreadable(JSON.stringify(body)));
  return { text, meta: who.meta() };
}

/** OpenAI's chat completions and responses, Anthropic's messages, and what apps call an answer. */
function textIn(fields: Record<string, unknown>): string | null {
  const { choices, output_text, content } = fields;
  if (Array.isArray(choices)) {
    const message = Object(Object(choices[0]).message);
    return String(message.content ?? message.refusal ?? '');
  }
  if (typeof output_text === 'string') return output_text;
  if (Array.isArray(content)) return content.map((block) => Object(block).text ?? '').join('');
  const named = ['text', 'answer', 'content', 'message', 'reply', 'output', 'response'];
  const found = named.map((name) => fields[name]).find((value) => typeof value === 'string');
  return typeof found === 'string' ? found : null;
}

function unreadable(body: string): string {
  return (
    `the app answered with JSON in which no answer is known: ${body.slice(0, 120)}. ` +
    'Export endpoint = { read: async (response) => (await response.json()).yours }'
  );
}

/** Characters as they come; a reader that stops stops the app. */
async function* textOf(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      signal.throwIfAborted();
      const text = decoder.decode(value, { stream: !done });
      if (text !== '') yield text;
      if (done) return;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

async function* eventText(pieces: AsyncIterable<string>, who: Served): AsyncGenerator<string> {
  const waiting: string[] = [];
  const parser = createParser({ onEvent: ({ data }) => waiting.push(data) });
  for await (const piece of pieces) {
    parser.feed(piece);
    for (const data of waiting.splice(0)) {
      if (data === '[DONE]') return;
      const text = textOfEvent(data, who);
      if (text !== '') yield text;
    }
  }
}

function textOfEvent(data: string, who: Served): string {
  const event = parsed(data);
  if (event === undefined) return data;
  if (typeof event === 'string') return event;
  const fields = Object(event);
  who.see(fields.model ?? Object(fields.response).model ?? Object(fields.message).model);
  const error = errorOfEvent(fields);
  if (error) throw error;
  if (Array.isArray(fields.choices))
    return stringOr(Object(Object(fields.choices[0]).delta).content);
  // The AI SDK's message stream, OpenAI's responses and Anthropic's messages.
  if (fields.type === 'text-delta' || fields.type === 'response.output_text.delta') {
    return stringOr(fields.delta ?? fields.text);
  }
  if (fields.type === 'content_block_delta') return stringOr(Object(fields.delta).text);
  return fields.type === undefined ? stringOr(fields.text ?? fields.delta) : '';
}

function errorOfEvent(fields: Record<string, unknown>): EndpointError | null {
  const { type, error, errorText } = fields;
  if (type === 'error' && typeof errorText === 'string') return new EndpointError(errorText);
  const failed = type === 'response.failed' ? Object(fields.response).error : error;
  if (failed === null || failed === undefined) return null;
  if (typeof failed === 'string') return new EndpointError(failed);
  const { message, status, code, type: kind } = Object(failed);
  const named = [code, kind].find((one) => typeof one === 'string');
  return new EndpointError(
    stringOr(message) || JSON.stringify(failed),
    typeof status === 'number' ? status : undefined,
    named,
  );
}

function stringOr(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
