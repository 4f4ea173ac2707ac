import type OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { openaiResponses } from '../../harness/wires/openai-responses.ts';
import type { Answer } from '../../harness/wires/wire.ts';
import {
  rendered,
  responseEvents,
  responseHelped,
  responseWhole,
  silent,
  thoughtful,
} from './openai-sdk.ts';
import { answers } from './served.ts';

type Event = OpenAI.Responses.ResponseStreamEvent;
const serve = (answer: Answer, quirks = {}) => rendered(openaiResponses, answer, quirks);

/** The response in every event that has one. */
function responsesIn(events: Event[]): OpenAI.Responses.Response[] {
  return events.flatMap((event) => ('response' in event ? [event.response] : []));
}

describe('reasoning', () => {
  const summary = [{ type: 'summary_text', text: thoughtful.reasoning }];

  it('is an item before the message, and is counted', async () => {
    const { output, output_text, usage } = await responseWhole(serve(thoughtful));
    expect(output).toMatchObject([{ type: 'reasoning', summary }, { type: 'message' }]);
    expect(output_text).toBe(thoughtful.text);
    expect(usage?.output_tokens_details.reasoning_tokens).toBe(10);
  });

  it('is streamed as a summary that is opened and closed before the message', async () => {
    const { events, error } = await responseEvents(serve(thoughtful));
    expect(error).toBeNull();
    const kinds = events.map(({ type }) => type);
    expect(kinds.filter((type, index) => kinds[index - 1] !== type)).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.reasoning_summary_part.added',
      'response.reasoning_summary_text.delta',
      'response.reasoning_summary_text.done',
      'response.reasoning_summary_part.done',
      'response.output_item.done',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ]);
    const thoughts = events.flatMap((event) =>
      event.type === 'response.reasoning_summary_text.delta' ? [event.delta] : [],
    );
    expect(thoughts.join('')).toBe(thoughtful.reasoning);
    expect(await responseHelped(serve(thoughtful))).toMatchObject({
      output: [{ type: 'reasoning', summary }, { type: 'message' }],
    });
  });

  it('without an answer is all the output, and the reason is the length', async () => {
    const answer: Answer = { ...thoughtful, text: '', finish: 'length' };
    const response = await responseWhole(serve(answer));
    expect(response).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      output: [{ type: 'reasoning' }],
      output_text: '',
    });
    expect(response.output).toHaveLength(1);
    expect((await responseHelped(serve(answer))).output).toHaveLength(1);
  });

  it('is read where a host shows all of it', () => {
    const content = [{ type: 'reasoning_text', text: 'All of it.' }];
    const item = { type: 'reasoning', summary: [{ type: 'summary_text', text: 'It.' }], content };
    const body = JSON.stringify({ status: 'completed', output: [item] });
    expect(openaiResponses.read(body, false)?.reasoning).toBe('All of it.');
  });
});

describe('usage', () => {
  it('that is missing is in no response', async () => {
    const quirks = { usage: 'missing' } as const;
    expect(await responseWhole(serve(thoughtful, quirks))).not.toHaveProperty('usage');
    const { events } = await responseEvents(serve(thoughtful, quirks));
    expect(responsesIn(events)).toHaveLength(3);
    for (const response of responsesIn(events)) expect(response).not.toHaveProperty('usage');
  });

  it('that is null stays so to the end', async () => {
    const quirks = { usage: 'null' } as const;
    expect((await responseWhole(serve(thoughtful, quirks))).usage).toBeNull();
    const { events } = await responseEvents(serve(thoughtful, quirks));
    expect(responsesIn(events).map(({ usage }) => usage)).toEqual([null, null, null]);
  });

  it('that is early is in the first event of a stream and not in the last', async () => {
    const { events } = await responseEvents(serve(thoughtful, { usage: 'early' }));
    const told = responsesIn(events).map(({ usage }) => usage?.output_tokens ?? null);
    expect(told).toEqual([30, 30, null]);
    const { usage } = await responseWhole(serve(thoughtful, { usage: 'early' }));
    expect(usage?.output_tokens).toBe(30);
  });
});

