// The parts of a response: rendered and read they are the same, and each can be left out by itself.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FramePart, Quirks } from '../../harness/faults/effect.ts';
import { bent } from '../../harness/upstream/compose.ts';
import { openaiChat } from '../../harness/wires/openai-chat.ts';
import { openaiResponses } from '../../harness/wires/openai-responses.ts';
import { sseFrames } from '../../harness/wires/sse.ts';
import type { Answer, Asked, Frame } from '../../harness/wires/wire.ts';
import {
  chatAsked,
  chatChunks,
  chatHelped,
  responseEvents,
  responseHelped,
  responsesAsked,
  thoughtful,
} from './openai-sdk.ts';
import { answered, answers, textOf } from './served.ts';

const odd: fc.Arbitrary<Quirks> = fc.record(
  {
    usage: fc.constantFrom('missing', 'null', 'early'),
    model: fc.constant('another'),
    finish: fc.constantFrom('error', 'stop', 'MALFORMED'),
    content: fc.constantFrom('null', 'no-choices'),
    emptyDelta: fc.constant(true),
  },
  { requiredKeys: [] },
);
const anyAnswer: fc.Arbitrary<Answer> = fc
  .record({
    answer: fc.constantFrom(...Object.values(answers), thoughtful),
    reasoning: fc.constantFrom('', 'Let me see.'),
  })
  .map(({ answer, reasoning }) => ({ ...answer, reasoning }));

describe.each([
  [openaiChat, chatAsked(true)],
  [openaiChat, chatAsked(true, { stream_options: {} })],
  [openaiResponses, responsesAsked(true)],
])('$name', (wire, asked) => {
  it('tags what it renders, however odd, as it tags what was recorded', () => {
    fc.assert(
      fc.property(anyAnswer, odd, (answer, quirks) => {
        const frames = wire.frames(answer, asked, quirks);
        const bytes = new TextEncoder().encode(textOf(frames));
        const plain = ({ bytes: each, ...tags }: Frame) => ({ ...tags, bytes: [...each] });
        expect(sseFrames(bytes, wire).map(plain)).toEqual(frames.map(plain));
        for (const frame of frames) expect(frame.part).toBeDefined();
      }),
    );
  });

  it('says the same however odd it is, unless the oddity is that nothing is said', () => {
    fc.assert(
      fc.property(anyAnswer, odd, (answer, quirks) => {
        const said = (given: Quirks): unknown[] => {
          const frames = wire.frames(answer, asked, given);
          return frames.flatMap(({ role, part, chars }) =>
            role === 'payload' || role === 'reasoning' ? [[role, part, chars]] : [],
          );
        };
        expect(said(quirks)).toEqual(said({}));
      }),
    );
  });
});

const chatWithout =
  (...parts: FramePart[]) =>
  (asked: Asked): Frame[] => {
    const reply = answered(openaiChat, asked, openaiChat.frames(thoughtful, asked));
    return bent(reply, [{ effect: { kind: 'omit', parts } }]).reply.frames;
  };

describe('a chat stream without a part', () => {
  const finishes = async (...parts: FramePart[]) => {
    const { events, error } = await chatChunks(chatWithout(...parts));
    expect(error).toBeNull();
    return events.flatMap(({ choices }) => choices[0]?.finish_reason ?? []);
  };

  it('can be [DONE] without a finish reason, which the helper refuses', async () => {
    expect(await finishes('finish')).toEqual([]);
    expect(textOf(chatWithout('finish')(chatAsked(true)))).toContain('[DONE]');
    await expect(chatHelped(chatWithout('finish'))).rejects.toThrow(/missing finish_reason/);
  });

  it('can be a finish reason without [DONE], which the SDK does not mind', async () => {
    expect(await finishes('end')).toEqual(['stop']);
    expect(textOf(chatWithout('end')(chatAsked(true)))).not.toContain('[DONE]');
    expect((await chatHelped(chatWithout('end'))).choices[0]?.finish_reason).toBe('stop');
  });

  it('can be neither, and can lack its opening, its usage or its thoughts', async () => {
    expect(await finishes('finish', 'end')).toEqual([]);
    const { events } = await chatChunks(chatWithout('open', 'usage', 'reasoning'));
    const text = events.map(({ choices }) => choices[0]?.delta.content ?? '').join('');
    expect(text).toBe(thoughtful.text);
    expect(events.some(({ choices }) => choices[0]?.delta.role)).toBe(false);
    expect(events.some(({ usage }) => usage)).toBe(false);
  });
});

const responseWithout =
  (...parts: FramePart[]) =>
  (asked: Asked): Frame[] => {
    const reply = answered(openaiResponses, asked, openaiResponses.frames(thoughtful, asked));
    return bent(reply, [{ effect: { kind: 'omit', parts } }]).reply.frames;
  };

describe('a stream of responses without a part', () => {
  it('can be completed without a done event', async () => {
    const { events } = await responseEvents(responseWithout('block-close'));
    expect(events.filter(({ type }) => type.endsWith('.done'))).toEqual([]);
    expect(events.at(-1)?.type).toBe('response.completed');
    expect((await responseHelped(responseWithout('block-close'))).output_text).toBe(
      thoughtful.text,
    );
  });

  it('can have every done event but never be completed', async () => {
    const { events, error } = await responseEvents(responseWithout('end'));
    expect(error).toBeNull();
    expect(events.at(-1)?.type).toBe('response.output_item.done');
    expect((await responseHelped(responseWithout('end'))).status).toBe('in_progress');
  });
});

describe('parts of recorded chunks', () => {
  const partOf = (delta: Record<string, unknown>, more: Record<string, unknown> = {}) => {
    const { finish_reason = null, ...rest } = more;
    const choices = [{ index: 0, delta, finish_reason }];
    return openaiChat.classify({ event: null, data: JSON.stringify({ choices, ...rest }) });
  };

  it('are those of the payload where the role is repeated in every chunk', () => {
    const role = 'assistant';
    expect(partOf({ role, content: 'Hi' })).toMatchObject({ role: 'payload', part: 'text' });
    expect(partOf({ role, content: '', reasoning: 'Hm' })).toMatchObject({
      role: 'reasoning',
      part: 'reasoning',
      chars: 0,
    });
    expect(partOf({ role, content: '' })).toMatchObject({ role: 'preamble', part: 'open' });
    expect(partOf({ content: '' })).toMatchObject({ role: 'preamble', part: 'empty' });
  });

  it('are the finish where usage comes with it, and none where text does', () => {
    const usage = { prompt_tokens: 1, completion_tokens: 1 };
    const finish_reason = 'stop';
    expect(partOf({ content: '' }, { finish_reason, usage })).toMatchObject({ part: 'finish' });
    const both = partOf({ content: 'Hi' }, { finish_reason });
    expect(both).toMatchObject({ role: 'payload', chars: 2, marker: true });
    expect(both).not.toHaveProperty('part');
  });

  it('are none where a whole tool call comes in one chunk', () => {
    const tool_calls = [{ index: 0, id: 'c', function: { name: 'f', arguments: '{}' } }];
    expect(partOf({ tool_calls })).not.toHaveProperty('part');
    expect(partOf({ tool_calls })).toMatchObject({ role: 'payload' });
  });
});
