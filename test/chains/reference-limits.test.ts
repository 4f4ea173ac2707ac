import { describe, expect, it, vi } from 'vitest';
import type { Scripted } from './fake-providers.ts';
import {
  anthropic,
  ask,
  chainOf,
  chat,
  chatStream,
  claude,
  claudeStream,
  fakeProviders,
  inFakeTime,
  openai,
  question,
  rejected,
} from './fake-providers.ts';

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
      const own = two.replace('attempt: {', 'attempt: { headers: 2s,');
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
    const answer = await chainOf(two)(question, new AbortController().signal);
    if (typeof answer === 'string' || !('text' in answer)) throw new Error('no stream');
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
    ['a reset behind the marker', [chat.text('Paris.'), chat.finish('stop'), 'RESET']],
  ])('is whole with %s', async (_, body) => {
    const { told } = await afterPrimary({ body: body as string[] });
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

  it('leaves a hanging target for the next one, and repeats it only where there is time', async () => {
    const hang: Scripted = { headersAfter: 'never' };
    const short = await afterPrimary(hang);
    const long = await afterPrimary(hang, two.replace('20s', '60s'));
    const hangs = (seen: { host: string }[]) => seen.filter((one) => one.host === openai).length;
    expect([hangs(short.seen), hangs(long.seen)]).toEqual([1, 2]);
  });
});

describe('a rate limit', () => {
  const limited = (headers: Record<string, string>) =>
    rejected(429, { code: 'rate_limit_exceeded' }, headers);
  const retry = 'retry: { max: 1, backoff: 250ms..4s, hintCap: 3s }';

  async function gapAfter(headers: Record<string, string>, random = 0) {
    const seen = fakeProviders({
      [openai]: [limited(headers), chatStream('Paris.')],
      [anthropic]: [claudeStream('Paris.')],
    });
    await ask(chainOf(`${two}\n${retry}`, () => random));
    return { next: seen[1]?.host, gap: (seen[1]?.at ?? 0) - (seen[0]?.at ?? 0) };
  }

  it.each([
    ['seconds', () => ({ 'retry-after': '2' }), 2_000],
    ['ms, which win', () => ({ 'retry-after-ms': '700', 'retry-after': '2' }), 700],
    ['a date', () => ({ 'retry-after': new Date(Date.now() + 2_500).toUTCString() }), 1_500],
    ['the cap', () => ({ 'retry-after': '3' }), 3_000],
  ])('is waited out as it asks: %s', async (_, headers, least) => {
    const { next, gap } = await gapAfter(headers());
    expect(next).toBe(openai);
    expect(gap).toBeGreaterThanOrEqual(least);
    expect(gap).toBeLessThan(least + 1_500);
  });

  it.each([
    ['longer than the cap', '4'],
    ['three days', '277403'],
  ])('that asks for %s is left for the next target at once', async (_, hint) => {
    const { next, gap } = await gapAfter({ 'retry-after': hint });
    expect(next).toBe(anthropic);
    expect(gap).toBeLessThan(100);
  });

  it.each(['-1', 'soon', '', 'NaN', 'Mon, 01 Jan 2001 00:00:00 GMT'])(
    'with the unusable hint "%s" is met with backoff, spread over many callers',
    async (hint) => {
      const early = await gapAfter({ 'retry-after': hint }, 0);
      const late = await gapAfter({ 'retry-after': hint }, 1);
      expect([early.next, late.next]).toEqual([openai, openai]);
      expect(early.gap).toBeLessThan(300);
      expect(late.gap).toBeGreaterThanOrEqual(2_000);
    },
  );

  it('is not waited for where the deadline leaves no room', async () => {
    const seen = fakeProviders({
      [openai]: [limited({ 'retry-after': '2' })],
      [anthropic]: [claudeStream('Paris.')],
    });
    await ask(chainOf(`${two.replace('20s', '3s')}\n${retry}`));
    expect(seen.map((one) => one.host)).toEqual([openai, anthropic]);
  });
});

describe('a caller who gives up', () => {
  const giveUpAt = async (script: Scripted, ms: number) => {
    const seen = fakeProviders({ [openai]: [script], [anthropic]: [claudeStream('Paris.')] });
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('closed the tab')), ms);
    const told = await ask(chainOf(`${two}\ndegrade: Later, please.`), {
      signal: controller.signal,
    });
    return { told, seen };
  };

  it.each([
    ['an attempt', { headersAfter: 'never' }],
    ['a stream', chatStream('Par', 2_500, 'is.')],
    ['a wait', rejected(429, {}, { 'retry-after': '2' })],
  ] satisfies [string, Scripted][])('ends %s at once, and nothing follows', async (_, script) => {
    const { told, seen } = await giveUpAt(script, 1_000);
    expect(told.error?.message).toBe('closed the tab');
    expect(told.at).toBe(1_000);
    expect(seen).toHaveLength(1);
  });

  it('who stops reading stops the request too', async () => {
    const seen = fakeProviders({ [openai]: [chatStream('Par', 'is.', 'HANG')] });
    const answer = await chainOf(two)(question, new AbortController().signal);
    if (typeof answer === 'string' || !('text' in answer)) throw new Error('no stream');
    for await (const _ of answer.text) break;
    expect(seen[0]?.aborted).toBe(true);
  });

  it('before the question costs no request', async () => {
    const seen = fakeProviders({ [openai]: [chatStream('Paris.')] });
    const told = await ask(chainOf(two), { signal: AbortSignal.abort(new Error('gone')) });
    expect(told.error?.message).toBe('gone');
    expect(seen).toHaveLength(0);
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
