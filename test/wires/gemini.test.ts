import { describe, expect, it } from 'vitest';
import type { Quirks } from '../../harness/faults/effect.ts';
import { gemini } from '../../harness/wires/gemini.ts';
import { sseFrames } from '../../harness/wires/sse.ts';
import type { Answer, Asked, Frame } from '../../harness/wires/wire.ts';
import { answers, askedOf, rawRequest, stamp, textOf } from './served.ts';

const host = 'https://generativelanguage.googleapis.com';
const url = `${host}/v1beta/models/gemini-2.5-flash:generateContent`;
const streaming = `${host}/v1beta/models/gemini-2.5-flash:streamGenerateContent`;
const vertex =
  'https://aiplatform.googleapis.com/v1/projects/p/locations/global/publishers/google/models/' +
  'gemini-2.5-flash:generateContent';
const withKey = { 'x-goog-api-key': 'key-1' };
const contents = [{ role: 'user', parts: [{ text: 'Hi' }] }];

function asked(body: Record<string, unknown> = {}, to = url, headers = withKey): Asked {
  return askedOf(gemini, to, { contents, ...body }, headers);
}

function answerOf(name: string, change: Partial<Answer> = {}): Answer {
  const answer = answers[name];
  if (answer === undefined) throw new Error(`there is no answer ${name}`);
  return { ...answer, ...change };
}

const partsOf = (frames: readonly Frame[]) => frames.map(({ part }) => part);
const thinking = { reasoning: 'The user asks.', usage: { input: 7, output: 20, estimated: false } };

describe('a request', () => {
  it('is known by its path, on the Gemini API, on Vertex AI and behind a proxy', () => {
    const express = 'https://aiplatform.googleapis.com/v1beta1/publishers/google/models/m:';
    const known = [
      url,
      `${url}?key=k`,
      streaming,
      vertex,
      'http://llm.test/models/m:generateContent',
    ];
    for (const one of [...known, `${express}generateContent`]) {
      expect(gemini.decode(rawRequest(one, {})), one).not.toBeNull();
    }
    for (const other of ['countTokens', 'embedContent', 'batchGenerateContent', 'predict']) {
      expect(gemini.decode(rawRequest(url.replace('generateContent', other), {}))).toBeNull();
    }
    expect(gemini.decode({ ...rawRequest(url, {}), method: 'GET' })).toBeNull();
  });

  it('has its model, version and manner of streaming in the path', () => {
    expect(asked()).toMatchObject({ model: 'gemini-2.5-flash', version: 'v1beta', stream: false });
    expect(asked({}, `${streaming}?alt=sse`)).toMatchObject({ stream: true });
    expect(asked({}, `${streaming}?alt=sse`).array).toBeUndefined();
    expect(asked({}, streaming)).toMatchObject({ stream: true, array: true });
    expect(asked({}, vertex)).toMatchObject({ model: 'gemini-2.5-flash', version: 'v1' });
  });

  it('has its key in a header, in the query or as a bearer', () => {
    expect(asked().key).toBe('key-1');
    expect(askedOf(gemini, `${url}?key=key-2`, {}, {}).key).toBe('key-2');
    expect(askedOf(gemini, vertex, {}, { authorization: 'Bearer key-3' }).key).toBe('key-3');
    expect(askedOf(gemini, url, {}, {}).key).toBeNull();
  });

  it.each([
    ['camel case', 'systemInstruction', 'functionResponse', 'generationConfig', 'maxOutputTokens'],
    [
      'snake case',
      'system_instruction',
      'function_response',
      'generation_config',
      'max_output_tokens',
    ],
  ])('is understood in %s', (_, system, result, config, cap) => {
    const call = { functionCall: { id: 'c1', name: 'weather', args: {} }, thoughtSignature: 'sig' };
    const question = asked({
      [system]: { parts: [{ text: 'Be kind.' }] },
      contents: [
        { role: 'user', parts: [{ text: 'Weather?' }, { inlineData: { mimeType: 'image/png' } }] },
        { role: 'model', parts: [{ text: 'Hm.', thought: true }, { text: 'I look.' }, call] },
        { role: 'user', parts: [{ [result]: { id: 'c1', name: 'weather', response: { c: 22 } } }] },
      ],
      [config]: { [cap]: 9, responseJsonSchema: {} },
      tools: [{ functionDeclarations: [{ name: 'weather' }] }, { googleSearch: {} }],
    });
    expect(question.turns).toEqual([
      { role: 'system', text: 'Be kind.' },
      { role: 'user', text: 'Weather?' },
      { role: 'assistant', text: 'I look.' },
      { role: 'tool', text: '{"c":22}' },
    ]);
    expect(question).toMatchObject({ maxTokens: 9, tools: ['weather', 'googleSearch'] });
    const traits = gemini.traits(question);
    expect(traits).toMatchObject({ images: 1, schema: true, callIds: ['c1'], signatures: ['sig'] });
    expect(traits.parameters).toEqual(expect.arrayContaining(['contents', config, cap]));
  });

  it('knows a tool call without an id by its name, as its result does', () => {
    const call = { functionCall: { name: 'weather', args: {} } };
    const result = { functionResponse: { name: 'weather', response: { c: 22 } } };
    const contents = [
      { role: 'user', parts: [{ text: 'Weather?' }] },
      { role: 'model', parts: [call] },
      { role: 'user', parts: [result] },
    ];
    const traits = gemini.traits(asked({ contents }));
    expect(traits).toMatchObject({ callIds: ['weather'], signatures: [] });
  });
});

