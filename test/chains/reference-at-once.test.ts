import { describe, expect, it } from 'vitest';
import type { Scripted } from './fake-providers.ts';
import { anthropic, ask, chainOf, fakeProviders, inFakeTime, openai } from './fake-providers.ts';
import { chatWhole } from './wire-events.ts';

const two = 'targets: [openai/gpt-4o, anthropic/claude-3-5-sonnet-latest]\n';

inFakeTime();

describe('an answer at once', () => {
  it.each([
    ['an answer', chatWhole('Paris.'), 'openai/gpt-4o'],
    ['null', chatWhole(null), 'anthropic/claude-3-5-sonnet-latest'],
    [
      'a body that is cut',
      { body: ['{"choices":[{"finish_'] },
      'anthropic/claude-3-5-sonnet-latest',
    ],
    [
      'an error',
      { body: ['{"error":{"code":"server_error"}}'] },
      'anthropic/claude-3-5-sonnet-latest',
    ],
  ] satisfies [string, Scripted, string][])('may be %s', async (_, script, served) => {
    const whole = {
      body: ['{"stop_reason":"end_turn","content":[{"type":"text","text":"Paris."}]}'],
    };
    fakeProviders({ [openai]: [script], [anthropic]: [whole] });
    const told = await ask(chainOf(`${two}stream: false`));
    expect(told.text).toBe('Paris.');
    expect(told.meta?.served).toBe(served);
  });

  it('is taken where a stream was asked for', async () => {
    const seen = fakeProviders({ [openai]: [chatWhole('Paris.')] });
    const told = await ask(chainOf(two));
    expect(told).toMatchObject({ text: 'Paris.', meta: { served: 'openai/gpt-4o' } });
    expect(seen).toHaveLength(1);
  });
});
