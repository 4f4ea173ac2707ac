import { describe, expect, it, vi } from 'vitest';
import type { ChainEvent } from '../../harness/chains/chain-event.ts';
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
import { chatStream, claudeStream, rejected } from './wire-events.ts';

const guarded = `
targets: [openai/gpt-4o, anthropic/claude-3-5-sonnet-latest]
attempt: { timeout: 8s, firstToken: 5s, idle: 3s }
deadline: 20s
retry: { max: 0 }
breaker: { failures: 3, cooldown: 30s }
`;

inFakeTime();

/** A chain whose primary answers by these scripts, the last one for ever. */
function behind(scripts: Scripted[], yaml = guarded) {
  const seen = fakeProviders({ [openai]: scripts, [anthropic]: [claudeStream('Par', 'is.')] });
  const events: ChainEvent[] = [];
  const chain = chainOf(yaml, undefined, (event) => events.push(event));
  const onPrimary = (): number => seen.filter((one) => one.host === openai).length;
  const breakerTold = (): (string | null)[] =>
    events.filter(({ kind }) => kind === 'breaker').map(({ reason }) => reason);
  return { chain, seen, events, onPrimary, breakerTold };
}

const down = rejected(503);

describe('the breaker of a target', () => {
  it('opens after so many failures in a row, and then nobody asks it', async () => {
    const { chain, onPrimary, events } = behind([down]);
    for (let call = 0; call < 3; call++) await ask(chain);
    expect(onPrimary()).toBe(3);
    const told = await ask(chain);
    expect(onPrimary()).toBe(3);
    expect(told.text).toBe('Paris.');
    expect(told.meta?.hops).toEqual([
      { target: 'openai/gpt-4o', outcome: 'skipped after 503' },
      { target: 'anthropic/claude-3-5-sonnet-latest', outcome: 'complete' },
    ]);
    const skips = events.filter(({ kind }) => kind === 'skip');
    expect(skips).toMatchObject([{ call: 4, from: 'openai/gpt-4o', to: null, reason: '503' }]);
  });

  it('counts failures in a row: an answer between them starts the count anew', async () => {
    const { chain, onPrimary } = behind([down, down, chatStream('Paris.'), down, down, down]);
    for (let call = 0; call < 6; call++) await ask(chain);
    expect(onPrimary()).toBe(6);
    await ask(chain);
    expect(onPrimary()).toBe(6);
  });

  it.each([
    ['a bad request', rejected(400, { code: 'invalid_request_error' })],
    ['a prompt too long', rejected(400, { code: 'context_length_exceeded' })],
    ['a rate limit of our account', rejected(429, { code: 'rate_limit_exceeded' })],
    ['a spent quota', rejected(429, { code: 'insufficient_quota' })],
    ['a wrong key', rejected(401, { code: 'invalid_api_key' })],
  ])('is not opened by %s', async (_, script) => {
    const { chain, onPrimary, breakerTold } = behind([script]);
    for (let call = 0; call < 8; call++) await ask(chain);
    expect(onPrimary()).toBe(8);
    expect(breakerTold()).toEqual([]);
  });

  it('is not opened by callers who leave', async () => {
    const { chain, onPrimary, breakerTold } = behind([{ headersAfter: 'never' }]);
    for (let call = 0; call < 8; call++) {
      const caller = new AbortController();
      setTimeout(() => caller.abort(new Error('gone')), 10);
      await ask(chain, { signal: caller.signal });
    }
    expect(onPrimary()).toBe(8);
    expect(breakerTold()).toEqual([]);
  });

  it.each([
    ['a silence', { headersAfter: 'never' } satisfies Scripted],
    ['a refused connection', { headersAfter: 'refused' } satisfies Scripted],
    ['an empty answer', chatStream('')],
  ])('is opened by %s', async (_, script) => {
    const { chain, breakerTold } = behind([script]);
    for (let call = 0; call < 3; call++) await ask(chain);
    expect(breakerTold()).toEqual(['open']);
  });

  it('lets one call see after its cool-down, and all others pass it over meanwhile', async () => {
    const slow: Scripted = { ...chatStream('Paris.'), headersAfter: 2_000 };
    const { chain, onPrimary, breakerTold } = behind([
      down,
      down,
      down,
      slow,
      chatStream('Paris.'),
    ]);
    for (let call = 0; call < 3; call++) await ask(chain);
    await vi.advanceTimersByTimeAsync(29_000);
    await ask(chain);
    expect(onPrimary()).toBe(3);
    await vi.advanceTimersByTimeAsync(1_500);
    const [probe, other] = await Promise.all([ask(chain), ask(chain)]);
    expect(onPrimary()).toBe(4);
    expect(probe.meta?.served).toBe('openai/gpt-4o');
    expect(other.meta?.served).toBe('anthropic/claude-3-5-sonnet-latest');
    const told = await ask(chain);
    expect(told.meta?.served).toBe('openai/gpt-4o');
    expect(breakerTold()).toEqual(['open', 'half-open', 'closed']);
  });

  it('stays open where the probe fails, and the probe is not asked again', async () => {
    const { chain, onPrimary, breakerTold } = behind([down], guarded.replace('max: 0', 'max: 1'));
    for (let call = 0; call < 2; call++) await ask(chain);
    expect(onPrimary()).toBe(3);
    await vi.advanceTimersByTimeAsync(30_000);
    await ask(chain);
    await ask(chain);
    expect(onPrimary()).toBe(4);
    expect(breakerTold()).toEqual(['open', 'half-open', 'open']);
  });

  it('learns nothing from a probe whose caller leaves, and sends no other at once', async () => {
    const never: Scripted = { headersAfter: 'never' };
    const { chain, onPrimary } = behind([down, down, down, never, chatStream('Paris.')]);
    for (let call = 0; call < 3; call++) await ask(chain);
    await vi.advanceTimersByTimeAsync(30_000);
    const caller = new AbortController();
    setTimeout(() => caller.abort(new Error('gone')), 10);
    await ask(chain, { signal: caller.signal });
    await ask(chain);
    expect(onPrimary()).toBe(4);
    await vi.advanceTimersByTimeAsync(30_000);
    expect((await ask(chain)).meta?.served).toBe('openai/gpt-4o');
  });

  it('is closed by a probe that is told no: whoever says so is there', async () => {
    const { chain, breakerTold } = behind([down, down, down, rejected(400)]);
    for (let call = 0; call < 3; call++) await ask(chain);
    await vi.advanceTimersByTimeAsync(30_000);
    await ask(chain);
    expect(breakerTold()).toEqual(['open', 'half-open', 'closed']);
  });

  it('is its own: another model of the provider is asked all the same', async () => {
    const seen = fakeProviders({ [openai]: [down, down, down, chatStream('Paris.')] });
    const yaml = guarded.replace('anthropic/claude-3-5-sonnet-latest', 'openai/gpt-4o-mini');
    const chain = chainOf(yaml.replace('failures: 3', 'failures: 2'));
    await ask(chain);
    await ask(chain);
    const asked = seen.length;
    const told = await ask(chain);
    expect(seen.slice(asked).map(({ body }) => body.model)).toEqual(['gpt-4o-mini']);
    expect(told.text).toBe('Paris.');
  });

  it('leaves an error with a status where all are open, and names them', async () => {
    fakeProviders({ [openai]: [down] });
    const chain = chainOf(guarded.replace(', anthropic/claude-3-5-sonnet-latest', ''));
    for (let call = 0; call < 3; call++) await ask(chain);
    const told = await ask(chain, { question });
    expect(told.error?.message).toBe('No target answered: openai/gpt-4o (skipped after 503).');
    expect(told.error?.status).toBe(503);
    expect(told.at).toBeLessThan(10);
  });

  it('is opened by no attempt that had less time than usual', async () => {
    const hurried = guarded.replace('deadline: 20s', 'deadline: 4s');
    const { chain, breakerTold } = behind([{ headersAfter: 'never' }], hurried);
    for (let call = 0; call < 5; call++) await ask(chain);
    expect(breakerTold()).toEqual([]);
  });
});