describe('an objection', () => {
  const objection = (body: Record<string, unknown>) => gemini.objection(asked(body));

  it.each([
    [{ contents: undefined }, '* GenerateContentRequest.contents: contents is not specified\n'],
    [{ contents: [] }, '* GenerateContentRequest.contents: contents is not specified\n'],
    [{ contents: [{ role: 'user' }] }, 'contents[0].parts: contents.parts must not be empty.'],
    [{ contents: [{ parts: [{}] }] }, "contents[0].parts[0].data: required oneof field 'data'"],
    [
      { contents: [{ role: 'assistant', parts: [{ text: 'x' }] }] },
      'use a valid role: user, model',
    ],
    [{ messages: [], max_tokens: 9 }, 'Unknown name "messages": Cannot find field.'],
    [{ temperature: 0 }, 'Unknown name "temperature": Cannot find field.'],
    [{ generationConfig: { maxOutputTokens: 0 } }, 'max_output_tokens must be positive'],
  ])('%j is an invalid argument', (body, message) => {
    expect(objection(body)).toMatchObject({ reason: 'invalid-request' });
    expect(objection(body)?.message).toContain(message);
  });

  it('to a missing key is a 403; a key that is wrong is a 400; Vertex AI says 401', () => {
    const keyless = askedOf(gemini, url, { contents }, {});
    expect(gemini.objection(keyless)).toEqual({ reason: 'auth' });
    const statusOf = (question: Asked) => gemini.reject({ reason: 'auth' }, question, stamp).status;
    expect([keyless, asked(), asked({}, vertex)].map(statusOf)).toEqual([403, 400, 401]);
  });
});

describe('a stream', () => {
  it('is of events with two line ends of two characters, the last with the finish reason', () => {
    const frames = gemini.frames(answerOf('text', thinking), asked({}, `${streaming}?alt=sse`));
    const text = textOf(frames);
    expect(text.split('\r\n\r\n')).toHaveLength(frames.length + 1);
    expect(text.replaceAll('\r\n', '')).not.toContain('\n');
    expect([...new Set(partsOf(frames))]).toEqual(['reasoning', 'text', 'finish']);
    expect(frames.filter(({ marker }) => marker)).toEqual([frames.at(-1)]);
    const last = JSON.parse(textOf(frames.slice(-1)).slice('data: '.length));
    expect(last).toMatchObject({
      candidates: [{ finishReason: 'STOP', index: 0 }],
      usageMetadata: { promptTokenCount: 7, totalTokenCount: 27 },
      modelVersion: 'gemini-2.5-flash',
    });
    const { candidatesTokenCount, thoughtsTokenCount } = last.usageMetadata;
    expect(candidatesTokenCount + thoughtsTokenCount).toBe(20);
  });

  it('without alt=sse is one JSON array, whose elements are the same', () => {
    for (const answer of Object.values(answers)) {
      const events = gemini.frames(answer, asked({}, `${streaming}?alt=sse`));
      const frames = gemini.frames(answer, asked({}, streaming));
      const elements = JSON.parse(textOf(frames));
      const same = textOf(events).trimEnd().split('\r\n\r\n');
      expect(elements).toEqual(same.map((event) => JSON.parse(event.slice('data: '.length))));
      const { id: _id, ...said } = answer;
      expect(gemini.read(textOf(frames), false)).toEqual(said);
    }
  });

  it('without alt=sse stays JSON with an error in it and with keepalives', () => {
    const question = asked({}, streaming);
    const answer = answerOf('text');
    for (const count of [0, 3]) {
      const sent = gemini.frames(answer, question).slice(0, count);
      const beat = gemini.keepalive('ping', question, answer, sent);
      const error = gemini.errorFrames({ reason: 'overloaded' }, question, stamp, sent);
      const elements = JSON.parse(textOf([...sent, beat, ...error]));
      expect(elements).toHaveLength(count + 1);
      expect(elements.at(-1)).toMatchObject({ error: { code: 503, status: 'UNAVAILABLE' } });
    }
    const { frames, headers } = gemini.reject({ reason: 'overloaded' }, question, stamp);
    expect(JSON.parse(textOf(frames))).toMatchObject([{ error: { code: 503 } }]);
    expect(headers[0]).toEqual(['content-type', 'application/json; charset=UTF-8']);
  });

  it('signs the first call of a model that thinks', () => {
    const answer = answerOf('text and two tool calls', thinking);
    const frames = gemini.frames(answer, asked({}, `${streaming}?alt=sse`));
    const calls = frames.filter(({ part }) => part === 'arguments').map((frame) => textOf([frame]));
    expect(calls.map((text) => text.includes('thoughtSignature'))).toEqual([true, false]);
    expect(textOf(gemini.frames(answerOf('one tool call'), asked()))).not.toContain('Signature');
  });
});

