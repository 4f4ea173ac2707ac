import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { checkSchema } from '../../harness/checks/grade.ts';
import type { HistoryEvent } from '../../harness/history.ts';
import { undiciLimits } from '../../harness/network/dispatcher-limits.ts';
import { fetchClient, respond } from '../../harness/network/virtual-response.ts';
import { shippedTargets } from '../../harness/project.ts';
import { createAnswerBook } from '../../harness/upstream/answer-book.ts';
import { exactAnswer } from '../../harness/upstream/exact-answer.ts';
import type { ExactRecording } from '../../harness/upstream/recording.ts';
import { createSchedule } from '../../harness/upstream/schedule.ts';
import { createTargets, readTargets } from '../../harness/upstream/targets.ts';
import { createUpstream } from '../../harness/upstream/upstream.ts';
import { wires } from '../../harness/wires/index.ts';
import type { Sample } from '../../harness/workloads/workload.ts';
import { plainSample } from '../../harness/workloads/workload.ts';

const sample: Sample = { ...plainSample, id: 's', prompt: 'Hello?' };
const json: [string, string][] = [['content-type', 'application/json']];
const events: [string, string][] = [['content-type', 'text/event-stream']];

function recorded(
  wire: ExactRecording['wire'],
  status: number,
  headers: [string, string][],
  text: string,
): ExactRecording {
  const target = wire === 'anthropic-messages' ? 'anthropic/claude-haiku-4-5' : 'openai/gpt-4o';
  const exchange = { status, headers, body: { text } };
  return { kind: 'recorded', sample: 's', target, wire, exchange };
}

/** A fetch that answers from one recording, and what the history says of it. */
function served(recording: ExactRecording): { fetch: typeof fetch; history: HistoryEvent[] } {
  const history: HistoryEvent[] = [];
  const upstream = createUpstream({
    seed: 1,
    book: createAnswerBook({
      name: 'w',
      provenance: 'recorded',
      samples: [sample],
      recordings: [recording],
    }),
    targets: createTargets(readTargets([shippedTargets])),
    wires: Object.values(wires),
    schedule: createSchedule([], 1),
    record: (event) => history.push(event),
    now: () => 0,
    epochMs: 0,
    keys: {},
  });
  const timers = { set: (run: () => void) => setImmediate(run), clear: () => {} };
  return {
    history,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const raw = {
        method: request.method,
        url: request.url,
        header: (name: string) => request.headers.get(name),
        body: await request.text(),
      };
      return respond(
        upstream.receive(raw, { call: 1, sample: 's' }),
        null,
        timers,
        fetchClient(undiciLimits, request.url),
      );
    },
  };
}

const messages = [{ role: 'user' as const, content: 'Hello?' }];

const limited = recorded(
  'openai-chat',
  429,
  [...json, ['retry-after', '7'], ['x-request-id', 'req_1'], ['content-length', '9999']],
  '{"error":{"message":"Slow down","type":"requests","code":"rate_limit_exceeded"}}',
);
const overloadedInStream = recorded(
  'anthropic-messages',
  200,
  events,
  [
    'event: message_start\ndata: {"type":"message_start","message":{"id":"m","type":"message","role":"assistant","content":[],"usage":{"input_tokens":1,"output_tokens":1}}}\n\n',
    'event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}\n\n',
    'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Once upon"}}\n\n',
    'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n',
  ].join(''),
);

it.each(['text/event-stream', 'Text/Event-Stream; charset=UTF-8'])(
  'reads %s as a stream',
  (type) => {
    const text =
      'data: {"choices":[{"delta":{"content":"Hello"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';
    const { exact, said } = exactAnswer(
      recorded('openai-chat', 200, [['content-type', type]], text),
    );
    expect(exact.sse).toBe(true);
    expect(said?.text).toBe('Hello');
  },
);

