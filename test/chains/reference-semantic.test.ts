import { describe, expect, it, vi } from 'vitest';
import type { Question } from '../../harness/chains/chain.ts';
import type { ChainEvent } from '../../harness/chains/chain-event.ts';
import { ask, chainOf, inFakeTime, openai, question } from './fake-providers.ts';
import { fakeVectors } from './fake-vectors.ts';
import { chatStream, rejected } from './wire-events.ts';

const yaml = `
targets: [openai/gpt-4o]
retry: { max: 0 }
breaker: { failures: 2, cooldown: 30s }
cache: { exact: true, semantic: { threshold: 0.9, ask: first, timeout: 500ms } }
degrade: Later.
`;

inFakeTime();

const asking = (prompt: string, more: Partial<Question> = {}): { question: Question } => ({
  question: { ...question, ...more, prompt },
});
const capital = 'What is the capital of France?';
const near = 'Which is the capital of France?';
const far = 'How tall is the tower?';

/** Where prompts point, in tenths of a right angle: 0 is the same, 10 has nothing in common. */
const angles: Record<string, number> = { [capital]: 0, [near]: 1, [far]: 9 };

function desk(given: Parameters<typeof fakeVectors>[0] = {}) {
  const seen = fakeVectors({ angles, ...given });
  const events: ChainEvent[] = [];
  const chain = chainOf(yaml, undefined, (event) => events.push(event));
  const asked = (path: string): number => seen.filter((one) => one.path.endsWith(path)).length;
  return { chain, seen, events, asked };
}

describe('the semantic cache', () => {
  it('answers a question in other words, and tells that it did', async () => {
    const { chain, events, asked } = desk();
    await ask(chain, asking(capital));
    const told = await ask(chain, asking(near));
    expect(told).toMatchObject({ text: 'Paris.', meta: { served: 'cache' } });
    expect(told.meta?.usage).toEqual({ input: 7, output: 0 });
    expect(asked('/chat/completions')).toBe(1);
    expect(asked('/embeddings')).toBe(1);
    const hit = events.find(({ kind }) => kind === 'hit');
    expect(hit).toMatchObject({ call: 2, reason: 'semantic' });
    expect(hit?.similarity).toBeCloseTo(Math.cos(Math.PI / 20), 5);
  });

  it('asks for no vectors before there is anything to compare with', async () => {
    const { chain, asked } = desk();
    await ask(chain, asking(capital));
    expect(asked('/embeddings')).toBe(0);
  });

  it('asks for the vector of each question once', async () => {
    const { chain, seen } = desk();
    for (const prompt of [capital, far, near]) await ask(chain, asking(prompt));
    const inputs = seen.flatMap(({ path, body }) => (/embed/.test(path) ? [body.input] : []));
    expect(inputs).toEqual([
      [far, capital],
      [near, far],
    ]);
  });

  it.each([
    ['a question that is too far away', asking(far)],
    ['one under other instructions', asking(near, { system: 'Be polite.' })],
    ['one that wants another form', asking(near, { schema: { type: 'object' } })],
    ['one with another number in it', asking(`${near} (7)`)],
    ['a critical one', asking(near, { critical: true })],
  ])('leaves %s to the targets', async (_, other) => {
    const { chain, asked } = desk();
    await ask(chain, asking(capital));
    const told = await ask(chain, other);
    expect(told.meta?.served).toBe('openai/gpt-4o');
    expect(asked('/chat/completions')).toBe(2);
  });

  it.each([
    ['fails', rejected(503), '503'],
    ['is limited', rejected(429, {}, { 'retry-after': '20' }), '429'],
    ['is silent', { headersAfter: 'never' as const }, 'timeout: total'],
    ['sends too few vectors', { body: ['{"data":[{"embedding":[1,0]}]}'] }, 'malformed'],
    [
      'sends no numbers',
      { body: ['{"data":[{"embedding":["a"]},{"embedding":["b"]}]}'] },
      'malformed',
    ],
  ])('takes no call with it where the embedding model %s', async (_, script, outcome) => {
    const { chain, events } = desk({ embeddings: [script] });
    await ask(chain, asking(capital));
    const told = await ask(chain, asking(near));
    expect(told).toMatchObject({ text: 'Paris.', meta: { served: 'openai/gpt-4o' } });
    expect(told.at).toBeLessThan(600);
    expect(told.meta?.hops?.[0]).toEqual({ target: 'openai/text-embedding-3-small', outcome });
    expect(events.filter(({ kind }) => kind === 'no-vectors')).toMatchObject([{ reason: outcome }]);
  });

  it('leaves an embedding model alone for a while that is down', async () => {
    const { chain, asked } = desk({ embeddings: [rejected(503)] });
    for (const prompt of [capital, `${capital} `, `${capital}  `, near]) {
      await ask(chain, asking(prompt));
    }
    expect(asked('/embeddings')).toBe(2);
  });

  it('keeps no polite reply and no broken answer', async () => {
    const broken = { body: [...(chatStream('Par').body ?? []).slice(0, 2), 50, 'RESET' as const] };
    const { chain } = desk({ chat: [rejected(503), broken, chatStream('Paris.')] });
    expect((await ask(chain, asking(capital))).text).toBe('Later.');
    expect((await ask(chain, asking(near))).text).toBe('Par');
    // Its breaker has seen two failures.
    await vi.advanceTimersByTimeAsync(30_000);
    expect((await ask(chain, asking(`${near} `))).meta?.served).toBe('openai/gpt-4o');
  });

  it('goes with its caller', async () => {
    const { chain, seen } = desk({ embeddings: [{ headersAfter: 'never' }] });
    await ask(chain, asking(capital));
    const caller = new AbortController();
    setTimeout(() => caller.abort(new Error('gone')), 10);
    const told = await ask(chain, { ...asking(near), signal: caller.signal });
    expect(told.error?.message).toBe('gone');
    expect(seen.filter(({ host }) => host === openai)).toHaveLength(2);
  });
});

describe('the semantic cache that is asked last', () => {
  const last = yaml.replace('ask: first', 'ask: last');

  it('leaves what a target answers to the target, and asks for no vectors', async () => {
    const seen = fakeVectors({ angles });
    const chain = chainOf(last);
    await ask(chain, asking(capital));
    const told = await ask(chain, asking(near));
    expect(told.meta?.served).toBe('openai/gpt-4o');
    expect(seen.filter(({ path }) => path.endsWith('/embeddings'))).toEqual([]);
  });

  it('answers in the place of the polite reply, and tells who had failed', async () => {
    fakeVectors({ angles, chat: [chatStream('Paris.'), rejected(503)] });
    const chain = chainOf(last);
    await ask(chain, asking(capital));
    const told = await ask(chain, asking(near));
    expect(told).toMatchObject({ text: 'Paris.', meta: { served: 'cache' } });
    expect(told.meta?.hops).toEqual([{ target: 'openai/gpt-4o', outcome: '503' }]);
    expect((await ask(chain, asking(far))).text).toBe('Later.');
  });

  it('routes around no refusal', async () => {
    const refused = rejected(400, { code: 'content_policy_violation' });
    const seen = fakeVectors({ angles, chat: [chatStream('Paris.'), refused] });
    const chain = chainOf(last);
    await ask(chain, asking(capital));
    expect((await ask(chain, asking(near))).error).not.toBeNull();
    expect(seen.filter(({ path }) => path.endsWith('/embeddings'))).toEqual([]);
  });
});
