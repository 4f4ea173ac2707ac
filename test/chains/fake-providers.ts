// Stands in for the providers in tests of chains: a fetch that answers by script, in fake time, and
// obeys its signal as the real one does. Bodies are written by hand, so that what the chain makes
// of them is held to the documentation and not to our own wires.
import { afterEach, beforeEach, expect, vi } from 'vitest';
import type { Ask, Meta, Question } from '../../harness/chains/chain.ts';
import type { OnEvent } from '../../harness/chains/chain-event.ts';
import { createTargets } from '../../harness/chains/create-targets.ts';
import { createEmbedder } from '../../harness/chains/embedder.ts';
import { referenceChain } from '../../harness/chains/reference.ts';
import { parseReferenceSettings } from '../../harness/chains/reference-config.ts';

/** A piece of a body: text, a wait in ms, a broken connection, or silence for ever. */
export type Step = string | number | 'RESET' | 'HANG';

export interface Scripted {
  status?: number;
  headers?: Record<string, string>;
  /** ms before the headers; 'never': none come. 'refused': no connection. */
  headersAfter?: number | 'never' | 'refused';
  body?: Step[];
}

export interface Seen {
  /** ms since the test began. */
  at: number;
  host: string;
  path: string;
  key: string | null;
  version: string | null;
  body: Record<string, unknown>;
  aborted: boolean;
}

/** Fake time and keys around every test of a file; a test that leaves a timer behind fails. */
export function inFakeTime(): void {
  const { fetch } = globalThis;
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubEnv('OPENAI_API_KEY', 'sk-first');
    vi.stubEnv('ANTHROPIC_API_KEY', 'sk-second');
  });
  afterEach(() => {
    const left = vi.getTimerCount();
    vi.useRealTimers();
    vi.unstubAllEnvs();
    globalThis.fetch = fetch;
    expect(left).toBe(0);
  });
}

/** Answers requests in order, each by the next script of its host; the last one is repeated. */
export function fakeProviders(scripts: Record<string, Scripted[]>): Seen[] {
  const seen: Seen[] = [];
  const start = performance.now();
  globalThis.fetch = async (input, init) => {
    const url = new URL(String(input));
    const headers = new Headers(init?.headers);
    const one: Seen = {
      at: Math.round(performance.now() - start),
      host: url.host,
      path: url.pathname,
      key: headers.get('authorization') ?? headers.get('x-api-key'),
      version: headers.get('anthropic-version'),
      body: JSON.parse(String(init?.body)),
      aborted: false,
    };
    seen.push(one);
    const of = scripts[url.host];
    if (!of) throw new Error(`nothing is scripted for ${url.host}`);
    const script = of.length > 1 ? of.shift() : of[0];
    const signal = init?.signal ?? new AbortController().signal;
    signal.addEventListener('abort', () => {
      one.aborted = true;
    });
    return respond(script ?? {}, signal);
  };
  return seen;
}

async function respond(script: Scripted, signal: AbortSignal): Promise<Response> {
  const { status = 200, headersAfter = 1, body = [] } = script;
  if (headersAfter === 'refused') throw connectionError('ECONNREFUSED');
  await pause(headersAfter === 'never' ? null : headersAfter, signal);
  const stream = new ReadableStream<Uint8Array>({
    async start(controller) {
      try {
        for (const step of body) {
          if (typeof step === 'number') await pause(step, signal);
          else if (step === 'HANG') await pause(null, signal);
          else if (step === 'RESET') throw connectionError('ECONNRESET', 'terminated');
          else controller.enqueue(new TextEncoder().encode(step));
        }
        controller.close();
      } catch (error) {
        controller.error(error);
      }
    },
  });
  const type = body.some(
    (step) => String(step).startsWith('data:') || String(step).startsWith('event:'),
  )
    ? 'text/event-stream'
    : 'application/json';
  return new Response(stream, { status, headers: { 'content-type': type, ...script.headers } });
}

function connectionError(code: string, message = 'fetch failed'): TypeError {
  return new TypeError(message, { cause: Object.assign(new Error(code), { code }) });
}

function pause(ms: number | null, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const timer = ms === null ? undefined : setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

/** A chain of the given YAML over these providers; chance is always in the middle. */
export function chainOf(
  yaml: string,
  random: () => number = () => 0.5,
  onEvent: OnEvent | null = null,
): Ask {
  const settings = parseReferenceSettings(yaml, 'chain.yaml');
  const { semantic } = settings.cache ?? {};
  const embedder = semantic ? createEmbedder(semantic) : null;
  return referenceChain(settings, createTargets(settings), random, { onEvent, embedder });
}

export const question: Question = {
  id: 'capital',
  prompt: 'What is the capital of France?',
  system: 'Be brief.',
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'What is the capital of France?' },
  ],
  schema: null,
  family: null,
  critical: false,
  tools: [],
};

export interface Told {
  text: string;
  pieces: string[];
  meta: Meta | undefined;
  error: (Error & { status?: number; attempts?: { target: string; outcome: string }[] }) | null;
  /** ms since the question was put. */
  at: number;
  firstAt: number | null;
}

/** Puts the question and reads to the end, moving fake time as far as it takes. */
export async function ask(
  chain: Ask,
  of: { question?: Question; signal?: AbortSignal } = {},
): Promise<Told> {
  const start = performance.now();
  const told: Told = { text: '', pieces: [], meta: undefined, error: null, at: 0, firstAt: null };
  let settled = false;
  const read = async (): Promise<void> => {
    try {
      const answer = await chain(
        of.question ?? question,
        of.signal ?? new AbortController().signal,
      );
      if (typeof answer === 'string' || !('text' in answer)) throw new Error('no meta');
      const { text, meta } = answer;
      for await (const piece of typeof text === 'string' ? [text] : text) {
        told.firstAt ??= Math.round(performance.now() - start);
        told.pieces.push(piece);
      }
      told.meta = typeof meta === 'function' ? meta() : meta;
    } catch (error) {
      told.error = error instanceof Error ? error : new Error(String(error));
    }
    told.text = told.pieces.join('');
    told.at = Math.round(performance.now() - start);
    settled = true;
  };
  const reading = read();
  for (let turns = 0; !settled && turns < 2_000; turns++) await vi.advanceTimersToNextTimerAsync();
  if (!settled) throw new Error('the chain never answered');
  await reading;
  return told;
}

/** All that an iterable yields, moving fake time as far as it takes. */
export async function drained(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  let over = false;
  const reading = (async () => {
    for await (const piece of pieces) text += piece;
  })().finally(() => {
    over = true;
  });
  while (!over) await vi.advanceTimersToNextTimerAsync();
  await reading;
  return text;
}

/** An answer that has begun, for tests that read it themselves. */
export async function opened(chain: Ask): Promise<{ text: AsyncIterable<string> }> {
  const asked = Promise.resolve(chain(question, new AbortController().signal));
  await vi.advanceTimersByTimeAsync(5);
  const answer = await asked;
  if (typeof answer === 'string' || !('text' in answer) || typeof answer.text === 'string') {
    throw new Error('the answer is no stream');
  }
  return { text: answer.text };
}

export const openai = 'api.openai.com';
export const anthropic = 'api.anthropic.com';
