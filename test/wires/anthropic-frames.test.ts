import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { FramePart, Quirks } from '../../harness/faults/effect.ts';
import { frameIndex } from '../../harness/upstream/place.ts';
import { anthropicMessages } from '../../harness/wires/anthropic-messages.ts';
import { signatureOf, signedBy } from '../../harness/wires/ids.ts';
import { sseFrames } from '../../harness/wires/sse.ts';
import type { Answer, Frame } from '../../harness/wires/wire.ts';
import { describeData } from '../data.ts';
import { heard, ways } from './messages-client.ts';
import { recordedExchanges } from './recorded.ts';
import { answers, askedOf, stamp, textOf } from './served.ts';

const wire = anthropicMessages;
const url = 'https://api.anthropic.com/v1/messages';
const streamed = askedOf(wire, url, { model: 'claude-haiku-4-5', stream: true });
const atOnce = askedOf(wire, url, { model: 'claude-haiku-4-5' });

function answerOf(name: string, change: Partial<Answer> = {}): Answer {
  const answer = answers[name];
  if (answer === undefined) throw new Error(`there is no answer ${name}`);
  return { ...answer, ...change };
}

const thought = answerOf('text and two tool calls', {
  reasoning: 'The parcel went to Zürich; let me look it up there.',
});

function without(frames: Frame[], ...parts: FramePart[]): Frame[] {
  return frames.filter(({ part }) => part === undefined || !parts.includes(part));
}

const message = z.looseObject({
  content: z.array(z.looseObject({ type: z.string() })).nullable(),
  usage: z.unknown(),
});

function bodyWith(answer: Answer, quirks: Quirks): z.infer<typeof message> {
  return message.parse(JSON.parse(textOf(wire.frames(answer, atOnce, quirks))));
}

describe('a stream of Claude', () => {
  it('has a part for every event, in the order of the documentation', () => {
    const parts = wire.frames(thought, streamed).map(({ part }) => part);
    const inShort = parts.filter((part, index) => part !== parts[index - 1]);
    const call = ['block-open', 'empty', 'arguments', 'block-close'];
    expect(inShort).toEqual([
      'open',
      ...['block-open', 'ping', 'reasoning', 'block-close'],
      ...['block-open', 'text', 'block-close'],
      ...call,
      ...call,
      'finish',
      'end',
    ]);
  });

  it('can lack each ending by itself', async () => {
    const frames = wire.frames(answerOf('text'), streamed);
    const eventsOf = (left: Frame[]): string[] => textOf(left).match(/(?<=^event: ).+/gm) ?? [];
    const all = eventsOf(frames);
    const endings = { end: 'message_stop', finish: 'message_delta' } as const;
    for (const [part, event] of Object.entries({
      ...endings,
      'block-close': 'content_block_stop',
    })) {
      const left = without(frames, part as FramePart);
      expect(eventsOf(left), part).toEqual(all.filter((one) => one !== event));
    }
    const raw = await heard('stream', () => without(frames, 'finish'));
    expect(raw).toMatchObject({ text: answerOf('text').text, stop: null, error: null });
    const gathered = await heard('helper', () => without(frames, 'end'));
    expect(String(gathered.error)).toMatch(/stream ended without producing a Message/);
    const open = await heard('helper', () => without(frames, 'block-close'));
    expect(open).toMatchObject({ text: answerOf('text').text, error: null });
  });

  it('can be cut behind its thoughts, and within the arguments of its tool', () => {
    const frames = wire.frames(thought, streamed);
    const behind = textOf(frames.slice(0, frameIndex(frames, { at: 'reasoning' })));
    expect(behind).toMatch(/signature_delta.*\n\nevent: content_block_stop\n.*\n\n$/);
    expect(behind).not.toContain('text_delta');
    const within = textOf(frames.slice(0, frameIndex(frames, { at: 'arguments' })));
    const json = [...within.matchAll(/"partial_json":"(.*)"\}\}/g)].map(([, piece]) => piece);
    expect(json.join('').length).toBeGreaterThan(0);
    expect(within.match(/tool_use/g)).toHaveLength(1);
    expect(within.match(/content_block_stop"/g)).toHaveLength(2);
  });
});

