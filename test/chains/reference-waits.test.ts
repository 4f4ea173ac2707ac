import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { Scripted } from './fake-providers.ts';
import {
  anthropic,
  ask,
  chainOf,
  fakeProviders,
  inFakeTime,
  openai,
  opened,
} from './fake-providers.ts';
import { chatStream, claudeStream, rejected } from './wire-events.ts';

const two = `
targets: [openai/gpt-4o, anthropic/claude-3-5-sonnet-latest]
attempt: { timeout: 8s, firstToken: 5s, idle: 3s }
deadline: 20s`;

inFakeTime();

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
    const answer = await opened(chainOf(two));
    for await (const _ of answer.text) break;
    expect(seen[0]?.aborted).toBe(true);
  });

  it('at some later time finds no listener left on the signal', async () => {
    fakeProviders({ [openai]: [rejected(500)], [anthropic]: [claudeStream('Paris.')] });
    const { signal } = new AbortController();
    const told = await ask(chainOf(two), { signal });
    expect(told.meta?.hops).toHaveLength(3);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('before the question costs no request', async () => {
    const seen = fakeProviders({ [openai]: [chatStream('Paris.')] });
    const told = await ask(chainOf(two), { signal: AbortSignal.abort(new Error('gone')) });
    expect(told.error?.message).toBe('gone');
    expect(seen).toHaveLength(0);
  });
});
