// What a target that cannot take everything makes of real requests, and how each wire says so.
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Effect } from '../../harness/faults/effect.ts';
import type { Rejection } from '../../harness/faults/rejection.ts';
import { stream } from '../../harness/rng.ts';
import { rule } from '../../harness/scenario/rule.ts';
import { signatureOf } from '../../harness/wires/ids.ts';
import { wires } from '../../harness/wires/index.ts';
import type { Asked, Wire } from '../../harness/wires/wire.ts';
import { attempt } from '../attempts.ts';
import { askedOf, errorIn, stamp } from '../wires/served.ts';
import { refused } from './decide.ts';

const paths = {
  'openai-chat': 'https://api.openai.com/v1/chat/completions',
  'openai-responses': 'https://api.openai.com/v1/responses',
  'anthropic-messages': 'https://api.anthropic.com/v1/messages',
} as const;

type Name = keyof typeof paths;

const user = { role: 'user', content: 'Who is there?' };

function ask(name: Name, body: Record<string, unknown>): { wire: Wire; asked: Asked } {
  const wire = wires[name] as Wire;
  return { wire, asked: askedOf(wire, paths[name], { model: 'm-1', ...body }) };
}

function effectOn(text: string, name: Name, body: Record<string, unknown>, more = {}) {
  const { wire, asked } = ask(name, body);
  const view = { ...attempt, wire: name, model: asked.model, asks: () => wire.traits(asked) };
  return rule.parse(parse(text)).arm()({ ...view, ...more }, stream(1));
}

function rejectionOf(effect: Effect | null): Rejection {
  if (effect?.kind !== 'reject') throw new Error('it was let through');
  return effect.rejection;
}

/** What the client reads of the rejection: status and the error's own members. */
function told(text: string, name: Name, body: Record<string, unknown>): Record<string, unknown> {
  const { wire, asked } = ask(name, body);
  const reply = wire.reject(rejectionOf(effectOn(text, name, body)), asked, stamp);
  return { status: reply.status, ...errorIn(reply).error };
}

const chat = { messages: [user], temperature: 0.5, max_tokens: 64_000 };
const responses = { input: 'Who is there?', temperature: 0.5, max_output_tokens: 64_000 };
const claude = { messages: [user], temperature: 0.5, max_tokens: 64_000 };
const bodies = { 'openai-chat': chat, 'openai-responses': responses, 'anthropic-messages': claude };
const names = Object.keys(bodies) as Name[];

describe('a guard lets pass', () => {
  it.each(names)('what breaks none of its rules, on %s', (name) => {
    const text =
      '{ inject: guard, models: [m-1, m-2], parameters: [top_p], requires: [model], ' +
      'context: 70000, output: 64000, refuses: [prefill, images, schema, tools, foreign-key, ' +
      'foreign-ids, foreign-signatures, missing-signatures, long-ids] }';
    expect(effectOn(text, name, bodies[name])).toBeNull();
  });
});

