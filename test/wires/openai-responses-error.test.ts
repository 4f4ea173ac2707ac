import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import type { Rejection } from '../../harness/faults/rejection.ts';
import { openaiResponses } from '../../harness/wires/openai-responses.ts';
import {
  responsesErrorFrames,
  responsesKeepalive,
} from '../../harness/wires/openai-responses-error.ts';
import type { Answer, Asked, Frame } from '../../harness/wires/wire.ts';
import {
  responseEvents,
  responseHelped,
  responsesAsked,
  responseWhole,
  thoughtful,
} from './openai-sdk.ts';
import { answers, stamp, textOf } from './served.ts';

const overloaded: Rejection = { reason: 'overloaded' };
const spoken = 'It is on';
type Form = Parameters<typeof responsesErrorFrames>[4];

/** What a stream has sent until `count` events after its first payload begins. */
function sentBefore(asked: Asked, count: number, answer: Answer): Frame[] {
  const frames = openaiResponses.frames(answer, { ...asked, stream: true });
  const first = frames.findIndex(({ role }) => role === 'payload');
  return frames.slice(0, first + count);
}

const broken =
  (form: Form, count: number | null = 3, rejection = overloaded, answer = thoughtful) =>
  (asked: Asked): Frame[] => {
    const sent = count === null ? [] : sentBefore(asked, count, answer);
    const error = responsesErrorFrames(rejection, asked, stamp, sent, form);
    return asked.stream ? [...sent, ...error] : error;
  };

describe('a flat error event', () => {
  it('throws its code and is the last event', async () => {
    const { events, error } = await responseEvents(broken('chunk'));
    expect(events.at(-1)?.type).toBe('response.output_text.delta');
    expect(error).toBeInstanceOf(OpenAI.APIError);
    expect(error).toMatchObject({ status: undefined, code: 'server_is_overloaded' });
    const frames = responsesErrorFrames(overloaded, responsesAsked(true), stamp, [], 'chunk');
    expect(frames.map(({ role }) => role)).toEqual(['preamble', 'preamble', 'error']);
    const data = textOf(frames.slice(-1)).replace(/^event: error\ndata: /, '');
    expect(JSON.parse(data)).toEqual({
      type: 'error',
      sequence_number: 2,
      code: 'server_is_overloaded',
      message: expect.stringMatching(/overloaded/),
      param: null,
    });
  });
});

describe('response.failed', () => {
  it('is an event like any other to the SDK, with the numbers and the id of its stream', async () => {
    const { events, error } = await responseEvents(broken('failed'));
    expect(error).toBeNull();
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual([...events.keys()]);
    const [created, last] = [events[0], events.at(-1)];
    expect(last).toMatchObject({
      type: 'response.failed',
      response: {
        status: 'failed',
        error: { code: 'server_is_overloaded' },
        id: created?.type === 'response.created' ? created.response.id : null,
      },
    });
    expect((await responseHelped(broken('failed'))).status).toBe('failed');
  });

  it('is a response of that status where nothing is streamed', async () => {
    const response = await responseWhole(broken('failed'));
    expect(response).toMatchObject({
      status: 'failed',
      error: { code: 'server_is_overloaded' },
      output_text: '',
    });
  });
});

