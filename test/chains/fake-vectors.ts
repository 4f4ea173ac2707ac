// One host that answers questions and makes vectors, by script: for tests of the semantic cache.
import type { Scripted, Seen } from './fake-providers.ts';
import { fakeProviders, openai } from './fake-providers.ts';
import { chatStream } from './wire-events.ts';

interface Given {
  /** Where prompts point, in tenths of a right angle; prompts that are not here, nowhere near. */
  angles?: Record<string, number>;
  /** In the place of true vectors, the last one for ever. */
  embeddings?: Scripted[];
  chat?: Scripted[];
}

/** Every request, in order. */
export function fakeVectors({ angles = {}, embeddings, chat }: Given): Seen[] {
  const seen = fakeProviders({});
  const answers = chat ?? [chatStream('Paris.')];
  const scripted: typeof fetch = async (input, init) => {
    const isVectors = new URL(String(input)).pathname.endsWith('/embeddings');
    const { input: texts = [] } = JSON.parse(String(init?.body));
    const list = isVectors ? (embeddings ?? [vectorsOf(texts, angles)]) : answers;
    const script = list.length > 1 ? list.shift() : list[0];
    const before = seen.length;
    const once = fakeProviders({ [openai]: script ? [script] : [] });
    const answer = globalThis.fetch(input, init);
    globalThis.fetch = scripted;
    seen.splice(before, 0, ...once);
    return answer;
  };
  globalThis.fetch = scripted;
  return seen;
}

function vectorsOf(texts: string[], angles: Record<string, number>): Scripted {
  const data = texts.map((text, index) => {
    const angle = ((angles[text.trim()] ?? 10) * Math.PI) / 20;
    return { object: 'embedding', index, embedding: [Math.cos(angle), Math.sin(angle)] };
  });
  return { body: [JSON.stringify({ data, usage: { prompt_tokens: 7, total_tokens: 7 } })] };
}
