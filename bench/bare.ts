// The yardstick: the SDK on a fetch that answers at once, 50 calls in flight, nothing drilled.
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

const jsonFetch = async (): Promise<Response> =>
  new Response(jsonBody, { headers: { 'content-type': 'application/json' } });

const streamFetch = async (): Promise<Response> => {
  let next = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const bytes = chunks[next++];
      if (bytes) controller.enqueue(bytes);
      else controller.close();
    },
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
};

/** Microseconds a call. */
export async function bareUs(kind: 'json' | 'stream', calls: number): Promise<number> {
  const client = openai((kind === 'json' ? jsonFetch : streamFetch) as typeof fetch);
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