describe('thoughts before an answer', () => {
  it.each(ways)('reach the SDK with their signature: %s', async (way) => {
    const { text, toolCalls, reasoning } = thought;
    const got = await heard(way, (asked) => wire.frames(thought, asked));
    const calls = toolCalls.map((call) => JSON.parse(call.arguments));
    expect(got).toMatchObject({ text, calls, thinking: reasoning, error: null, stop: 'tool_use' });
    expect(got.signatures.map(signedBy)).toEqual(['anthropic-messages']);
  });

  it('are progress and no payload, and no characters of the answer', () => {
    const frames = wire.frames(thought, streamed);
    const thinking = frames.filter(({ part }) => part === 'reasoning');
    expect(thinking.length).toBeGreaterThan(2);
    expect(thinking.map(({ role, chars }) => `${role} ${chars}`)).toEqual(
      thinking.map(() => 'reasoning 0'),
    );
    expect(frames.reduce((sum, { chars }) => sum + chars, 0)).toBe(thought.text.length);
  });

  it('are read back, and tagged as a recording is', () => {
    const reasoning = fc.string({ minLength: 1, unit: 'binary' });
    fc.assert(
      fc.property(reasoning, fc.string(), fc.boolean(), (thoughts, text, stream) => {
        const { id, ...said } = answerOf('text', { text, reasoning: thoughts });
        const frames = wire.frames({ id, ...said }, stream ? streamed : atOnce);
        expect(wire.read(textOf(frames), stream)).toEqual(said);
        if (!stream) return;
        const again = sseFrames(new TextEncoder().encode(textOf(frames)), wire);
        const tags = ({ bytes: _bytes, ...rest }: Frame) => rest;
        expect(again.map(tags)).toEqual(frames.map(tags));
      }),
    );
  });

  it('have a signature that nobody else could have made', () => {
    expect(signedBy(signatureOf('anthropic-messages', 'a'))).toBe('anthropic-messages');
    expect(signedBy(signatureOf('openai-responses', 'a'))).toBe('openai-responses');
    expect(signatureOf('anthropic-messages', 'a')).not.toBe(signatureOf('anthropic-messages', 'b'));
    expect(signatureOf('anthropic-messages', 'a')).toMatch(/^[A-Za-z0-9+/]+=*$/);
    for (const foreign of ['', 'EqQBCkYIBRgCKkBmaXJlZHJpbGw=', 'no base64!']) {
      expect(signedBy(foreign)).toBeNull();
    }
  });
});

describe('what is odd about an answer', () => {
  const text = answerOf('text');
  const empty = answerOf('empty');
  const spent = { input_tokens: 21, output_tokens: 9 };

  it('can be its usage: at the beginning and not at the end', async () => {
    const quirks: Quirks = { usage: 'early' };
    const frames = wire.frames(text, streamed, quirks);
    expect(textOf(without(frames, 'open'))).not.toContain('usage');
    const raw = await heard('stream', () => frames);
    expect(raw.usage).toMatchObject(spent);
    expect(await heard('whole', (asked) => wire.frames(text, asked, quirks))).toMatchObject({
      usage: spent,
    });
    // The helper of the SDK cannot do without usage at the end.
    expect(await heard('helper', () => frames)).toMatchObject({
      error: { cause: expect.any(TypeError) },
    });
    expect(wire.read(textOf(frames), true)?.usage).toEqual(text.usage);
  });

  it.each([
    ['missing', undefined],
    ['null', null],
  ] as const)('can be its usage: %s', async (usage, seen) => {
    for (const way of ['whole', 'stream'] as const) {
      const got = await heard(way, (asked) => wire.frames(text, asked, { usage }));
      expect(got).toMatchObject({ text: text.text, stop: 'end_turn', error: null });
      expect(got.usage).toBe(seen);
    }
    for (const stream of [false, true]) {
      const body = textOf(wire.frames(text, stream ? streamed : atOnce, { usage }));
      expect(wire.read(body, stream)?.usage.estimated).toBe(true);
    }
  });

  it.each(ways)('can be the model that it names: %s', async (way) => {
    const model = 'claude-3-haiku';
    const got = await heard(way, (asked) => wire.frames(text, asked, { model }));
    expect(got).toMatchObject({ model, text: text.text, error: null });
  });

  it.each(ways)('can be why it ends: %s', async (way) => {
    const finish = 'MALFORMED_FUNCTION_CALL';
    const got = await heard(way, (asked) => wire.frames(empty, asked, { finish }));
    expect(got).toMatchObject({ stop: finish, text: '', error: null });
  });

  it('can be content that is null or not there, where there is nothing to say', async () => {
    expect(bodyWith(empty, {}).content).toEqual([]);
    expect(bodyWith(empty, { content: 'no-choices' }).content).toEqual([]);
    expect(bodyWith(empty, { content: 'null' }).content).toBeNull();
    expect(bodyWith(text, { content: 'null' }).content).toHaveLength(1);
    const kinds = (quirks: Quirks) => wire.frames(empty, streamed, quirks).map(({ part }) => part);
    expect(kinds({ content: 'no-choices' })).toEqual(['open', 'finish', 'end']);
    expect(kinds({ content: 'null' })).toEqual([
      ...['open', 'block-open', 'ping', 'block-close'],
      ...['finish', 'end'],
    ]);
    const broken = await heard('whole', (asked) => wire.frames(empty, asked, { content: 'null' }));
    expect(broken.error).toBeInstanceOf(TypeError);
    const fine = await heard('helper', (asked) => wire.frames(empty, asked, { content: 'null' }));
    expect(fine).toMatchObject({ text: '', stop: 'end_turn', error: null });
  });

  it.each(ways)('can be a delta without content before the first: %s', async (way) => {
    const parts = wire.frames(text, streamed, { emptyDelta: true }).map(({ part }) => part);
    expect(parts.slice(0, 5)).toEqual(['open', 'block-open', 'ping', 'empty', 'text']);
    const got = await heard(way, (asked) => wire.frames(text, asked, { emptyDelta: true }));
    expect(got).toMatchObject({ text: text.text, error: null });
  });
});

