// Which tools of a request have lost their parameters on the way.
import { describe, expect, it } from 'vitest';
import { isBare } from '../../harness/upstream/bare-tool.ts';
import { wires } from '../../harness/wires/index.ts';
import { rawRequest } from '../wires/served.ts';

const name = 'find_order';
const description = 'Looks an order up';
const parameters = { type: 'object', properties: { order_id: { type: 'string' } } };
const tool = { name, description, parameters, results: ['{}'] };
const nothing = { type: 'object', properties: {}, required: [] };

const urls = {
  'openai-chat': 'https://api.openai.com/v1/chat/completions',
  'openai-responses': 'https://api.openai.com/v1/responses',
  'anthropic-messages': 'https://api.anthropic.com/v1/messages',
  gemini: 'https://generativelanguage.googleapis.com/v1beta/models/gemini-pro:generateContent',
};

function bare(wire: keyof typeof urls, body: object): boolean {
  const request = rawRequest(urls[wire], body, {});
  const asked = wires[wire].decode(request);
  if (!asked) throw new Error(`no request of ${wire}`);
  return isBare(tool, asked, request.body);
}

const chat = (told: object, more: object = {}) =>
  bare('openai-chat', { tools: [{ type: 'function', function: { name, ...told } }], ...more });

describe('a tool without its parameters', () => {
  it.each<[keyof typeof urls, (schema: object) => object]>([
    ['openai-chat', (schema) => ({ type: 'function', function: { name, parameters: schema } })],
    ['openai-responses', (schema) => ({ type: 'function', name, parameters: schema })],
    ['anthropic-messages', (schema) => ({ name, input_schema: schema })],
    ['gemini', (schema) => ({ functionDeclarations: [{ name, parameters: schema }] })],
  ])('is known on %s', (wire, offer) => {
    expect(bare(wire, { tools: [offer(parameters)] })).toBe(false);
    expect(bare(wire, { tools: [offer(nothing)] })).toBe(true);
    expect(bare(wire, { tools: [offer({ type: 'object' })] })).toBe(true);
  });

  it('is one of several', () => {
    const other = { name: 'cancel_order', input_schema: { properties: { order: {} } } };
    const tools = [other, { name, input_schema: nothing }];
    expect(bare('anthropic-messages', { tools })).toBe(true);
  });

  it('has none at all', () => {
    expect(chat({ description })).toBe(true);
  });

  it('is not one that takes nothing', () => {
    const request = rawRequest(urls['openai-chat'], { tools: [{ name }] }, {});
    const asked = wires['openai-chat'].decode(request);
    expect(asked && isBare({ ...tool, parameters: nothing }, asked, request.body)).toBe(false);
  });
});

describe('parameters', () => {
  it('may have other names, or be said by reference', () => {
    expect(chat({ parameters: { type: 'object', properties: { order: {} } } })).toBe(false);
    expect(chat({ parameters: { $ref: '#/schemas/order' } })).toBe(false);
    expect(chat({ parameters: { anyOf: [{ type: 'string' }] } })).toBe(false);
  });

  it('may be told in words', () => {
    expect(chat({ description: `${description}. Takes: orderId` })).toBe(false);
    const messages = [{ role: 'system', content: 'find_order takes the order id.' }];
    expect(chat({ parameters: nothing }, { messages })).toBe(false);
  });

  it('belong to a tool that is not on offer by its name', () => {
    expect(bare('openai-chat', { tools: [{ function: { name: 'call_tool' } }] })).toBe(false);
    expect(bare('openai-chat', { messages: [{ role: 'user', content: name }] })).toBe(false);
  });
});
