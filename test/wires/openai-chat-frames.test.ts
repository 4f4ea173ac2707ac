import type OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { openaiChat } from '../../harness/wires/openai-chat.ts';
import type { Answer } from '../../harness/wires/wire.ts';
import { chatChunks, chatHelped, chatWhole, rendered, silent, thoughtful } from './openai-sdk.ts';
import { answers } from './served.ts';

const serve = (answer: Answer, quirks = {}) => rendered(openaiChat, answer, quirks);

function textIn(chunks: OpenAI.ChatCompletionChunk[]): string {
  return chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('');
}

describe('reasoning', () => {
  it('comes beside the content of an answer at once, and is counted', async () => {
    const { choices, usage } = await chatWhole(serve(thoughtful));
    expect(choices[0]?.message).toMatchObject({
      content: thoughtful.text,
      reasoning_content: thoughtful.reasoning,
    });
    expect(usage?.completion_tokens_details?.reasoning_tokens).toBe(10);
  });

  it('comes before the content of a stream, in deltas of its own', async () => {
    const { events } = await chatChunks(serve(thoughtful));
    const deltas = events.map(({ choices }) => choices[0]?.delta ?? {});
    const thoughts = deltas.map((delta) => Reflect.get(delta, 'reasoning_content') ?? '');
    expect(thoughts.join('')).toBe(thoughtful.reasoning);
    expect(textIn(events)).toBe(thoughtful.text);
    const lastThought = thoughts.findLastIndex((thought) => thought !== '');
    const firstWord = deltas.findIndex(({ content }) => content);
    expect(lastThought).toBe(firstWord - 1);
    expect(events.at(-1)?.usage?.completion_tokens_details?.reasoning_tokens).toBe(10);
  });

  it('does not stand in the way of the stream helper', async () => {
    const { choices } = await chatHelped(serve(thoughtful));
    expect(choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { content: thoughtful.text },
    });
  });

  it('never counts for more than what was counted in all', async () => {
    const answer = { ...thoughtful, usage: { input: 1, output: 3, estimated: false } };
    const { usage } = await chatWhole(serve(answer));
    expect(usage?.completion_tokens_details?.reasoning_tokens).toBe(3);
  });
});

describe('usage', () => {
  it('that is missing is nowhere', async () => {
    const quirks = { usage: 'missing' } as const;
    expect(await chatWhole(serve(thoughtful, quirks))).not.toHaveProperty('usage');
    const { events } = await chatChunks(serve(thoughtful, quirks));
    expect(events.filter((chunk) => 'usage' in chunk)).toEqual([]);
    expect(events.every(({ choices }) => choices.length === 1)).toBe(true);
    expect(textIn(events)).toBe(thoughtful.text);
  });

  it('that is null has counts of null where usage belongs', async () => {
    const nobody = { prompt_tokens: null, completion_tokens: null, total_tokens: 0 };
    const quirks = { usage: 'null' } as const;
    expect((await chatWhole(serve(thoughtful, quirks))).usage).toEqual(nobody);
    const { events } = await chatChunks(serve(thoughtful, quirks));
    expect(events.at(-1)).toMatchObject({ choices: [], usage: nobody });
  });

  it('that is early is in the first chunk of a stream and in no other', async () => {
    const { events } = await chatChunks(serve(thoughtful, { usage: 'early' }));
    expect(events.map(({ usage }) => usage?.completion_tokens ?? null)).toEqual([
      30,
      ...events.slice(1).map(() => null),
    ]);
    expect(events.at(-1)?.choices[0]?.finish_reason).toBe('stop');
    const { usage } = await chatWhole(serve(thoughtful, { usage: 'early' }));
    expect(usage?.completion_tokens).toBe(30);
  });
});

describe('an odd answer', () => {
  it('names another model everywhere', async () => {
    const quirks = { model: 'gpt-4o-mini-somewhere' };
    expect((await chatWhole(serve(thoughtful, quirks))).model).toBe(quirks.model);
    const { events } = await chatChunks(serve(thoughtful, quirks));
    expect(new Set(events.map(({ model }) => model))).toEqual(new Set([quirks.model]));
    expect((await chatHelped(serve(thoughtful, quirks))).model).toBe(quirks.model);
  });

  it('ends for a reason that nobody knows', async () => {
    const quirks = { finish: 'MALFORMED_FUNCTION_CALL' };
    const { choices } = await chatWhole(serve(silent, quirks));
    expect(choices[0]).toMatchObject({ finish_reason: quirks.finish, message: { content: '' } });
    const { events } = await chatChunks(serve(silent, quirks));
    expect(events.map((chunk) => chunk.choices[0]?.finish_reason ?? null)).toEqual([
      null,
      quirks.finish,
      null,
    ]);
  });

  it('has content of null where it is empty', async () => {
    const { choices } = await chatWhole(serve(silent, { content: 'null' }));
    expect(choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: null } });
    expect(choices[0]?.message.tool_calls).toBeUndefined();
    const { events } = await chatChunks(serve(silent, { content: 'null' }));
    expect(events[0]?.choices[0]?.delta).toMatchObject({ role: 'assistant', content: null });
    expect((await chatHelped(serve(silent, { content: 'null' }))).choices[0]?.message.content).toBe(
      null,
    );
    const spoken = await chatWhole(serve(thoughtful, { content: 'null' }));
    expect(spoken.choices[0]?.message.content).toBe(thoughtful.text);
  });

  it('has no choice at all where it is empty', async () => {
    const quirks = { content: 'no-choices' } as const;
    expect(await chatWhole(serve(silent, quirks))).toMatchObject({
      choices: [],
      usage: { completion_tokens: 30 },
    });
    const { events, error } = await chatChunks(serve(silent, quirks));
    expect(error).toBeNull();
    expect(events.map(({ choices }) => choices)).toEqual([[], []]);
    await expect(chatHelped(serve(silent, quirks))).rejects.toThrow(/without producing/);
    expect((await chatWhole(serve(thoughtful, quirks))).choices).toHaveLength(1);
    const early = await chatChunks(serve(silent, { ...quirks, usage: 'early' }));
    expect(early.events).toMatchObject([{ choices: [], usage: { completion_tokens: 30 } }]);
  });

  it.each([
    ['text', 'text'],
    ['one tool call', 'arguments'],
    ['refusal', 'refusal'],
  ])('has one delta without content before the first of %s', async (name, part) => {
    const answer = answers[name];
    if (answer === undefined) throw new Error(`there is no ${name}`);
    const plain = await chatChunks(serve(answer));
    const odd = await chatChunks(serve(answer, { emptyDelta: true }));
    const empty = odd.events.filter(({ choices: [choice] }) => {
      return choice?.delta.content === '' && choice.delta.role === undefined;
    });
    expect(empty).toHaveLength(1);
    expect(textIn(odd.events)).toBe(textIn(plain.events));
    let parts: (string | undefined)[] = [];
    await chatChunks((asked) => {
      const frames = openaiChat.frames(answer, asked, { emptyDelta: true });
      parts = frames.map((frame) => frame.part);
      return frames;
    });
    expect(parts.indexOf('empty')).toBeLessThan(parts.indexOf(part as string));
    expect(parts.filter((one) => one === 'empty')).toHaveLength(1);
  });
});