describe('the limits of an organisation', () => {
  const told = (limits?: typeof stamp.limits) =>
    Object.fromEntries(wire.headers(atOnce, limits ? { ...stamp, limits } : stamp));

  it('are those that a rule has counted, tokens in thousands', () => {
    const headers = told({
      requests: { limit: 60, remaining: 7, resetMs: 20_000 },
      tokens: { limit: 30_000, remaining: 12_345, resetMs: 60_000 },
    });
    expect(headers).toMatchObject({
      'anthropic-ratelimit-requests-limit': '60',
      'anthropic-ratelimit-requests-remaining': '7',
      'anthropic-ratelimit-requests-reset': '2026-11-21T12:00:20Z',
      'anthropic-ratelimit-tokens-limit': '30000',
      'anthropic-ratelimit-tokens-remaining': '12000',
      'anthropic-ratelimit-tokens-reset': '2026-11-21T12:01:00Z',
      'anthropic-ratelimit-input-tokens-remaining': '12000',
      'anthropic-ratelimit-output-tokens-remaining': '90000',
    });
  });

  it('are those of an idle one where nobody counts', () => {
    const limits = { tokens: { limit: 300, remaining: 299, resetMs: 1000 } };
    const requests = 'anthropic-ratelimit-requests-remaining';
    expect(told()[requests]).toBe('999');
    expect(told(limits)[requests]).toBe('999');
    expect(told(limits)['anthropic-ratelimit-tokens-remaining']).toBe('0');
  });
});

describeData('what Claude sent to others', (dir) => {
  let recorded: ReturnType<typeof recordedExchanges> = [];
  beforeAll(() => {
    recorded = recordedExchanges(dir).filter((one) => one.wire === wire.name);
  });

  it('has thoughts where the index says so', () => {
    const thoughtful = recorded.filter(({ row }) => row.kind === 'thinking');
    expect(thoughtful.length).toBeGreaterThan(2);
    for (const { body, sse, row } of thoughtful) {
      expect(wire.read(new TextDecoder().decode(body), sse)?.reasoning, row.file).not.toBe('');
    }
  });

  it('has a part for every event of a stream but an error', () => {
    const streams = recorded.filter(({ sse }) => sse);
    expect(streams.length).toBeGreaterThan(10);
    for (const { body, row } of streams) {
      const frames = sseFrames(body, wire).filter(({ role }) => role !== 'error');
      const bare = frames.filter(({ part, bytes }) => part === undefined && bytes.length > 2);
      expect(textOf(bare), row.file).toBe('');
    }
  });
});