describe('a call that has nobody else left', () => {
  const overloaded = rejected(529);

  /** Both are left alone after three calls; later ones find Claude as it is in `then`. */
  async function allOpen(then: Scripted[]) {
    const claude = [overloaded, overloaded, overloaded, ...then];
    const seen = fakeProviders({ [openai]: [down], [anthropic]: claude });
    const chain = chainOf(guarded);
    for (let call = 0; call < 3; call++) await ask(chain);
    const asked = seen.length;
    return { chain, since: () => seen.slice(asked).map(({ host }) => host) };
  }

  it('asks a fallback before its cool-down is over, and the first target never', async () => {
    const { chain, since } = await allOpen([overloaded]);
    const told = await ask(chain);
    expect(since()).toEqual([anthropic]);
    expect(told.error?.message).toBe(
      'No target answered: openai/gpt-4o (skipped after 503), ' +
        'anthropic/claude-3-5-sonnet-latest (skipped after 529), ' +
        'anthropic/claude-3-5-sonnet-latest (529).',
    );
  });

  it('asks a fallback once more whose breaker it has just opened', async () => {
    const claude = [overloaded, overloaded, overloaded, claudeStream('Par', 'is.')];
    const seen = fakeProviders({ [openai]: [down], [anthropic]: claude });
    const chain = chainOf(guarded.replace('max: 0', 'max: 1'));
    await ask(chain);
    const told = await ask(chain);
    expect(told.text).toBe('Paris.');
    // Nobody asks the first target once more that has failed three times in a row.
    const hosts = [openai, openai, anthropic, anthropic, openai, anthropic, anthropic];
    expect(seen.map(({ host }) => host)).toEqual(hosts);
  });

  it('finds at once that a fallback is back, and all later calls do', async () => {
    const { chain, since } = await allOpen([claudeStream('Par', 'is.')]);
    const served = [await ask(chain), await ask(chain)].map(({ meta }) => meta?.served);
    const claude = 'anthropic/claude-3-5-sonnet-latest';
    expect([served, since()]).toEqual([
      [claude, claude],
      [anthropic, anthropic],
    ]);
  });

  it('asks nobody whom another call is asking, and waits a moment for what that one hears', async () => {
    const slow: Scripted = { ...overloaded, headersAfter: 2_000 };
    const { chain, since } = await allOpen([slow, overloaded]);
    const told = await Promise.all([ask(chain), ask(chain), ask(chain)]);
    expect(since()).toEqual([anthropic]);
    expect(told.map(({ error }) => error?.status)).toEqual([503, 503, 503]);
    expect(told.map(({ at }) => at)).toEqual([2_000, 1_000, 1_000]);
    await ask(chain);
    expect(since()).toEqual([anthropic, anthropic]);
  });

  it('asks too where that one is answered', async () => {
    const soon: Scripted = { ...claudeStream('Par', 'is.'), headersAfter: 300 };
    const { chain, since } = await allOpen([soon]);
    const told = await Promise.all([ask(chain), ask(chain), ask(chain)]);
    expect(told.map(({ text }) => text)).toEqual(['Paris.', 'Paris.', 'Paris.']);
    expect(since()).toEqual([anthropic, anthropic, anthropic]);
  });

  it('leaves nothing behind where its caller leaves while it waits', async () => {
    const slow: Scripted = { ...overloaded, headersAfter: 2_000 };
    const { chain, since } = await allOpen([slow]);
    const caller = new AbortController();
    setTimeout(() => caller.abort(new Error('gone')), 10);
    const [, left] = await Promise.all([ask(chain), ask(chain, { signal: caller.signal })]);
    expect(left.error?.message).toBe('gone');
    expect(since()).toEqual([anthropic]);
  });

  it('does not put off the cool-down of whom it asks', async () => {
    const { chain, since } = await allOpen([overloaded, claudeStream('Par', 'is.')]);
    await vi.advanceTimersByTimeAsync(20_000);
    await ask(chain);
    await vi.advanceTimersByTimeAsync(10_000);
    const told = await ask(chain);
    expect(since()).toEqual([anthropic, openai, anthropic]);
    expect(told.meta?.hops?.map(({ outcome }) => outcome)).toEqual(['503', 'complete']);
  });

  it('learns nothing from one whose caller leaves, and holds nobody up', async () => {
    const { chain, since } = await allOpen([{ headersAfter: 'never' }, claudeStream('Par', 'is.')]);
    const caller = new AbortController();
    setTimeout(() => caller.abort(new Error('gone')), 10);
    await ask(chain, { signal: caller.signal });
    expect((await ask(chain)).text).toBe('Paris.');
    expect(since()).toEqual([anthropic, anthropic]);
  });

  it('counts failures in a row anew after one has answered', async () => {
    const { chain, since } = await allOpen([claudeStream('Paris.'), overloaded, overloaded]);
    for (let call = 0; call < 3; call++) await ask(chain);
    const told = await ask(chain);
    expect(since()).toEqual([anthropic, anthropic, anthropic, anthropic]);
    expect(told.error?.message).not.toContain('skipped after 529');
  });
});
