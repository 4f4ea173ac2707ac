import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { openaiChat } from '../../harness/wires/openai-chat.ts';
import { chatErrorFrames, chatKeepalive } from '../../harness/wires/openai-chat-error.ts';
import { parseSse } from '../../harness/wires/sse.ts';
import type { Asked, Frame } from '../../harness/wires/wire.ts';
import { chatAsked, chatChunks, chatHelped, chatWhole, thoughtful } from './openai-sdk.ts';
import { stamp, textOf } from './served.ts';

const rejection = { reason: 'server-error' } as const;
type Form = Parameters<typeof chatErrorFrames>[4];

/** What a stream of the thoughtful answer has sent when it has spoken `words` pieces of text. */
function sentBefore(asked: Asked, words: number, quirks = {}): Frame[] {
  const frames = openaiChat.frames(thoughtful, { ...asked, stream: true }, quirks);
  const first = frames.findIndex(({ part }) => part === 'text');
  return frames.slice(0, first + words);
}

const broken =
  (form: Form, words: number | null = 3) =>
  (asked: Asked): Frame[] => {
    const sent = words === null ? [] : sentBefore(asked, words);
    const error = chatErrorFrames(rejection, asked, stamp, sent, form);
    return asked.stream ? [...sent, ...error] : error;
  };

const spoken = 'It is on';

describe('a chunk with an error', () => {
  it('throws what it says, with the chunk of a gateway around it', async () => {
    const { events, error } = await chatChunks(broken('chunk'));
    expect(events.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe(spoken);
    expect(error).toBeInstanceOf(OpenAI.APIError);
    expect(error).toMatchObject({ status: undefined, code: 'server_error' });
    const asked = chatAsked(true);
    const sent = sentBefore(asked, 1, { model: 'another' });
    const [frame] = chatErrorFrames(rejection, asked, stamp, sent, 'chunk');
    expect(frame).toMatchObject({ role: 'error', marker: false });
    const [chunk] = parseSse(textOf(frame ? [frame] : []));
    const [opening] = parseSse(textOf(sent));
    const { id } = JSON.parse(opening?.data ?? '');
    expect(JSON.parse(chunk?.data ?? '')).toMatchObject({
      id,
      object: 'chat.completion.chunk',
      model: 'another',
      choices: [{ index: 0, delta: { content: '' }, finish_reason: 'error' }],
    });
  });

  it('stands alone where nothing was sent', async () => {
    const { events, error } = await chatChunks(broken('chunk', null));
    expect(events).toEqual([]);
    expect(error).toMatchObject({ code: 'server_error' });
  });

  it('is a body with choices and an error where nothing is streamed', async () => {
    const completion = await chatWhole(broken('chunk'));
    expect(completion).toMatchObject({
      object: 'chat.completion',
      error: { code: 'server_error' },
      choices: [{ message: { role: 'assistant', content: spoken }, finish_reason: 'error' }],
    });
  });
});

describe('an end whose finish reason is an error', () => {
  it('is an ordinary end to the SDK, streamed or helped', async () => {
    const { events, error } = await chatChunks(broken('finish-reason'));
    expect(error).toBeNull();
    const finishes = events.map(({ choices }) => choices[0]?.finish_reason);
    expect(finishes.filter((finish) => typeof finish === 'string')).toEqual(['error']);
    expect(events.at(-1)?.usage).toMatchObject({ completion_tokens: null });
    expect(new Set(events.map(({ id }) => id)).size).toBe(1);
    const { choices } = await chatHelped(broken('finish-reason'));
    expect(choices[0]).toMatchObject({ finish_reason: 'error', message: { content: spoken } });
  });

  it('opens the stream itself where nothing was sent', async () => {
    const { events, error } = await chatChunks(broken('finish-reason', null));
    expect(error).toBeNull();
    expect(events.map(({ choices }) => choices[0]?.delta.role ?? null)).toEqual([
      'assistant',
      null,
      null,
    ]);
  });

  it('is part of the text with that reason where nothing is streamed', async () => {
    const { choices, usage } = await chatWhole(broken('finish-reason'));
    expect(choices[0]).toMatchObject({ finish_reason: 'error', message: { content: spoken } });
    expect(usage).toEqual({ prompt_tokens: null, completion_tokens: null, total_tokens: 0 });
    const nothing = await chatWhole(broken('finish-reason', null));
    expect(nothing.choices[0]?.message.content).toBe('');
  });

  it('is no answer to whoever reads it, and is tagged as an error', () => {
    for (const stream of [true, false]) {
      const asked = chatAsked(stream);
      const frames = broken('finish-reason')(asked);
      expect(openaiChat.read(textOf(frames), stream)).toBeNull();
      expect(frames.filter(({ role }) => role === 'error')).toHaveLength(1);
    }
    const frames = broken('finish-reason', null)(chatAsked(true));
    expect(frames.map(({ part, marker }) => [part, marker])).toEqual([
      ['open', false],
      ['finish', false],
      ['usage', false],
      ['end', true],
    ]);
    for (const { bytes, ...tags } of frames) {
      const [event] = parseSse(textOf([{ bytes, ...tags }]));
      if (event) expect(openaiChat.classify(event)).toEqual(tags);
    }
  });
});

it('forms that chat completions lack are told in its own', () => {
  for (const stream of [true, false]) {
    const asked = chatAsked(stream);
    const own = textOf(chatErrorFrames(rejection, asked, stamp, []));
    for (const form of ['own', 'failed', 'incomplete'] as const) {
      expect(textOf(chatErrorFrames(rejection, asked, stamp, [], form))).toBe(own);
    }
  }
});

describe('a keepalive', () => {
  it('is a comment, or a chunk that says nothing with the id of its stream', async () => {
    for (const form of ['comment', 'ping', 'empty-delta'] as const) {
      const { events, error } = await chatChunks((asked) => {
        const frames = openaiChat.frames(thoughtful, asked);
        const sent = frames.slice(0, 4);
        const beat = chatKeepalive(form, asked, thoughtful, sent);
        expect(beat).toMatchObject({ role: 'keepalive', chars: 0, marker: false });
        return [...sent, beat, beat, ...frames.slice(4)];
      });
      expect(error).toBeNull();
      const deltas = events.map(({ choices }) => choices[0]?.delta);
      const silent = deltas.filter((delta) => delta?.content === '' && !delta.role);
      expect(silent).toHaveLength(form === 'empty-delta' ? 2 : 0);
      expect(new Set(events.map(({ id }) => id)).size).toBe(1);
      expect(deltas.map((delta) => delta?.content ?? '').join('')).toBe(thoughtful.text);
    }
  });

  it('before anything was sent has the id of the answer to come', () => {
    const asked = chatAsked(true);
    const beat = chatKeepalive('empty-delta', asked, thoughtful, []);
    const idIn = (frame: Frame | undefined): unknown =>
      JSON.parse(parseSse(textOf(frame ? [frame] : []))[0]?.data ?? '').id;
    expect(idIn(beat)).toBe(idIn(openaiChat.frames(thoughtful, asked)[0]));
  });
});
