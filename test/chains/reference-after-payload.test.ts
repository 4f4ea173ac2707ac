import { describe, expect, it } from 'vitest';
import type { Scripted, Step } from './fake-providers.ts';
import {
  anthropic,
  ask,
  chainOf,
  fakeProviders,
  inFakeTime,
  openai,
  opened,
} from './fake-providers.ts';
import { chat, chatStream, claude, claudeStream, event, rejected } from './wire-events.ts';

const two = `
targets: [openai/gpt-4o, anthropic/claude-3-5-sonnet-latest]
attempt: { timeout: 8s, firstToken: 5s, idle: 3s }
deadline: 20s
degrade: Later, please.
`;
const going = `${two}afterPayload: continue\n`;

inFakeTime();

/** A primary that sends the pieces and then fails so. */
const broken = (failure: Step[], ...pieces: string[]): Scripted => ({
  body: [chat.role, ...pieces.map(chat.text), 10, ...failure],
});

const failures: [string, Step[], string][] = [
  ['a reset', ['RESET'], 'connection: ECONNRESET'],
  ['a clean end', [], 'truncated'],
  ['silence', ['HANG'], 'timeout: idle'],
  ['signs of life only', Array(9).fill([1_000, ': ping\n\n', chat.role]).flat(), 'timeout: idle'],
  ['an error event', [chat.error({ code: 'server_error' })], 'error in a 200: server_error'],
  ['a wrong ending', [chat.finish('error')], 'malformed'],
];

describe('an answer that breaks off after its first words', () => {
  it.each(failures)('by %s ends in one clear error', async (_, failure, outcome) => {
    const seen = fakeProviders({
      [openai]: [broken(failure, 'The capital ', 'is ')],
      [anthropic]: [claudeStream('Paris.')],
    });
    const told = await ask(chainOf(two));
    expect(told.text).toBe('The capital is ');
    expect(told.error).toMatchObject({
      name: 'StreamBrokenError',
      message: `The answer of openai/gpt-4o broke off after 15 characters (${outcome}).`,
      attempts: [{ target: 'openai/gpt-4o', outcome }],
    });
    expect(told.error?.cause).toBeInstanceOf(Error);
    expect(seen).toHaveLength(1);
  });

  it.each(failures)('by %s is continued by the next target', async (_, failure, outcome) => {
    const seen = fakeProviders({
      [openai]: [broken(failure, 'The capital ', 'is ')],
      [anthropic]: [claudeStream('Par', 'is.')],
    });
    const told = await ask(chainOf(going));
    expect(told).toMatchObject({ text: 'The capital is Paris.', error: null });
    expect(told.meta).toEqual({
      served: 'anthropic/claude-3-5-sonnet-latest',
      hops: [
        { target: 'openai/gpt-4o', outcome },
        { target: 'anthropic/claude-3-5-sonnet-latest', outcome: 'complete' },
      ],
    });
    expect(seen).toHaveLength(2);
    expect(seen[1]?.body.messages).toEqual([
      { role: 'user', content: 'What is the capital of France?' },
      { role: 'assistant', content: 'The capital is ' },
      {
        role: 'user',
        content: 'Continue exactly where the answer stopped. Do not repeat any of it.',
      },
    ]);
  });

  it.each([
    ['starts over', ['The cap', 'ital is ', 'Paris.']],
    ['repeats the last words', ['capital is Par', 'is.']],
    ['repeats them in small pieces', [...'tal is Paris.']],
    ['repeats nothing', ['Paris.']],
  ])('is continued without repetition by a target that %s', async (_, pieces) => {
    fakeProviders({
      [openai]: [broken(['RESET'], 'The capital is ')],
      [anthropic]: [claudeStream(...pieces)],
    });
    const told = await ask(chainOf(going));
    expect(told.text).toBe('The capital is Paris.');
  });

  it('ends in an error where the next target breaks too: never in a polite reply behind it', async () => {
    fakeProviders({
      [openai]: [broken(['RESET'], 'The capital ')],
      [anthropic]: [{ body: [claude.start, claude.text('is '), claude.error('overloaded_error')] }],
    });
    const told = await ask(chainOf(going));
    expect(told.text).toBe('The capital is ');
    expect(told.error?.name).toBe('StreamBrokenError');
    expect(told.error?.attempts).toHaveLength(2);
  });

  it('tells what broke it, where the next target refuses to go on', async () => {
    fakeProviders({
      [openai]: [broken(['RESET'], 'The capital ')],
      [anthropic]: [rejected(400, { type: 'invalid_request_error' })],
    });
    const told = await ask(chainOf(going));
    expect(told.error).toMatchObject({
      message:
        'The answer of openai/gpt-4o broke off after 12 characters (connection: ECONNRESET).',
      status: 503,
      attempts: [{ outcome: 'connection: ECONNRESET' }, { outcome: '400 invalid_request_error' }],
    });
  });

  it('is asked for anew where only blanks were read', async () => {
    const seen = fakeProviders({
      [openai]: [broken(['RESET'], '\n')],
      [anthropic]: [claudeStream('Paris.')],
    });
    const told = await ask(chainOf(going));
    expect(told.text).toBe('\nParis.');
    expect(seen[1]?.body.messages).toHaveLength(1);
  });

  it('is not kept in the cache, continued or not', async () => {
    for (const yaml of [two, going]) {
      const seen = fakeProviders({
        [openai]: [broken(['RESET'], 'The capital '), chatStream('Paris.')],
        [anthropic]: [claudeStream('is Paris.')],
      });
      const chain = chainOf(`${yaml}cache: { exact: true }`);
      await ask(chain);
      const again = await ask(chain);
      expect(again).toMatchObject({ text: 'Paris.', meta: { served: 'openai/gpt-4o' } });
      expect(seen.length).toBeGreaterThan(1);
    }
  });
});

describe('a stream', () => {
  it('reaches the caller piece by piece, as it comes', async () => {
    fakeProviders({ [openai]: [chatStream('a', 1_000, 'b', 1_000, 'c')] });
    const { text } = await opened(chainOf(two));
    const iterator = text[Symbol.asyncIterator]();
    expect(await iterator.next()).toEqual({ done: false, value: 'a' });
    expect(await iterator.return?.()).toMatchObject({ done: true });
  });

  it('shows nothing of an attempt that failed before its first words', async () => {
    fakeProviders({
      [openai]: [{ body: [chat.role, event('ping'), chat.error({ code: 'insufficient_quota' })] }],
      [anthropic]: [claudeStream('Par', 'is.')],
    });
    const told = await ask(chainOf(two));
    expect(told.pieces).toEqual(['Par', 'is.']);
  });
});