describe('an odd answer', () => {
  it('names another model everywhere', async () => {
    const quirks = { model: 'gpt-4o-mini-somewhere' };
    expect((await responseWhole(serve(thoughtful, quirks))).model).toBe(quirks.model);
    const { events } = await responseEvents(serve(thoughtful, quirks));
    expect(responsesIn(events).map(({ model }) => model)).toEqual([
      quirks.model,
      quirks.model,
      quirks.model,
    ]);
  });

  it('ends incomplete for a reason that nobody knows', async () => {
    const quirks = { finish: 'steered' };
    const ended = { status: 'incomplete', incomplete_details: { reason: 'steered' } };
    expect(await responseWhole(serve(thoughtful, quirks))).toMatchObject(ended);
    const { events } = await responseEvents(serve(thoughtful, quirks));
    expect(events.at(-1)).toMatchObject({ type: 'response.incomplete', response: ended });
    expect(await responseHelped(serve(thoughtful, quirks))).toMatchObject(ended);
  });

  it('has a message of no part where content would be null', async () => {
    const quirks = { content: 'null' } as const;
    const empty = { output: [{ type: 'message', content: [] }], output_text: '' };
    expect(await responseWhole(serve(silent, quirks))).toMatchObject(empty);
    const { events } = await responseEvents(serve(silent, quirks));
    expect(events.map(({ type }) => type)).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.output_item.done',
      'response.completed',
    ]);
    expect(await responseHelped(serve(silent, quirks))).toMatchObject(empty);
    expect((await responseWhole(serve(thoughtful, quirks))).output_text).toBe(thoughtful.text);
  });

  it('has no item at all where it is empty', async () => {
    const quirks = { content: 'no-choices' } as const;
    expect(await responseWhole(serve(silent, quirks))).toMatchObject({ output: [] });
    const { events } = await responseEvents(serve(silent, quirks));
    expect(events.map(({ type }) => type)).toEqual([
      'response.created',
      'response.in_progress',
      'response.completed',
    ]);
    expect((await responseHelped(serve(silent, quirks))).output).toEqual([]);
    expect((await responseWhole(serve(thoughtful, quirks))).output).toHaveLength(2);
  });

  it.each([
    ['text', 'response.output_text.delta'],
    ['one tool call', 'response.function_call_arguments.delta'],
    ['refusal', 'response.refusal.delta'],
  ])('has one delta without content before the first of %s', async (name, type) => {
    const answer = answers[name];
    if (answer === undefined) throw new Error(`there is no ${name}`);
    const { events } = await responseEvents(serve(answer, { emptyDelta: true }));
    const deltas = events.filter((event) => event.type === type);
    const empty = deltas.filter((event) => Reflect.get(event, 'delta') === '');
    expect(empty).toEqual(deltas.slice(0, 1));
    expect(events.map((event) => event.sequence_number)).toEqual([...events.keys()]);
    const [plain, odd] = [
      await responseHelped(serve(answer)),
      await responseHelped(serve(answer, { emptyDelta: true })),
    ];
    expect(odd).toEqual(plain);
  });
});

it('says of a tool call that the output limit ended that it is incomplete', async () => {
  const call = { id: '', name: 'find', arguments: '{"id":"LK' };
  const cut: Answer = { ...silent, toolCalls: [call], finish: 'length' };
  const item = { type: 'function_call', status: 'incomplete', arguments: '{"id":"LK' };
  expect(await responseWhole(serve(cut))).toMatchObject({ status: 'incomplete', output: [item] });
  const { events } = await responseEvents(serve(cut));
  expect(events.at(-1)).toMatchObject({
    type: 'response.incomplete',
    response: { incomplete_details: { reason: 'max_output_tokens' }, output: [item] },
  });
});
