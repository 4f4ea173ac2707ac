import { beforeEach, describe, expect, it, vi } from 'vitest';
import { stream } from '../../harness/rng.ts';
import type { Scripted } from './fake-providers.ts';
import { anthropic, ask, chainOf, fakeProviders, inFakeTime, openai } from './fake-providers.ts';
import { chatStream, claudeStream, rejected } from './wire-events.ts';

const pool = `
targets:
  - openai/gpt-4o
  - { model: openai/gpt-4o, key: OPENAI_API_KEY_2 }
  - { model: openai/gpt-4o, region: eu, baseURL: "https://eu.api.openai.com/v1" }
  - anthropic/claude-3-5-sonnet-latest
attempt: { timeout: 8s, firstToken: 3s, idle: 3s }
deadline: 20s
retry: { max: 1 }
balance: { strategy: healthy-weighted }
`;
const eu = 'eu.api.openai.com';

inFakeTime();
beforeEach(() => vi.stubEnv('OPENAI_API_KEY_2', 'sk-third'));

/** How often each member of the pool is asked first, in so many calls. */
async function firstAsked(calls: number, scripts: Record<string, Scripted[]>, seed = 1) {
  const seen = fakeProviders({ [anthropic]: [claudeStream('Paris.')], ...scripts });
  const rng = stream(seed, 'balance');
  const chain = chainOf(pool, () => rng.next());
  const counts: Record<string, number> = {};
  for (let call = 0; call < calls; call++) {
    const before = seen.length;
    const told = await ask(chain);
    expect(told.text).toBe('Paris.');
    const { host = '', key = '' } = seen[before] ?? {};
    const who = host === openai ? String(key).slice('Bearer '.length) : host;
    counts[who] = (counts[who] ?? 0) + 1;
  }
  return { counts, seen };
}

describe('a pool of keys and regions', () => {
  it('shares calls evenly while all of it is well', async () => {
    const well = [chatStream('Paris.')];
    const { counts } = await firstAsked(300, { [openai]: well, [eu]: well });
    expect(Object.keys(counts).sort()).toEqual([eu, 'sk-first', 'sk-third']);
    // Six standard deviations of a fair share.
    for (const count of Object.values(counts)) expect(Math.abs(count - 100)).toBeLessThan(49);
  });

  it('asks a member that fails less, and comes back to it', async () => {
    const broken = Array.from({ length: 30 }, () => rejected(503));
    const { counts } = await firstAsked(150, {
      [openai]: [chatStream('Paris.')],
      [eu]: [...broken, chatStream('Paris.')],
    });
    expect(counts[eu] ?? 0).toBeLessThan(20);
    const { counts: later } = await firstAsked(300, {
      [openai]: [chatStream('Paris.')],
      [eu]: [rejected(503), chatStream('Paris.')],
    });
    expect(later[eu] ?? 0).toBeGreaterThan(30);
  });

  it('asks the next member at once where one is limited, and rests that one', async () => {
    const limited = rejected(429, { code: 'rate_limit_exceeded' }, { 'retry-after': '2' });
    const { counts, seen } = await firstAsked(40, {
      [openai]: [chatStream('Paris.')],
      [eu]: [limited],
    });
    expect(counts[eu]).toBe(1);
    const at = seen.findIndex(({ host }) => host === eu);
    expect(seen[at + 1]?.host).toBe(openai);
    expect((seen[at + 1]?.at ?? 0) - (seen[at]?.at ?? 0)).toBeLessThan(10);
  });

  it('costs no more attempts than its members, and keeps the order of the chain', async () => {
    const seen = fakeProviders({
      [openai]: [rejected(503)],
      [eu]: [rejected(503)],
      [anthropic]: [claudeStream('Paris.')],
    });
    const told = await ask(chainOf(pool, () => 0.5));
    expect(seen.map(({ host }) => host).sort()).toEqual([anthropic, openai, openai, eu].sort());
    expect(seen.at(-1)?.host).toBe(anthropic);
    expect(new Set(seen.slice(0, 3).map(({ host, key }) => `${host} ${key}`)).size).toBe(3);
    expect(told.meta?.served).toBe('anthropic/claude-3-5-sonnet-latest');
  });

  it('is an ordinary list of targets without balance', async () => {
    const seen = fakeProviders({ [openai]: [chatStream('Paris.')] });
    const chain = chainOf(pool.replace(/balance:.*\n/, ''));
    for (let call = 0; call < 5; call++) await ask(chain);
    expect(seen.map(({ key }) => key)).toEqual(Array(5).fill('Bearer sk-first'));
  });
});
