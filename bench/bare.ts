// The yardstick: the SDK on a fetch that answers at once, 50 calls in flight, nothing drilled.
import type { ChainFactory } from '../harness/chains/chain.ts';
import { rateLimitHeaders } from '../harness/wires/openai-headers.ts';
import { askJson, askStream, openai } from './chains.ts';
import { answerText } from './desk.ts';

const question = { messages: [{ role: 'user' as const, content: 'Ticket 1: how are things?' }] };
const encoder = new TextEncoder();

const jsonBody = JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'gpt-4o',
  choices: [
    { index: 0, message: { role: 'assistant', content: answerText }, finish_reason: 'stop' },
  ],
  usage: { prompt_tokens: 10, completion_tokens: 52, total_tokens: 62 },
});

const pieces = answerText.match(/\s?\S+/g) ?? [];
const chunk = (choice: object): Uint8Array =>
  encoder.encode(
    `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'gpt-4o', choices: [choice] })}\n\n`,
  );
const chunks = [
  chunk({ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }),
  ...pieces.map((content) => chunk({ index: 0, delta: { content }, finish_reason: null })),
  chunk({ index: 0, delta: {}, finish_reason: 'stop' }),
  encoder.encode('data: [DONE]\n\n'),
];

/** What the provider really sends beside the type; the SDK looks at every header of an answer. */
const trueHeaders: [string, string][] = [
  ['openai-organization', 'org-firedrill'],
  ['openai-processing-ms', '378'],
  ['openai-version', '2020-10-01'],
  ...rateLimitHeaders(null),
  ['date', 'Mon, 05 Jan 2026 09:00:00 GMT'],
  ['x-request-id', 'req_0123456789abcdef'],
];

const headersOf = (type: string, like: 'stub' | 'provider'): [string, string][] => [
  ['content-type', type],
  ...(like === 'stub' ? [] : trueHeaders),
];

const jsonFetch = (like: 'stub' | 'provider') => async (): Promise<Response> =>
  new Response(jsonBody, { headers: headersOf('application/json', like) });

/** The SDK on such a stub inside a trial, waiting half a second: what the clock alone costs. */
export const stubbedChain: ChainFactory = () => {
  const answer = jsonFetch('provider');
  const client = openai(async () => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    return answer();
  });
  return (question) => askJson(client, question);
};

const streamFetch = (like: 'stub' | 'provider') => async (): Promise<Response> => {
  let next = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const bytes = chunks[next++];
      if (bytes) controller.enqueue(bytes);
      else controller.close();
    },
  });
  return new Response(body, { headers: headersOf('text/event-stream', like) });
};

/**
 * Microseconds a call of the SDK on such a stub where, as in a trial, every call begins in a turn
 * of the event loop of its own and gets its answer in another, 50 in flight. Nothing is drilled.
 */
export async function spacedUs(calls: number): Promise<number> {
  const answer = jsonFetch('provider');
  const waiting: (() => void)[] = [];
  const client = openai(async () => {
    await new Promise<void>((resolve) => waiting.push(resolve));
    return answer();
  });
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const asked: Promise<string>[] = [];
  const start = performance.now();
  for (let begun = 0; begun < calls || waiting.length > 0; begun++) {
    if (begun < calls) asked.push(askJson(client, question));
    await turn();
    if (begun >= 50) waiting.shift()?.();
    await turn();
  }
  await Promise.all(asked);
  return ((performance.now() - start) * 1000) / calls;
}

/** Microseconds a call. `stub` sends a content type only, `provider` all that OpenAI sends. */
export async function bareUs(
  kind: 'json' | 'stream',
  calls: number,
  like: 'stub' | 'provider' = 'stub',
): Promise<number> {
  const client = openai((kind === 'json' ? jsonFetch : streamFetch)(like) as typeof fetch);
  const ask = kind === 'json' ? askJson : askStream;
  let begun = 0;
  const lane = async (): Promise<void> => {
    while (begun++ < calls) {
      const text = await ask(client, question);
      if (text !== answerText) throw new Error(`the bare SDK gave ${JSON.stringify(text)}`);
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: 50 }, lane));
  return ((performance.now() - start) * 1000) / calls;
}
