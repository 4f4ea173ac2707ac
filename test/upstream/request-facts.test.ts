// What the history says of requests beyond their target, as the upstream writes it.
import { describe, expect, it } from 'vitest';
import type { AttemptEvent, EndEvent, HistoryEvent } from '../../harness/history.ts';
import { shippedTargets } from '../../harness/project.ts';
import { rule } from '../../harness/scenario/rule.ts';
import { createAnswerBook } from '../../harness/upstream/answer-book.ts';
import type { Recording } from '../../harness/upstream/recording.ts';
import { createSchedule } from '../../harness/upstream/schedule.ts';
import { createTargets, readTargets } from '../../harness/upstream/targets.ts';
import type { Upstream } from '../../harness/upstream/upstream.ts';
import { createUpstream } from '../../harness/upstream/upstream.ts';
import { wires } from '../../harness/wires/index.ts';
import type { RawRequest } from '../../harness/wires/wire.ts';
import type { Sample } from '../../harness/workloads/workload.ts';
import { plainSample } from '../../harness/workloads/workload.ts';
import { rawRequest } from '../wires/served.ts';

const targets = createTargets(readTargets([shippedTargets]));
const keys = { openai: 'sk-drill-openai-0001', anthropic: 'sk-drill-anthropic-0001' };
const answer = 'Your parcel left the depot this morning and will be with you on Friday.';

const sample: Sample = {
  ...plainSample,
  id: 's',
  system: 'You are the support desk of Larkfield, a shop for kitchen appliances.',
  prompt: 'Ticket {{ticket}}: where is my parcel? Return: place, day.',
  schema: { type: 'object', properties: { place: {}, day: {} } },
};

const withTools: Sample = {
  ...sample,
  id: 't',
  schema: null,
  tools: [{ name: 'find_order', description: '', parameters: {}, results: ['{}'] }],
};

const withParameters: Sample = {
  ...withTools,
  id: 'u',
  tools: [
    {
      name: 'find_order',
      description: '',
      parameters: { type: 'object', properties: { order_id: { type: 'string' } } },
      results: ['{}'],
    },
  ],
};

const recordings = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'].flatMap((target) =>
  ['s', 't', 'u'].map(
    (id): Recording => ({ sample: id, target, kind: 'authored', text: answer, finish: 'stop' }),
  ),
);

const user = sample.prompt.replace('{{ticket}}', '5000001');
const system = sample.system ?? '';

function chat(more: object = {}, messages: object[] = []): RawRequest {
  const turns = [{ role: 'system', content: system }, { role: 'user', content: user }, ...messages];
  return rawRequest(
    'https://api.openai.com/v1/chat/completions',
    { model: 'gpt-4o', messages: turns, ...more },
    { authorization: `Bearer ${keys.openai}` },
  );
}

function messages(body: object = {}, headers: Record<string, string> = {}): RawRequest {
  const all = { 'x-api-key': keys.anthropic, 'anthropic-version': '2023-06-01', ...headers };
  const request = rawRequest(
    'https://api.anthropic.com/v1/messages',
    {
      model: 'claude-3-5-sonnet-latest',
      max_tokens: 100,
      system,
      messages: [{ role: 'user', content: user }],
      ...body,
    },
    all,
  );
  return { ...request, headers: () => Object.entries(all) };
}

interface Desk {
  upstream: Upstream;
  events: HistoryEvent[];
  /** Sends a request of a call and carries it out, up to so many frames. */
  ask(
    request: RawRequest,
    options?: { call?: number; sample?: string; frames?: number },
  ): AttemptEvent;
  end(): EndEvent;
}

function desk(rules: object[] = []): Desk {
  const events: HistoryEvent[] = [];
  const upstream = createUpstream({
    seed: 1,
    book: createAnswerBook({
      name: 'w',
      provenance: 'test',
      samples: [sample, withTools, withParameters],
      recordings,
    }),
    targets,
    wires: Object.values(wires),
    schedule: createSchedule(
      rules.map((one) => rule.parse(one)),
      1,
    ),
    record: (event) => events.push(event),
    now: () => 0,
    epochMs: 0,
    keys,
  });
  return {
    upstream,
    events,
    ask(request, { call = 1, sample: id = 's', frames } = {}) {
      const served = upstream.receive(request, { call, sample: id });
      served.started();
      const { delivery } = served;
      if (delivery.kind === 'broken') served.ended(delivery.how, 0);
      else if (frames !== undefined) served.ended('reset', frames);
      else {
        const { how } = delivery.end;
        served.ended(how === 'never' ? 'open' : how, delivery.frames.length);
      }
      return events.findLast((event) => event.e === 'attempt') as AttemptEvent;
    },
    end: () => events.findLast((event) => event.e === 'end') as EndEvent,
  };
}