describe('a guard turns down', () => {
  it.each(names)('a model that the target does not have, on %s', (name) => {
    const effect = effectOn('{ inject: guard, models: gpt-9 }', name, bodies[name]);
    expect(rejectionOf(effect)).toEqual({ reason: 'not-found' });
  });

  it("another provider's key, before it looks at anything else", () => {
    const text = '{ inject: guard, models: gpt-9, refuses: foreign-key }';
    expect(rejectionOf(effectOn(text, 'openai-chat', chat, { foreignKey: true }))).toEqual({
      reason: 'auth',
    });
  });

  it('a parameter, and names it as the provider does', () => {
    const text = '{ inject: guard, parameters: [top_k, temperature] }';
    for (const name of ['openai-chat', 'openai-responses'] as const) {
      expect(told(text, name, bodies[name])).toEqual({
        status: 400,
        type: 'invalid_request_error',
        code: 'unsupported_parameter',
        param: 'temperature',
        message: "Unsupported parameter: 'temperature' is not supported with this model.",
      });
    }
    expect(told(text, 'anthropic-messages', claude)).toEqual({
      status: 400,
      type: 'invalid_request_error',
      message: 'temperature: Extra inputs are not permitted',
    });
  });

  it('a request without a parameter that it needs', () => {
    const text = '{ inject: guard, requires: max_completion_tokens }';
    expect(told(text, 'openai-chat', chat)).toMatchObject({
      code: 'missing_required_parameter',
      param: 'max_completion_tokens',
    });
    const fitting = { messages: [user], max_completion_tokens: 10 };
    expect(effectOn(text, 'openai-chat', fitting)).toBeNull();
  });

  it('more output than the model gives', () => {
    const text = '{ inject: guard, output: 8192 }';
    expect(told(text, 'openai-chat', chat)).toMatchObject({
      status: 400,
      param: 'max_tokens',
      message:
        'max_tokens is too large: 64000. This model supports at most 8192 completion tokens, ' +
        'whereas you provided 64000.',
    });
    expect(told(text, 'openai-responses', responses)).toMatchObject({ param: 'max_output_tokens' });
    expect(told(text, 'anthropic-messages', claude).message).toBe(
      'max_tokens: 64000 > 8192, which is the maximum allowed number of output tokens for m-1',
    );
    expect(effectOn(text, 'openai-chat', { messages: [user], max_tokens: 8192 })).toBeNull();
    expect(effectOn(text, 'openai-chat', { messages: [user] })).toBeNull();
  });

  it('what the context does not hold: the input, and the most output that was asked for', () => {
    const long = { messages: [{ role: 'user', content: 'word '.repeat(9000) }], max_tokens: 1000 };
    const text = '{ inject: guard, context: 8192 }';
    expect(told(text, 'openai-chat', long)).toMatchObject({
      code: 'context_length_exceeded',
      message: expect.stringMatching(
        /^This model's maximum context length is 8192 tokens\. However, you requested 1\d{4} tokens/,
      ),
    });
    expect(told(text, 'anthropic-messages', long).message).toMatch(
      /^prompt is too long: \d+ tokens > 8192 maximum$/,
    );
    const both = { messages: [user], max_tokens: 8192 };
    expect(told(text, 'anthropic-messages', both).message).toMatch(
      /^input length and `max_tokens` exceed context limit: \d+ \+ 8192 > 8192, /,
    );
    expect(effectOn(text, 'openai-chat', { messages: [user], max_tokens: 8000 })).toBeNull();
  });

  it('an answer begun for it', () => {
    const messages = [user, { role: 'assistant', content: 'It is' }];
    const text = '{ inject: guard, refuses: prefill }';
    expect(told(text, 'anthropic-messages', { messages }).message).toMatch(/prefill/);
    expect(effectOn(text, 'anthropic-messages', { messages: [user] })).toBeNull();
  });

  it('images', () => {
    const text = '{ inject: guard, refuses: images }';
    const url = 'https://example.com/a.png';
    const seen = (part: object) => [{ role: 'user', content: [part] }];
    const toChat = { messages: seen({ type: 'image_url', image_url: { url } }) };
    expect(told(text, 'openai-chat', toChat).message).toBe(
      'Invalid content type. image_url is only supported by certain models.',
    );
    const toResponses = { input: seen({ type: 'input_image', image_url: url }) };
    expect(told(text, 'openai-responses', toResponses).message).toMatch(/^Invalid content type/);
    const toClaude = { messages: seen({ type: 'image', source: { type: 'url', url } }) };
    expect(told(text, 'anthropic-messages', toClaude).message).toMatch(/images/);
  });

  it('an answer by a schema, and tools', () => {
    const schema = { type: 'json_schema', json_schema: { name: 'a', schema: {} } };
    const asking = { messages: [user], response_format: schema };
    expect(told('{ inject: guard, refuses: schema }', 'openai-chat', asking)).toMatchObject({
      param: 'response_format',
    });
    const armed = { messages: [user], tools: [{ name: 'clock', input_schema: {} }] };
    const text = '{ inject: guard, refuses: [schema, tools] }';
    expect(told(text, 'anthropic-messages', armed).message).toMatch(/tools/);
  });
});