describe('response.incomplete', () => {
  const ended = {
    status: 'incomplete',
    incomplete_details: { reason: 'max_output_tokens' },
    // One piece a token: the thoughts, and the words so far.
    usage: { output_tokens: 13, output_tokens_details: { reasoning_tokens: 10 } },
  };

  it('ends the stream with what was said until then, and with its usage', async () => {
    const { events, error } = await responseEvents(broken('incomplete'));
    expect(error).toBeNull();
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual([...events.keys()]);
    const response = await responseHelped(broken('incomplete'));
    expect(response).toMatchObject({ ...ended, output_text: spoken });
    expect(response.output).toMatchObject([
      { type: 'reasoning', summary: [{ text: thoughtful.reasoning }] },
      { type: 'message', status: 'incomplete', content: [{ text: spoken }] },
    ]);
    const frames = broken('incomplete')(responsesAsked(true));
    expect(frames.at(-1)).toMatchObject({ role: 'error', part: 'end', marker: true });
  });

  it('is that response where nothing is streamed', async () => {
    expect(await responseWhole(broken('incomplete'))).toMatchObject({
      ...ended,
      output_text: spoken,
    });
    const [frame] = broken('incomplete')(responsesAsked(false));
    expect(frame).toMatchObject({ role: 'error', chars: spoken.length, marker: false });
  });

  it('holds half a tool call and half a refusal too', async () => {
    const call = answers['one tool call'];
    const refusal = answers['refusal after text'];
    if (call === undefined || refusal === undefined) throw new Error('an answer is gone');
    const halfCall = await responseHelped(broken('incomplete', 2, overloaded, call));
    const [item] = halfCall.output;
    const json = item?.type === 'function_call' ? item.arguments : '';
    expect(json).not.toBe('');
    expect(call.toolCalls[0]?.arguments.startsWith(json)).toBe(true);
    const refused = await responseHelped(broken('incomplete', 7, overloaded, refusal));
    expect(refused.output).toMatchObject([
      {
        content: [
          { type: 'output_text', text: 'First, ' },
          { type: 'refusal', refusal: 'No' },
        ],
      },
    ]);
  });

  it('names the filter where the reason is a policy, and the code where there is one', async () => {
    const reasonOf = async (rejection: Rejection) =>
      (await responseWhole(broken('incomplete', 1, rejection))).incomplete_details?.reason;
    expect(await reasonOf({ reason: 'content-policy' })).toBe('content_filter');
    expect(await reasonOf({ reason: 'server-error', code: 'steered' })).toBe('steered');
  });

  it('has no output where nothing was sent', async () => {
    const response = await responseHelped(broken('incomplete', null));
    expect(response).toMatchObject({ status: 'incomplete', output: [] });
  });
});

it('forms that the responses API lacks are told in its own', () => {
  for (const stream of [true, false]) {
    const asked = responsesAsked(stream);
    const told = (form?: Form): string =>
      textOf(responsesErrorFrames(overloaded, asked, stamp, [], form));
    expect(told('finish-reason')).toBe(told());
    if (!stream) expect(told('chunk')).toBe(told());
  }
});

it('numbers go on where keepalives and missing frames make counting wrong', () => {
  const asked = responsesAsked(true);
  const sent = sentBefore(asked, 2, thoughtful);
  const beat = responsesKeepalive('comment', asked, thoughtful, sent);
  const odd = [...sent.filter(({ part }) => part !== 'block-open'), beat];
  const [frame] = responsesErrorFrames(overloaded, asked, stamp, odd, 'failed');
  expect(textOf(frame ? [frame] : [])).toContain(`"sequence_number":${sent.length}`);
});

describe('a keepalive', () => {
  it.each([
    ['text', 'response.output_text.delta', 4],
    ['thoughts', 'response.reasoning_summary_text.delta', 6],
    ['one tool call', 'response.function_call_arguments.delta', 3],
    ['one tool call', 'response.function_call_arguments.delta', 5],
    ['refusal', 'response.refusal.delta', 4],
  ])('within %s is an empty %s', async (name, type, before) => {
    const answer = name === 'thoughts' ? thoughtful : answers[name];
    if (answer === undefined) throw new Error(`there is no ${name}`);
    const withBeat = (asked: Asked): Frame[] => {
      const frames = openaiResponses.frames(answer, asked);
      const sent = frames.slice(0, before);
      const beat = responsesKeepalive('empty-delta', asked, answer, sent);
      expect(beat).toMatchObject({ role: 'keepalive', chars: 0, marker: false });
      return [...sent, beat, ...frames.slice(before)];
    };
    const { events, error } = await responseEvents(withBeat);
    expect(error).toBeNull();
    expect(events[before]).toMatchObject({ type, delta: '', sequence_number: before });
    // The helper, which refuses deltas of parts that are not open, takes it.
    const plain = await responseHelped((asked) => openaiResponses.frames(answer, asked));
    expect(await responseHelped(withBeat)).toEqual(plain);
  });

  it('is a comment where no part is open, and in every other form', () => {
    const asked = responsesAsked(true);
    const frames = openaiResponses.frames(thoughtful, asked);
    const closed = frames.findIndex(({ part }) => part === 'block-close') + 1;
    for (const sent of [[], frames.slice(0, 2), frames.slice(0, closed)]) {
      const beat = responsesKeepalive('empty-delta', asked, thoughtful, sent);
      expect(textOf([beat])).toBe(': keep-alive\n\n');
    }
    for (const form of ['comment', 'ping'] as const) {
      const beat = responsesKeepalive(form, asked, thoughtful, frames.slice(0, 6));
      expect(textOf([beat])).toBe(': keep-alive\n\n');
    }
  });
});
