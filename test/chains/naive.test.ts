import { expect, it } from 'vitest';
import naive, { targets } from '../../fixtures/chains/naive.ts';
import {
  anthropic,
  drained,
  fakeProviders,
  inFakeTime,
  openai,
  question,
} from './fake-providers.ts';
import { chat, chatStream, claudeStream, rejected } from './wire-events.ts';

inFakeTime();

async function answered(): Promise<string> {
  const pieces = await naive()(question, new AbortController().signal);
  return drained(pieces);
}

it('the naive chain answers on a good day, and moves on after an outage', async () => {
  fakeProviders({ [openai]: [chatStream('Paris.')] });
  expect(await answered()).toBe('Paris.');
  const seen = fakeProviders({ [openai]: [rejected(503)], [anthropic]: [claudeStream('Paris.')] });
  expect(await answered()).toBe('Paris.');
  // The SDK asks three times before the chain hears of it.
  expect(seen).toHaveLength(4);
  expect(targets).toHaveLength(3);
});

it('the naive chain glues two answers together where a stream breaks', async () => {
  fakeProviders({
    [openai]: [{ body: [chat.text('The capital is '), 10, 'RESET'] }],
    [anthropic]: [claudeStream('It is Paris.')],
  });
  expect(await answered()).toBe('The capital is It is Paris.');
});

it('the naive chain shows half an answer as a whole one', async () => {
  fakeProviders({ [openai]: [{ body: [chat.text('The capital is ')] }] });
  expect(await answered()).toBe('The capital is ');
});