/** The same history as each wire writes it. */
function history(name: Name, id: string, signature: string | null): Record<string, unknown> {
  const signed = signature === null ? {} : { signature };
  if (name === 'openai-responses') {
    const reasoning = { type: 'reasoning', summary: [], encrypted_content: signature };
    const call = { type: 'function_call', call_id: id, name: 'clock', arguments: '{}' };
    const output = { type: 'function_call_output', call_id: id, output: '12:00' };
    return { input: [user, ...(signature === null ? [] : [reasoning]), call, output] };
  }
  if (name === 'openai-chat') {
    const call = { id, type: 'function', function: { name: 'clock', arguments: '{}' } };
    const said = { role: 'assistant', content: null, tool_calls: [call], ...signed };
    return { messages: [user, said, { role: 'tool', tool_call_id: id, content: '12:00' }] };
  }
  const thinking = { type: 'thinking', thinking: 'Hm.', ...signed };
  const use = { type: 'tool_use', id, name: 'clock', input: {} };
  const content = signature === null ? [use] : [thinking, use];
  const result = { type: 'tool_result', tool_use_id: id, content: '12:00' };
  return {
    messages: [user, { role: 'assistant', content }, { role: 'user', content: [result] }],
  };
}

describe('a guard on what another provider left in the history', () => {
  const ids = {
    'openai-chat': 'call_9pw1AzGhA7yQmXvT2dKbR0sc',
    'openai-responses': 'call_9pw1AzGhA7yQmXvT2dKbR0sc',
    'anthropic-messages': 'toolu_01A09q90qw90lq917835lq9',
  };
  const provider = (name: Name) => name.split('-')[0];
  const pairs = names.flatMap((one) => names.map((other) => [one, other] as const));

  it.each(pairs)('%s knows ids and signatures of %s for its own or for foreign', (one, other) => {
    const body = history(one, ids[other], signatureOf(other, 'a'));
    const foreign = provider(one) !== provider(other);
    for (const what of ['foreign-ids', 'foreign-signatures']) {
      const effect = effectOn(`{ inject: guard, refuses: ${what} }`, one, body);
      if (foreign) expect(rejectionOf(effect)).toMatchObject({ flaw: { is: what } });
      else expect(effect).toBeNull();
    }
  });

  it('knows recorded signatures by how they begin', () => {
    const text = '{ inject: guard, refuses: foreign-signatures }';
    const anthropic = 'EqQBCkYIARgCKkD2dKbR0sc';
    const openai = 'gAAAAABpW1Az';
    const on = (name: Name, signature: string) =>
      effectOn(text, name, history(name, ids[name], signature));
    expect(on('anthropic-messages', anthropic)).toBeNull();
    expect(on('openai-responses', openai)).toBeNull();
    expect(told(text, 'anthropic-messages', history('anthropic-messages', 'x', openai))).toEqual({
      status: 400,
      type: 'invalid_request_error',
      message: 'messages: Invalid `signature` in `thinking` block',
    });
    expect(on('openai-responses', anthropic)).not.toBeNull();
  });

  it('turns down ids that are too long for it, 64 characters unless told otherwise', () => {
    const long = history('openai-responses', `call_${'x'.repeat(89)}`, null);
    for (const text of ['refuses: long-ids', 'idLength: 64']) {
      expect(told(`{ inject: guard, ${text} }`, 'openai-responses', long)).toEqual({
        status: 400,
        type: 'invalid_request_error',
        param: 'input',
        code: 'string_above_max_length',
        message:
          "Invalid 'input': string too long. Expected a string with maximum length 64, but got " +
          'a string with length 94 instead.',
      });
    }
    expect(effectOn('{ inject: guard, idLength: 94 }', 'openai-responses', long)).toBeNull();
  });

  it('can ask for a signature with every tool call', () => {
    const text = '{ inject: guard, refuses: missing-signatures }';
    for (const name of names) {
      expect(effectOn(text, name, history(name, ids[name], null))).not.toBeNull();
      expect(effectOn(text, name, history(name, ids[name], 'EqQB'))).toBeNull();
    }
  });
});

it.each([
  ['{ inject: guard }', /give models, parameters, requires, context/],
  ['{ inject: guard, refuses: pictures }', /^refuses: .*prefill, images/],
  ['{ inject: guard, context: 0 }', /^context: expected a number of at least 1/],
  ['{ inject: guard, models: [] }', /^models: expected at least 1 entry/],
])('a guard cannot be %s', (text, message) => expect(refused(text)).toMatch(message));
