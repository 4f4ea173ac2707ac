import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { readReferenceChain } from '../../harness/chains/read-reference.ts';
import { parseReferenceSettings } from '../../harness/chains/reference-config.ts';

const read = (text: string) => parseReferenceSettings(text, 'my/chain.yaml');
const fixture = (name: string) =>
  readReferenceChain(resolve(import.meta.dirname, '../../fixtures/chains', name));

describe('the YAML of the reference chain', () => {
  it('needs targets only; everything else has a default', () => {
    expect(read('targets: [openai/gpt-4o]')).toEqual({
      name: 'chain',
      targets: [
        {
          provider: 'openai',
          model: 'gpt-4o',
          name: 'openai/gpt-4o',
          keyVariable: 'OPENAI_API_KEY',
          baseURL: 'https://api.openai.com/v1',
          hasOwnURL: false,
          region: null,
          wire: 'openai-chat',
        },
      ],
      stream: true,
      maxTokens: 1024,
      attempt: { timeoutMs: 20_000, headersMs: null, firstTokenMs: 8_000, idleMs: 8_000 },
      deadlineMs: 30_000,
      retry: { max: 1, backoff: { fromMs: 250, toMs: 4_000 }, jitter: 'full', hintCapMs: 5_000 },
      afterPayload: 'error',
      cache: null,
      quality: null,
      breaker: null,
      balance: null,
      degrade: null,
      events: null,
    });
  });

  it('shortens the default of a part where the whole is shorter', () => {
    expect(read('targets: [openai/gpt-4o]\nattempt: { timeout: 2s }').attempt).toMatchObject({
      firstTokenMs: 2_000,
      idleMs: 2_000,
    });
  });

  it('fills in the layers that it names', () => {
    const { breaker, balance, cache } = read(
      'targets: [openai/gpt-4o]\nbreaker: {}\nbalance: { strategy: healthy-weighted }\n' +
        'cache: { exact: true, semantic: { threshold: 0.92 } }',
    );
    expect(breaker).toEqual({ failures: 5, cooldownMs: 30_000 });
    expect(balance).toEqual({ strategy: 'healthy-weighted' });
    expect(cache).toMatchObject({
      exact: true,
      semantic: {
        threshold: 0.92,
        timeoutMs: 1_000,
        target: { name: 'openai/text-embedding-3-small', keyVariable: 'OPENAI_API_KEY' },
      },
    });
  });

  it.each([
    [
      'breaker: { failures: 0 }',
      'my/chain.yaml:2: breaker.failures: expected a number of at least 1',
    ],
    ['breaker: { cooldown: 0s }', 'my/chain.yaml:2: breaker.cooldown: expected more than 0ms'],
    ['balance: {}', 'my/chain.yaml:2: balance.strategy: is missing: write healthy-weighted'],
    ['events: console', 'my/chain.yaml:2: events: expected otel'],
    ['quality:', 'my/chain.yaml:2: quality: expected a map, found nothing'],
    [
      'quality: { minimum: 0, critical: try-later, measured: m.yaml }',
      'my/chain.yaml:2: quality.minimum: expected more than 0; leave quality out for no minimum',
    ],
    [
      'quality: { minimum: 0.6, critical: answer, measured: m.yaml }',
      'my/chain.yaml:2: quality.critical: expected try-later; leave quality out to answer anyhow',
    ],
    [
      'quality: { minimum: 0.6, critical: try-later, measured: none.yaml }',
      /my\/chain\.yaml:2: quality\.measured: there is no .*my\/none\.yaml: measure it with firedrill/,
    ],
    ['cache: { exact: true, semantic: {} }', 'cache.semantic.threshold: is missing'],
    ['cache: { exact: true, semantic: { threshold: 0 } }', 'expected more than 0, like 0.92'],
    [
      'cache: { exact: true, semantic: { threshold: 0.9, model: anthropic/claude-x } }',
      'expected openai/MODEL, like openai/text-embedding-3-small',
    ],
    ['cache: { exact: false }', 'cache.exact: expected true; leave cache out for none'],
    ['cache: {}', 'cache.exact: is missing'],
    ['retries: 3', 'my/chain.yaml:2: unknown key "retries"'],
    ['retry: { max: 1, backof: 1s }', 'unknown key "backof"'],
    ['retry: { backoff: fast }', 'retry.backoff: expected a range like 250ms..4s'],
    ['deadline: 20', 'my/chain.yaml:2: deadline:'],
    ['deadline: 0s', 'expected more than 0ms'],
    ['attempt: { timeout: 2s, idle: 3s }', 'attempt.idle: is longer than the whole attempt'],
    ['afterPayload: retry', 'expected one of error, continue'],
    ['degrade: ""', 'my/chain.yaml:2: degrade:'],
  ])('refuses "%s" and says where and why', (line, message) => {
    expect(() => read(`targets: [openai/gpt-4o]\n${line}`)).toThrow(message);
  });

  it.each([
    ['[]', 'my/chain.yaml:1: targets:'],
    ['[gpt-4o]', 'expected openai/MODEL or anthropic/MODEL'],
    ['[mistral/large]', 'expected openai/MODEL or anthropic/MODEL'],
    ['[openai/gpt-4o, openai/gpt-4o]', 'targets.1: is the same as a target before it'],
    ['[{ model: openai/gpt-4o, region: eu }]', 'write its baseURL too'],
    ['[{ model: openai/gpt-4o, key: sk-proj-123 }]', 'never the key itself'],
    ['[{ model: openai/gpt-4o, baseURL: eu.api.openai.com }]', 'expected a URL'],
    ['[{ model: anthropic/claude-x, wire: openai-responses }]', 'is for openai targets only'],
  ])('refuses the targets %s', (targets, message) => {
    expect(() => read(`targets: ${targets}`)).toThrow(message);
  });

  it('never repeats a key that was written by mistake', () => {
    expect(() => read('targets: [{ model: openai/gpt-4o, key: sk-proj-123 }]')).not.toThrow(
      'sk-proj-123',
    );
  });
});

describe('a chain that was read', () => {
  it('tells its targets, its limits, its hosts and its own reply', () => {
    const chain = fixture('two-regions.yaml');
    expect(chain).toMatchObject({
      name: 'two-regions',
      targets: ['openai/gpt-4o', 'openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'],
      degradeText: 'The assistant is unavailable right now. Please try again in a few minutes.',
      limits: {
        attempts: 6,
        attemptMs: 8_000,
        idleMs: 3_000,
        deadlineMs: 20_000,
        // The longest hint, and the spread behind it.
        hintCapMs: 5_000,
        refusal: 'surface',
      },
      hosts: [{ host: 'eu.api.openai.com', provider: 'openai', region: 'eu' }],
      isolate: false,
    });
  });

  it('starts with fresh state every time', async () => {
    vi.stubEnv('OPENAI_API_KEY', 'sk-a');
    vi.stubEnv('ANTHROPIC_API_KEY', 'sk-b');
    const { factory } = fixture('gpt-first.yaml');
    expect(await factory({ stream: true })).not.toBe(await factory({ stream: true }));
    vi.unstubAllEnvs();
  });

  it.each(
    readdirSync(resolve(import.meta.dirname, '../../fixtures/chains')).filter((name) =>
      name.endsWith('.yaml'),
    ),
  )('ships as %s', (name) => {
    expect(fixture(name).targets.length).toBeGreaterThan(1);
  });
});
