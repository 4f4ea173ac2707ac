import { describe, expect, it, vi } from 'vitest';
import { silentRefusal } from '../../harness/chains/attempt.ts';
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
import {
  chat,
  chatStream,
  chatWhole,
  claude,
  claudeStream,
  event,
  rejected,
} from './wire-events.ts';

const two = 'targets: [openai/gpt-4o, anthropic/claude-3-5-sonnet-latest]\n';

inFakeTime();

describe('when every target fails', () => {
  const down = {
    [openai]: [rejected(503, { code: 'server_is_overloaded' })],
    [anthropic]: [rejected(401)],
  };

  it('the caller gets the polite reply, and sees that it is one', async () => {
    fakeProviders(down);
    const told = await ask(chainOf(`${two}degrade: Later, please.`));
    expect(told).toMatchObject({ text: 'Later, please.', error: null });
    expect(told.meta).toMatchObject({ served: 'degraded', degraded: true });
    expect(told.meta?.hops).toHaveLength(3);
  });

  it('the caller gets one error with the cause of the primary and every attempt', async () => {
    const seen = fakeProviders(down);
    const told = await ask(chainOf(two));
    expect(told.error).toMatchObject({
      name: 'ExhaustedError',
      status: 503,
      message:
        'No target answered: openai/gpt-4o (503 server_is_overloaded), ' +
        'openai/gpt-4o (503 server_is_overloaded), anthropic/claude-3-5-sonnet-latest (401).',
      cause: { status: 503, code: 'server_is_overloaded' },
    });
    expect(told.error?.attempts).toHaveLength(seen.length);
  });

  it('the caller never gets a status that is about our own keys, nor words of a provider', async () => {
    fakeProviders({ [openai]: [rejected(401, '<html>secret page</html>')] });
    const told = await ask(chainOf('targets: [openai/gpt-4o]'));
    expect(told.error?.status).toBe(502);
    expect(told.error?.message).not.toContain('secret');
  });
});

describe('the cache', () => {
  const cached = `${two}cache: { exact: true, ttl: 10m, maxEntries: 2 }\ndegrade: Later, please.\n`;

  it('answers the same question without a request, and says how old the answer is', async () => {
    const seen = fakeProviders({ [openai]: [chatStream('Paris.')] });
    const chain = chainOf(cached);
    await ask(chain);
    await vi.advanceTimersByTimeAsync(60_000);
    const again = await ask(chain);
    expect(again).toMatchObject({ text: 'Paris.', meta: { served: 'cache', hops: [] } });
    expect(again.meta?.cachedMs).toBe(60_000);
    expect(seen).toHaveLength(1);
  });

  it('forgets after its time, and what was not asked for long', async () => {
    const seen = fakeProviders({ [openai]: [chatStream('Paris.')] });
    const chain = chainOf(cached);
    await ask(chain);
    await vi.advanceTimersByTimeAsync(600_001);
    await ask(chain);
    for (const prompt of ['b', 'c']) await ask(chain, { question: { ...question, prompt } });
    await ask(chain);
    expect(seen).toHaveLength(5);
  });

  it('knows a question by prompt and system, word for word', async () => {
    const seen = fakeProviders({ [openai]: [chatStream('Paris.')] });
    const chain = chainOf(cached);
    const others = [{ system: null }, { prompt: 'What is the capital of france?' }, { schema: {} }];
    for (const other of [{}, ...others]) await ask(chain, { question: { ...question, ...other } });
    expect(seen).toHaveLength(4);
  });

  it.each([
    ['a polite reply', rejected(401)],
    ['a refusal', { body: [chat.refusal('No.'), chat.finish('stop'), chat.done] }],
    ['an answer cut at its length', { body: [chat.text('The'), chat.finish('length'), chat.done] }],
  ] satisfies [string, Scripted][])('never keeps %s', async (_, script) => {
    fakeProviders({ [openai]: [script, chatStream('Paris.')], [anthropic]: [rejected(401)] });
    const chain = chainOf(cached);
    await ask(chain);
    const again = await ask(chain);
    expect(again.meta?.served).toBe('openai/gpt-4o');
  });

  it('is off unless it is asked for', async () => {
    const seen = fakeProviders({ [openai]: [chatStream('Paris.')] });
    const chain = chainOf(two);
    await ask(chain);
    await ask(chain);
    expect(seen).toHaveLength(2);
  });
});

describe('a refusal', () => {
  const claudeFirst = 'targets: [anthropic/claude-3-5-sonnet-latest, openai/gpt-4o]\n';

  it.each([
    [
      'OpenAI, as a refusal',
      two,
      openai,
      { body: [chat.refusal('I will not.'), chat.finish('stop'), chat.done] },
      'I will not.',
    ],
    [
      'OpenAI, by its filter',
      two,
      openai,
      { body: [chat.text('I '), chat.finish('content_filter'), chat.done] },
      'I ',
    ],
    [
      'OpenAI, without a word',
      two,
      openai,
      { body: [chat.role, chat.finish('content_filter'), chat.done] },
      silentRefusal,
    ],
    [
      'OpenAI, at once',
      `${two}stream: false`,
      openai,
      chatWhole(null, 'content_filter'),
      silentRefusal,
    ],
    [
      'Anthropic, after some words',
      claudeFirst,
      anthropic,
      { body: [claude.start, claude.text('I '), claude.reason('refusal'), claude.stop] },
      'I ',
    ],
    [
      'Anthropic, with an explanation',
      claudeFirst,
      anthropic,
      {
        body: [
          claude.start,
          event('message_delta', {
            delta: { stop_reason: 'refusal', stop_details: { explanation: 'Unsafe.' } },
          }),
          claude.stop,
        ],
      },
      'Unsafe.',
    ],
  ] satisfies [string, string, string, Scripted, string][])(
    'is told and not routed around: %s',
    async (_, yaml, host, script, text) => {
      const seen = fakeProviders({
        [openai]: [chatStream('Paris.')],
        [anthropic]: [claudeStream('Paris.')],
        [host]: [script],
      });
      const told = await ask(chainOf(yaml));
      expect(told).toMatchObject({ text, error: null });
      expect(told.meta?.hops?.map((hop) => hop.outcome)).toEqual(['refused']);
      expect(seen).toHaveLength(1);
    },
  );
});
