import { describe, expect, it, vi } from 'vitest';
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
import { chat, chatStream, claude, claudeStream } from './wire-events.ts';

const limits = 'attempt: { timeout: 8s, firstToken: 5s, idle: 3s }\ndeadline: 20s';
const two = `targets: [openai/gpt-4o, anthropic/claude-3-5-sonnet-latest]\n${limits}`;

inFakeTime();

async function afterPrimary(script: Scripted, yaml = two) {
  const seen = fakeProviders({ [openai]: [script], [anthropic]: [claudeStream('Paris.')] });
  const told = await ask(chainOf(yaml));
  return { told, seen, leftAt: seen.find((one) => one.host === anthropic)?.at };
}

describe('an attempt', () => {
  it.each([
    ['no headers', { headersAfter: 'never' }, two, 'timeout: headers', 5_000],
    ['no headers for their own limit', { headersAfter: 'never' }, 'H', 'timeout: headers', 2_000],
    ['no body', { body: [chat.role, 'HANG'] }, two, 'timeout: first token', 5_000],
    [
      'nothing but signs of life',
      { body: [chat.role, ...Array(20).fill([1_000, ': ping\n\n', chat.role]).flat()] },
      two,
      'timeout: first token',
      5_000,
    ],
    [
      'an error body that stalls',
      { status: 429, body: ['{"err', 'HANG'] },
      two,
      'timeout: headers',
      5_000,
    ],
  ] satisfies [string, Scripted, string, string, number][])(
    'ends at its limit with %s, and the request with it',
    async (_, script, yaml, outcome, at) => {
      const own = `${two.replace('attempt: {', 'attempt: { headers: 2s,')}\nretry: { max: 0 }`;
      const { told, seen, leftAt } = await afterPrimary(script, yaml === 'H' ? own : yaml);
      expect(told.text).toBe('Paris.');
      expect(told.meta?.hops?.[0]).toEqual({ target: 'openai/gpt-4o', outcome });
      expect(leftAt).toBe(at);
      expect(seen[0]?.aborted).toBe(true);
    },
  );

  it('may take long as long as text comes steadily', async () => {
    const slow = Array(7).fill([1_000, 'word ']).flat();
    const { told, seen } = await afterPrimary(chatStream(...slow));
    expect(told.text).toBe('word '.repeat(7));
    expect(seen).toHaveLength(1);
  });

  it('is not held to account for a slow reader', async () => {
    fakeProviders({ [openai]: [chatStream('Par', 'is.')] });
    const answer = await opened(chainOf(two));
    let text = '';
    const reading = (async () => {
      for await (const piece of answer.text) {
        text += piece;
        await new Promise((resolve) => setTimeout(resolve, 3_500));
      }
    })();
    await vi.advanceTimersByTimeAsync(7_100);
    await reading;
    expect(text).toBe('Paris.');
  });

  it('that comes at once has one limit for headers and body', async () => {
    const yaml = `${two}\nstream: false`;
    for (const script of [{ headersAfter: 'never' }, { body: ['{"cho', 'HANG'] }] as const) {
      const whole = {
        body: ['{"stop_reason":"end_turn","content":[{"type":"text","text":"Paris."}]}'],
      };
      const seen = fakeProviders({
        [openai]: [{ ...script, body: [...('body' in script ? script.body : [])] }],
        [anthropic]: [whole],
      });
      const told = await ask(chainOf(yaml));
      expect(told.text).toBe('Paris.');
      expect(seen[1]?.at).toBe(8_000);
      expect(seen[0]?.aborted).toBe(true);
    }
  });

  it('is over soon after its marker, even if the connection stays open', async () => {
    const { told } = await afterPrimary({
      body: [chat.text('Paris.'), chat.finish('stop'), 'HANG'],
    });
    expect(told).toMatchObject({ text: 'Paris.', error: null });
    expect(told.at).toBeLessThan(200);
  });

  it.each([
    ['finish_reason without [DONE]', [chat.text('Paris.'), chat.finish('stop')]],
    ['[DONE] without finish_reason', [chat.text('Paris.'), chat.done]],
    ['a reset behind the marker', [chat.text('Paris.'), chat.finish('stop'), 50, 'RESET']],
  ])('is whole with %s', async (_, body) => {
    const { told } = await afterPrimary({ body: body as Step[] });
    expect(told).toMatchObject({ text: 'Paris.', error: null, meta: { served: 'openai/gpt-4o' } });
  });
});

describe('the deadline', () => {
  it('is shared: a hanging target leaves the next one half of an equal share', async () => {
    const tight = two.replace('deadline: 20s', 'deadline: 4s');
    const { told, leftAt } = await afterPrimary({ headersAfter: 'never' }, tight);
    expect(told.text).toBe('Paris.');
    expect(leftAt).toBe(2_950);
  });

  it('brings the polite reply in time, not late', async () => {
    fakeProviders({
      [openai]: [{ headersAfter: 'never' }],
      [anthropic]: [{ headersAfter: 'never' }],
    });
    const told = await ask(chainOf(`${two.replace('20s', '7s')}\ndegrade: Later, please.`));
    expect(told).toMatchObject({ text: 'Later, please.', meta: { degraded: true } });
    expect(told.at).toBe(6_950);
  });

  it('cuts an answer that would be late, and says so', async () => {
    const slow = chatStream(...Array(10).fill([1_000, 'word ']).flat());
    const { told } = await afterPrimary(slow, two.replace('20s', '6s'));
    expect(told.error?.name).toBe('StreamBrokenError');
    expect(told.at).toBe(5_950);
  });

  it('leaves a hanging target for the next one, and repeats it only where none is left', async () => {
    const hang: Scripted = { headersAfter: 'never' };
    const hangs = (seen: { host: string }[]) => seen.filter((one) => one.host === openai).length;
    const followed = await afterPrimary(hang, two.replace('20s', '60s'));
    const alone = fakeProviders({ [openai]: [hang, chatStream('Paris.')] });
    const told = await ask(chainOf('targets: [openai/gpt-4o]\ndeadline: 60s'));
    expect([hangs(followed.seen), hangs(alone)]).toEqual([1, 2]);
    expect(told.text).toBe('Paris.');
  });
});

describe('Anthropic', () => {
  it('is held to the same limits, pings or not', async () => {
    const pings = Array(30).fill([1_000, claude.ping]).flat();
    const seen = fakeProviders({
      [anthropic]: [{ body: [claude.start, ...pings] }],
      [openai]: [chatStream('Paris.')],
    });
    const told = await ask(chainOf(`targets: [anthropic/claude-x, openai/gpt-4o]\n${limits}`));
    expect(told.meta?.hops?.[0]?.outcome).toBe('timeout: first token');
    expect(seen[1]?.at).toBe(5_000);
  });
});
