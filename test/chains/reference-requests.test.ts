import { describe, expect, it, vi } from 'vitest';
import type { Scripted } from './fake-providers.ts';
import {
  anthropic,
  ask,
  chainOf,
  fakeProviders,
  inFakeTime,
  openai,
  question,
} from './fake-providers.ts';
import { chatStream, claudeStream, event, rejected, sse } from './wire-events.ts';

inFakeTime();

const schema = { type: 'object', properties: { city: { type: 'string' } } };

describe('a request', () => {
  it("carries each target's own model, host, key and parameters, and nobody else's", async () => {
    vi.stubEnv('OTHER_KEY', 'sk-third');
    vi.stubEnv('ANTHROPIC_AUTH_TOKEN', 'stray-token');
    vi.stubEnv('OPENAI_BASE_URL', 'https://stray.example/v1');
    const eu = 'eu.api.openai.com';
    const seen = fakeProviders({
      [openai]: [rejected(404)],
      [anthropic]: [rejected(404)],
      [eu]: [chatStream('Paris.')],
    });
    const told = await ask(
      chainOf(`
targets:
  - openai/gpt-4o
  - anthropic/claude-3-5-sonnet-latest
  - { model: openai/gpt-5-mini, region: eu, baseURL: https://eu.api.openai.com/v1, key: OTHER_KEY }
maxTokens: 256`),
    );
    expect(told.text).toBe('Paris.');
    expect(seen).toMatchObject([
      {
        host: openai,
        path: '/v1/chat/completions',
        key: 'Bearer sk-first',
        body: {
          model: 'gpt-4o',
          max_tokens: 256,
          stream: true,
          messages: [
            { role: 'system', content: 'Be brief.' },
            { role: 'user', content: 'What is the capital of France?' },
          ],
        },
      },
      {
        host: anthropic,
        path: '/v1/messages',
        version: '2026-10-21',
        body: {
          model: 'claude-3-5-sonnet-latest',
          max_tokens: 256,
          stream: true,
          system: 'Be brief.',
          messages: [{ role: 'user', content: 'What is the capital of France?' }],
        },
      },
      {
        host: eu,
        key: 'Bearer sk-third',
        body: { model: 'gpt-5-mini', max_completion_tokens: 256 },
      },
    ]);
    expect(seen[1]?.key).toContain('sk-second');
    for (const name of ['temperature', 'top_p', 'top_k'])
      expect(seen[1]?.body).not.toHaveProperty(name);
    expect(seen[2]?.body).not.toHaveProperty('max_tokens');
  });

  it('carries the schema in the form of each API', async () => {
    const seen = fakeProviders({ [openai]: [rejected(404)], [anthropic]: [claudeStream('{}')] });
    await ask(
      chainOf(
        'targets: [openai/gpt-4o, { model: openai/gpt-4.1, wire: openai-responses }, anthropic/claude-x]',
      ),
      { question: { ...question, schema } },
    );
    expect(seen[0]?.body.response_format).toMatchObject({ json_schema: { schema } });
    expect(seen[1]?.body.text).toMatchObject({ format: { type: 'json_schema', schema } });
    expect(seen[2]?.body.output_config).toEqual({ format: { type: 'json_schema', schema } });
  });

  it('is made without a system prompt where there is none', async () => {
    const seen = fakeProviders({
      [openai]: [rejected(404)],
      [anthropic]: [claudeStream('Paris.')],
    });
    await ask(chainOf('targets: [openai/gpt-4o, anthropic/claude-x]'), {
      question: { ...question, system: null },
    });
    expect(seen[0]?.body.messages).toHaveLength(1);
    expect(seen[1]?.body).not.toHaveProperty('system');
  });

  it('is never repeated by an SDK beneath the chain', async () => {
    const seen = fakeProviders({ [openai]: [rejected(500)], [anthropic]: [rejected(529)] });
    await ask(chainOf('targets: [openai/gpt-4o, anthropic/claude-x]\nretry: { max: 0 }'));
    expect(seen).toHaveLength(2);
  });

  it('is not made at all without a key: the message names the variable', () => {
    vi.stubEnv('OPENAI_API_KEY', '');
    expect(() => chainOf('targets: [openai/gpt-4o]')).toThrow(
      'openai/gpt-4o needs a key: set the environment variable OPENAI_API_KEY',
    );
  });
});

describe('the responses API', () => {
  const chain = `
targets: [{ model: openai/gpt-4o, wire: openai-responses }, anthropic/claude-x]
`;
  const created = event('response.created', { response: { status: 'in_progress' } });
  const delta = (text: string): string => event('response.output_text.delta', { delta: text });
  const completed = event('response.completed', { response: { status: 'completed' } });
  const failed = (code: string): string =>
    event('response.failed', {
      response: { status: 'failed', error: { code, message: 'in words' } },
    });

  const run = async (script: Scripted, yaml = chain) => {
    const seen = fakeProviders({ [openai]: [script], [anthropic]: [claudeStream('Paris.')] });
    const told = await ask(chainOf(yaml));
    return { told, seen, onPrimary: seen.filter((one) => one.host === openai).length };
  };

  it('streams its text and ends with response.completed', async () => {
    const { told, seen } = await run({ body: [created, delta('Par'), delta('is.'), completed] });
    expect(told).toMatchObject({ pieces: ['Par', 'is.'], meta: { served: 'openai/gpt-4o' } });
    expect(seen[0]).toMatchObject({
      path: '/v1/responses',
      body: { instructions: 'Be brief.', max_output_tokens: 1024, stream: true },
    });
  });

  it('surfaces a refusal', async () => {
    const { told } = await run({
      body: [created, event('response.refusal.delta', { delta: 'No.' }), completed],
    });
    expect(told).toMatchObject({ text: 'No.', meta: { hops: [{ outcome: 'refused' }] } });
  });

  it.each([
    ['a failed response', { body: [created, failed('server_error')] }, 2],
    ['a failed response for a spent quota', { body: [created, failed('insufficient_quota')] }, 1],
    ['an error event', { body: [created, event('error', { code: 'rate_limit_exceeded' })] }, 2],
    [
      'a nested error event',
      { body: [sse({ type: 'error', error: { code: 'invalid_api_key' } })] },
      1,
    ],
    ['an end without a marker', { body: [created] }, 2],
    [
      'a spent budget without a word',
      {
        body: [
          created,
          event('response.incomplete', {
            response: { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } },
          }),
        ],
      },
      1,
    ],
  ] satisfies [string, Scripted, number][])('fails over after %s', async (_, script, attempts) => {
    const { told, onPrimary } = await run(script);
    expect(told.text).toBe('Paris.');
    expect(onPrimary).toBe(attempts);
  });

  it.each([
    [
      'completed',
      {
        status: 'completed',
        output: [{ type: 'reasoning' }, { type: 'message', content: [{ text: 'Paris!' }] }],
      },
      'openai/gpt-4o',
    ],
    [
      'failed',
      { status: 'failed', error: { code: 'server_error', message: '' }, output: [] },
      'anthropic/claude-x',
    ],
    [
      'without text',
      { status: 'completed', output: [{ type: 'reasoning' }] },
      'anthropic/claude-x',
    ],
  ])('answers at once: %s', async (_, body, served) => {
    const whole = {
      body: ['{"stop_reason":"end_turn","content":[{"type":"text","text":"Paris."}]}'],
    };
    fakeProviders({ [openai]: [{ body: [JSON.stringify(body)] }], [anthropic]: [whole] });
    const told = await ask(chainOf(`${chain}stream: false`));
    expect(told.meta?.served).toBe(served);
  });
});