describe('a recorded error', () => {
  it.each([false, true])('is served as recorded, streaming or not (%s)', async (stream) => {
    const { fetch, history } = served(limited);
    const client = new OpenAI({ apiKey: 'k', fetch, maxRetries: 0 });
    const asked = client.chat.completions.create({ model: 'gpt-4o', messages, stream });
    const error = await asked.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OpenAI.RateLimitError);
    if (!(error instanceof OpenAI.RateLimitError)) return;
    expect(error.message).toBe('429 Slow down');
    expect(error.requestID).toBe('req_1');
    expect(error.headers?.get('retry-after')).toBe('7');
    expect(error.headers?.get('content-length')).not.toBe('9999');
    expect(history.find(({ e }) => e === 'reply')).toMatchObject({
      status: 429,
      reason: 'rate-limit',
      hintMs: 7000,
    });
    expect(history.filter(({ e }) => e === 'text' || e === 'effect')).toEqual([]);
  });

  it('is the same on another endpoint of its provider', async () => {
    const client = new OpenAI({ apiKey: 'k', fetch: served(limited).fetch, maxRetries: 0 });
    const asked = client.responses.create({ model: 'gpt-4o', input: 'Hello?' });
    await expect(asked).rejects.toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
  });

  it('goes before what the provider would object to', async () => {
    const client = new OpenAI({ apiKey: 'k', fetch: served(limited).fetch, maxRetries: 0 });
    const asked = client.chat.completions.create({ model: 'gpt-4o', messages: [] });
    await expect(asked).rejects.toMatchObject({ status: 429 });
  });

  it('within a stream comes after the text before it', async () => {
    const { fetch, history } = served(overloadedInStream);
    const client = new Anthropic({ apiKey: 'k', fetch, maxRetries: 0 });
    const model = 'claude-haiku-4-5';
    const stream = await client.messages.create({ model, max_tokens: 9, messages, stream: true });
    let text = '';
    const read = async (): Promise<void> => {
      for await (const event of stream) {
        if (event.type !== 'content_block_delta') continue;
        if (event.delta.type === 'text_delta') text += event.delta.text;
      }
    };
    await expect(read()).rejects.toMatchObject({ type: 'overloaded_error' });
    expect(text).toBe('Once upon');
    expect(history.find(({ e }) => e === 'text')).toMatchObject({ text: 'Once upon', score: null });
    expect(history.find(({ e }) => e === 'end')).toMatchObject({ inBand: 'overloaded', chars: 9 });
  });

  it('within a stream is the equal status where nothing streams', async () => {
    const { fetch } = served(overloadedInStream);
    const client = new Anthropic({ apiKey: 'k', fetch, maxRetries: 0 });
    const model = 'claude-haiku-4-5';
    const asked = client.messages.create({ model, max_tokens: 9, messages });
    await expect(asked).rejects.toMatchObject({ status: 529, type: 'overloaded_error' });
  });

  it('is never scored, whatever the sample demands', () => {
    const checks = [checkSchema.parse({ contains: ['Hello'] })];
    const samples = [{ ...sample, checks }];
    const workload = { name: 'w', provenance: 'x', samples, recordings: [limited] };
    const known = createAnswerBook(workload).find('s', 'openai/gpt-4o', 0);
    expect(known?.event).toMatchObject({ text: '', score: null });
    expect(known?.failure).toMatchObject({ reason: 'rate-limit', status: 429 });
  });
});

describe('a recorded success', () => {
  it('is a stream by its looks where the recorder kept no headers', () => {
    const body = 'data: {"choices":[{"delta":{"content":"Hi"},"finish_reason":"stop"}]}\n\n';
    const { exact, said } = exactAnswer(recorded('openai-chat', 200, [], body));
    expect([exact.sse, said?.text]).toEqual([true, 'Hi']);
  });

  it('has no frame where it has no body', () => {
    const { exact, failure } = exactAnswer(recorded('openai-chat', 404, [], ''));
    expect(exact.frames).toEqual([]);
    expect(failure).toEqual({ reason: 'not-found', status: 404 });
  });
});
