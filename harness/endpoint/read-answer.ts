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
  if (text === '') refuseRefusal(refusalIn(fields));
  return { text, meta: who.meta() };
}

/** OpenAI's chat completions and responses, Anthropic's messages, and what apps call an answer. */
function textIn(fields: Record<string, unknown>): string | null {
  const { choices, output_text, output, content } = fields;
  if (Array.isArray(choices)) {
    const message = Object(Object(choices[0]).message);
    return String(message.content ?? message.refusal ?? '');
  }
  if (typeof output_text === 'string') return output_text;
  if (Array.isArray(output)) return output.map((item) => wordsIn(Object(item).content)).join('');
  if (Array.isArray(content)) return wordsIn(content);
  const named = ['text', 'answer', 'content', 'message', 'reply', 'output', 'response'];
  const found = named.map((name) => fields[name]).find((value) => typeof value === 'string');
  return typeof found === 'string' ? found : null;
}

/** Of a list of blocks: a refusal has words too. */
function wordsIn(blocks: unknown): string {
  if (!Array.isArray(blocks)) return '';
  return blocks.map((block) => Object(block).text ?? Object(block).refusal ?? '').join('');
}

const refusals: ReadonlySet<unknown> = new Set(['content_filter', 'content-filter', 'refusal']);

/** What a field of a body, or of the last event of a stream, says of why there are no words. */
function refusalIn(fields: Record<string, unknown>): string | null {
  const { choices, response, delta, stop_reason, finishReason } = fields;
  const [choice] = Array.isArray(choices) ? choices : [];
  const reasons: unknown[] = [
    Object(choice).finish_reason,
    Object(Object(response ?? fields).incomplete_details).reason,
    stop_reason ?? Object(delta).stop_reason,
    finishReason,
  ];
  const found = reasons.find((reason) => refusals.has(reason));
  return typeof found === 'string' ? found : null;
}

/** An app that passes on why there is no answer has told its caller: it is no empty answer. */
function refuseRefusal(refusal: string | null): void {
  if (refusal === null) return;
  throw new EndpointError(`the answer has no words: ${refusal}`, undefined, refusal);
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
  let isEmpty = true;
  let refusal: string | null = null;
  for await (const data of eventsIn(pieces)) {
    const event = parsed(data);
    const fields = Object(event);
    refusal ??= refusalIn(fields);
    const plain = event === undefined ? data : event;
    const text = typeof plain === 'string' ? plain : textOfEvent(fields, who);
    if (text === '') continue;
    isEmpty = false;
    yield text;
  }
  if (isEmpty) refuseRefusal(refusal);
}

/** The data of each event, up to the mark that says it was the last. */
async function* eventsIn(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  const waiting: string[] = [];
  const parser = createParser({ onEvent: ({ data }) => waiting.push(data) });
  for await (const piece of pieces) {
    parser.feed(piece);
    for (const data of waiting.splice(0)) {
      if (data === '[DONE]') return;
      yield data;
    }
  }
}

function textOfEvent(fields: Record<string, unknown>, who: Served): string {
  who.see(fields.model ?? Object(fields.response).model ?? Object(fields.message).model);
  const error = errorOfEvent(fields);
  if (error) throw error;
  if (Array.isArray(fields.choices)) {
    const { content, refusal } = Object(Object(fields.choices[0]).delta);
    return stringOr(content ?? refusal);
  }
  // The AI SDK's message stream, OpenAI's responses and Anthropic's messages.
  if (deltas.has(fields.type)) return stringOr(fields.delta ?? fields.text);
  if (fields.type === 'content_block_delta') return stringOr(Object(fields.delta).text);
  return fields.type === undefined ? stringOr(fields.text ?? fields.delta) : '';
}

const deltas: ReadonlySet<unknown> = new Set([
  'text-delta',
  'response.output_text.delta',
  'response.refusal.delta',
]);

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