const schema = {
  response_format: { type: 'json_schema', json_schema: { name: 'a', schema: sample.schema } },
};
const failing = [{ inject: 'server-error', on: { provider: 'openai' } }];

describe('a request that has all of its question', () => {
  it('is written down without a word of it', () => {
    const { ask } = desk();
    const usual = Object.keys(ask(chat(schema)));
    expect(usual).toEqual([
      ...[
        'e',
        't',
        'attempt',
        'call',
        'provider',
        'model',
        'region',
        'key',
        'wire',
        'stream',
        'body',
      ],
    ]);
  });

  it.each([
    ['a schema of the wire', schema],
    ['JSON mode', { response_format: { type: 'json_object' } }],
    [
      'a tool that has to be called',
      { tools: [{ type: 'function', function: { name: 'answer', parameters: sample.schema } }] },
    ],
  ])('tells the schema by %s', (_, more) => {
    expect(desk().ask(chat(more)).lacks).toBeUndefined();
  });

  it('may tell the schema in words of its own', () => {
    const words = { role: 'user', content: 'Answer with an object of place and day.' };
    expect(desk().ask(chat({}, [words])).lacks).toBeUndefined();
  });

  it('may have its system prompt in blocks, or among the words of the user', () => {
    const blocks = system.split(', ').map((text) => ({ type: 'text', text }));
    const { ask } = desk();
    const json = { role: 'user', content: 'as JSON' };
    expect(
      ask(messages({ system: blocks, messages: [{ role: 'user', content: `${user} JSON` }] }))
        .lacks,
    ).toBeUndefined();
    const said = [{ role: 'user', content: `${system}\n\n${user}` }, json];
    expect(ask(messages({ system: undefined, messages: said })).lacks).toBeUndefined();
  });
});

describe('a request that lacks something', () => {
  it.each([
    ['schema', 's', messages()],
    ['system', 's', messages({ system: 'You go on with JSON texts.' })],
    ['question', 's', messages({ messages: [{ role: 'user', content: 'Say JSON.' }] })],
    ['tools', 't', messages()],
  ])('is known by it: %s', (lack, of, request) => {
    expect(desk().ask(request, { sample: of }).lacks).toContain(lack);
  });

  it('has a tool without what it takes, or no tool at all', () => {
    const ask = (tools: object[]) => desk().ask(messages({ tools }), { sample: 'u' }).lacks;
    const [tool] = withParameters.tools ?? [];
    expect(ask([{ name: tool?.name, input_schema: tool?.parameters }])).toBeUndefined();
    expect(ask([{ name: tool?.name, input_schema: { type: 'object' } }])).toEqual(['parameters']);
    expect(ask([])).toEqual(['tools']);
  });

  it('is not known by what is kept on the server', () => {
    const request = rawRequest(
      'https://api.openai.com/v1/responses',
      { model: 'gpt-4o', input: 'And now?', previous_response_id: 'resp_1' },
      { authorization: `Bearer ${keys.openai}` },
    );
    expect(desk().ask(request).lacks).toBeUndefined();
  });

  it('has so many images', () => {
    const image = { type: 'image_url', image_url: { url: 'https://larkfield.example/a.png' } };
    const turn = { role: 'user', content: [{ type: 'text', text: 'See.' }, image, image] };
    expect(desk().ask(chat(schema, [turn])).images).toBe(2);
  });
});