describe('a quirk', () => {
  const shown = (quirks: Quirks, name = 'text', to = `${streaming}?alt=sse`) =>
    gemini.frames(answerOf(name), asked({}, to), quirks);
  const eventsOf = (frames: readonly Frame[]) =>
    frames.map((frame) => JSON.parse(textOf([frame]).slice('data: '.length)));

  it.each([
    ['missing', {}, {}],
    ['null', { usageMetadata: null }, { usageMetadata: null }],
  ] as const)('has usage that is %s in every chunk', (usage, first, last) => {
    const events = eventsOf(shown({ usage }));
    const usageIn = ({ usageMetadata }: Record<string, unknown>) =>
      usageMetadata === undefined ? {} : { usageMetadata };
    expect(usageIn(events[0])).toEqual(first);
    expect(usageIn(events.at(-1))).toEqual(last);
  });

  it('has all usage early, another model, another finish, an empty delta', () => {
    const events = eventsOf(
      shown({ usage: 'early', model: 'm-2', finish: 'MALFORMED_FUNCTION_CALL' }),
    );
    expect(events[0].usageMetadata).toMatchObject({ candidatesTokenCount: 9 });
    expect(events.at(-1).usageMetadata).toBeUndefined();
    expect(events.at(-1)).toMatchObject({
      modelVersion: 'm-2',
      candidates: [{ finishReason: 'MALFORMED_FUNCTION_CALL' }],
    });
    expect(partsOf(shown({ emptyDelta: true })).slice(0, 2)).toEqual(['empty', 'text']);
  });

  it('has no content, or no candidate and then no marker either', () => {
    for (const to of [url, `${streaming}?alt=sse`]) {
      expect(textOf(shown({ content: 'null' }, 'empty', to))).toMatch(/"content": ?\{\}/);
      expect(textOf(shown({ content: 'no-choices' }, 'empty', to))).not.toContain('"candidates"');
    }
    expect(shown({ content: 'no-choices' }, 'empty').map(({ marker }) => marker)).toEqual([false]);
    expect(partsOf(shown({ content: 'no-choices' }, 'empty'))).toEqual(['usage']);
  });
});

it('knows a bare error among recorded events, and one in an event', () => {
  const question = asked({}, `${streaming}?alt=sse`);
  const sent = gemini.frames(answerOf('text'), question).slice(0, 2);
  for (const form of ['own', 'chunk', 'failed', 'incomplete'] as const) {
    const error = gemini.errorFrames({ reason: 'overloaded' }, question, stamp, sent, form);
    expect(textOf(error).startsWith('data: ')).toBe(form === 'chunk');
    const bytes = new TextEncoder().encode(textOf([...sent, ...error]));
    expect(sseFrames(bytes, gemini).map(({ role }) => role)).toEqual([
      'payload',
      'payload',
      'error',
    ]);
  }
  const [end] = gemini.errorFrames(
    { reason: 'overloaded' },
    question,
    stamp,
    sent,
    'finish-reason',
  );
  expect(end && textOf([end])).toContain('"finishReason":"OTHER"');
});
