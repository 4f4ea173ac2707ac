// Serves a wire to an official SDK through its `fetch` option, and the answers that tests serve.
import { joined } from '../../harness/wires/sse.ts';
import type {
  Answer,
  Asked,
  Frame,
  RawRequest,
  Reply,
  Stamp,
  Wire,
} from '../../harness/wires/wire.ts';

/** 2026-11-21T12:00:00Z. */
export const noon = Date.UTC(2026, 10, 21, 12);
export const stamp: Stamp = { attempt: 7, now: noon };

/** A POST as a wire sees it. */
export function rawRequest(
  url: string,
  body: unknown,
  headers: Record<string, string> = { authorization: 'Bearer sk-test' },
): RawRequest {
  const all = new Headers(headers);
  return {
    method: 'POST',
    url,
    header: (name) => all.get(name),
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}

/** A request that the wire takes for its own; throws where it does not. */
export function askedOf(
  wire: Wire,
  url: string,
  body: unknown,
  headers?: Record<string, string>,
): Asked {
  const asked = wire.decode(rawRequest(url, body, headers));
  if (asked === null) throw new Error(`${wire.name} does not take ${url}`);
  return asked;
}

/** An answer as the wire would deliver it. */
export function answered(wire: Wire, asked: Asked, frames: Frame[]): Reply {
  return { status: 200, headers: wire.headers(asked, stamp), frames, sse: asked.stream };
}

/** A `fetch` that answers every request as told; each frame is a chunk of its own. */
export function fetchOf(wire: Wire, respond: (asked: Asked) => Reply): typeof fetch {
  return async (input, init) => {
    const headers = new Headers(init?.headers);
    const asked = wire.decode({
      method: init?.method ?? 'GET',
      url: String(input),
      header: (name) => headers.get(name),
      body: String(init?.body ?? ''),
    });
    if (asked === null) throw new Error(`${wire.name} does not take ${String(input)}`);
    const reply = respond(asked);
    return new Response(bodyOf(reply.frames), { status: reply.status, headers: reply.headers });
  };
}

function bodyOf(frames: Frame[]): ReadableStream<Uint8Array<ArrayBuffer>> | null {
  if (frames.length === 0) return null;
  let next = 0;
  return new ReadableStream({
    pull(controller) {
      const frame = frames[next++];
      if (frame === undefined) controller.close();
      else controller.enqueue(new Uint8Array(frame.bytes));
    },
  });
}

export function textOf(frames: readonly Frame[]): string {
  return new TextDecoder().decode(joined(frames.map((frame) => frame.bytes)));
}

export function errorIn(reply: Reply): { error: Record<string, unknown>; request_id?: string } {
  return JSON.parse(textOf(reply.frames));
}

export function headerOf(reply: Pick<Reply, 'headers'>, name: string): string | null {
  return reply.headers.find(([key]) => key === name)?.[1] ?? null;
}

const base: Answer = {
  id: 'answer-1',
  text: '',
  reasoning: '',
  toolCalls: [],
  refusal: null,
  finish: 'stop',
  usage: { input: 21, output: 9, estimated: false },
};

const weather = { id: 'call_1', name: 'weather', arguments: '{"city":"Zürich","days":[1,2]}' };
const clock = { id: 'call_2', name: 'clock', arguments: '{}' };

/** One answer of every kind. */
export const answers: Readonly<Record<string, Answer>> = {
  text: { ...base, text: 'Grüß dich! Your parcel 😀\nis on its way.' },
  empty: base,
  'one tool call': { ...base, toolCalls: [weather], finish: 'tool-calls' },
  'text and two tool calls': {
    ...base,
    text: 'Let me look.',
    toolCalls: [weather, clock],
    finish: 'tool-calls',
  },
  refusal: { ...base, refusal: "I'm sorry, I can't help with that.", finish: 'refusal' },
  'refusal after text': { ...base, text: 'First, ', refusal: 'No.', finish: 'refusal' },
  'wordless refusal': { ...base, refusal: '', finish: 'refusal' },
  'cut at its length': { ...base, text: 'One, two, ', finish: 'length' },
  filtered: { ...base, text: 'The first ', finish: 'content-filter' },
};