describe('what belongs to another provider', () => {
  it('is seen as the credential, as the model, and anywhere else', () => {
    const { ask, events, end } = desk();
    ask(chat(schema));
    expect(ask(messages({}, { 'x-api-key': keys.openai })).foreign).toBe('key');
    expect(ask(messages({}, { 'x-upstream': `k=${keys.openai}` })).secret).toEqual({
      of: 'openai',
      in: 'the header x-upstream',
    });
    expect(ask(messages({ metadata: { key: keys.openai } })).secret?.in).toBe('the body');
    const url = { ...messages(), url: `https://api.anthropic.com/v1/messages?k=${keys.openai}` };
    expect(ask(url).secret?.in).toBe('the URL');
    expect(ask(messages({ model: 'gpt-4o' })).foreign).toBe('model');
    // Nobody has such a model there.
    const replies = events.filter((event) => event.e === 'reply');
    expect(replies.at(-1)).toMatchObject({ status: 404, reason: 'not-found' });
    expect(end().input).toBe(0);
    expect(JSON.stringify(events)).not.toContain(keys.openai);
    expect(JSON.stringify(events)).not.toContain(keys.anthropic);
  });

  it('may be called the same by hosts that serve models of many', () => {
    const request = { ...chat(schema), url: 'https://openrouter.ai/api/v1/chat/completions' };
    const { upstream, events } = desk();
    expect(() => upstream.receive(request, { call: 1, sample: 's' })).toThrow('no recording');
    expect(events.find((event) => event.e === 'attempt')).not.toMatchObject({ foreign: 'model' });
  });
});

describe('the words of what failed', () => {
  it('are known again in any later request', () => {
    const one = desk(failing);
    one.ask(chat(schema));
    const { delivery } = one.upstream.receive(chat(schema), { call: 1, sample: 's' });
    if (delivery.kind !== 'response') throw new Error(delivery.how);
    const body = JSON.parse(Buffer.concat(delivery.frames.map(({ bytes }) => bytes)).toString());
    const turns = [{ role: 'user', content: `${user} JSON. Error: ${body.error.message}` }];
    expect(one.ask(messages({ messages: turns })).brings).toEqual({ attempt: 1, what: 'error' });
    // A call later too.
    expect(one.ask(messages({ messages: turns }), { call: 2 }).brings?.what).toBe('error');
  });

  it('are a half answer, of the same call only, and not what a whole one said', () => {
    const one = desk();
    const half = () => one.ask(chat({ ...schema, stream: true }), { frames: 12 });
    const partial = { role: 'assistant', content: answer.slice(0, 45) };
    half();
    const { chars } = one.end();
    expect(chars).toBeGreaterThan(20);
    expect(one.ask(chat(schema, [partial])).brings).toEqual({ attempt: 1, what: 'text' });
    // It has been said whole by now.
    one.ask(chat(schema));
    expect(one.ask(chat(schema, [partial])).brings).toBeUndefined();
    expect(one.ask(chat(schema, [partial]), { call: 2 }).brings).toBeUndefined();
  });
});

describe('counts', () => {
  it.each([
    ['a body', chat(schema), undefined, undefined],
    [
      'a stream that was asked for them',
      chat({ stream: true, stream_options: { include_usage: true } }),
      undefined,
      undefined,
    ],
    ['a stream that was not', chat({ stream: true }), undefined, 'nothing'],
    ['a stream of messages', messages({ stream: true }), undefined, undefined],
    ['one that broke after its beginning', messages({ stream: true }), 3, 'input'],
    ['one that broke before its end', chat({ stream: true }), 3, 'nothing'],
  ])('are told by %s', (_, request, frames, told) => {
    const one = desk();
    one.ask(request, frames === undefined ? {} : { frames });
    expect(one.end().told).toBe(told);
    expect(one.end().input).toBeGreaterThan(0);
  });

  it.each(['missing', null])('are told by nobody who sends %s in their place', (as) => {
    const one = desk([{ inject: 'usage', as }]);
    one.ask(chat(schema));
    expect(one.end().told).toBe('nothing');
  });

  it('are not told by an error in the place of an answer', () => {
    const one = desk([{ inject: 'error-event', at: '5 tokens', as: 'finish-reason' }]);
    one.ask(chat(schema));
    expect(one.end()).toMatchObject({ told: 'nothing', inBand: 'server-error' });
  });
});

describe('two requests', () => {
  const hash = (more: object) => desk().ask(chat(more)).body;

  it('ask the same where only labels differ: who asks, and what a log calls it', () => {
    const first = hash({ metadata: { trace: 'a' }, user: 'one' });
    expect(hash({ metadata: { trace: 'b' }, user: 'two' })).toBe(first);
  });

  it('differ in anything else', () => {
    const first = hash({ metadata: { trace: 'a' } });
    expect(hash({ metadata: { trace: 'a' }, temperature: 0 })).not.toBe(first);
    expect(hash({})).not.toBe(hash({ temperature: 0 }));
  });
});
