import { describe, expect, it } from 'vitest';
import { shippedTargets } from '../../harness/project.ts';
import { stream } from '../../harness/rng.ts';
import { parseYaml } from '../../harness/scenario/yaml-file.ts';
import { askedHost } from '../../harness/upstream/asked-host.ts';
import { createTargets, readTargets, targetsSchema } from '../../harness/upstream/targets.ts';

const facts = (p50: string, price = 2): string =>
  `{ ttft: { p50: ${p50}, p95: 1s, source: s }, speed: { tokensPerSecond: 50, source: s }, price: { input: ${price}, output: 8, source: s } }`;
const read = (text: string) => parseYaml(text, 'targets.yaml', targetsSchema);
const file = (text: string) =>
  read(`hosts:\n  - { host: api.openai.com, provider: openai }\n${text}`);

describe('the shipped targets', () => {
  const targets = createTargets(readTargets([shippedTargets]));

  it('know whose the usual hosts are', () => {
    expect(targets.host('api.openai.com')).toEqual({ provider: 'openai', region: 'us' });
    expect(targets.host('eu.api.openai.com')).toEqual({ provider: 'openai', region: 'eu' });
    expect(targets.host('api.anthropic.com')).toMatchObject({ provider: 'anthropic' });
    expect(targets.host('example.com')).toBeNull();
    expect(targets.providers()).toEqual(expect.arrayContaining(['openai', 'anthropic']));
  });

  it('know hosts by a name above theirs, and how each tells its errors', () => {
    const desk = targets.host('desk.openai.azure.com');
    expect(desk).toEqual({ provider: 'azure', region: null, dialect: 'azure' });
    expect(targets.host('openai.azure.com')).toBeNull();
    expect(targets.host('api.x.ai')).toMatchObject({ provider: 'xai', dialect: 'xai' });
    expect(targets.host('localhost:8000')).toMatchObject({ dialect: 'vllm' });
    expect(targets.host('api.openai.com')).not.toHaveProperty('dialect');
  });

  it('know which models give vectors', () => {
    expect(targets.embeddings()).toEqual([
      'openai/text-embedding-3-small',
      'openai/text-embedding-3-large',
      'openai/text-embedding-ada-002',
    ]);
  });

  it('have a price and a pace for every model, if only an assumed one', () => {
    for (const target of ['openai/gpt-4o', 'openai/some-new-model']) {
      expect(targets.price(target)?.input).toBeGreaterThan(0);
      expect(targets.medianTtftMs(target)).toBeGreaterThan(0);
    }
  });
});

it('draws times to the first token with the median and 95th percentile of the file', () => {
  const targets = createTargets([file(`models: { openai/gpt-4o: ${facts('250ms')} }`)]);
  const rng = stream(1, 'pace');
  const times = Array.from({ length: 20_000 }, () => targets.pace('openai/gpt-4o', rng).ttftMs);
  times.sort((a, b) => a - b);
  expect(Math.abs((times[10_000] ?? 0) / 250 - 1)).toBeLessThan(0.03);
  expect(Math.abs((times[19_000] ?? 0) / 1000 - 1)).toBeLessThan(0.06);
  expect(times[0]).toBeGreaterThanOrEqual(1);
});

it('lets later files win over earlier ones, and a chain’s own hosts over all', () => {
  const shipped = file(`models: { openai/gpt-4o: ${facts('250ms')} }`);
  const own = read(
    `hosts: [{ host: api.openai.com, provider: proxy, region: eu }]\nmodels: { openai/gpt-4o: ${facts('100ms', 9)} }`,
  );
  const targets = createTargets(
    [shipped, own],
    [{ host: 'localhost:4000', provider: 'x', region: null }],
  );
  expect(targets.host('api.openai.com')).toEqual({ provider: 'proxy', region: 'eu' });
  expect(targets.host('localhost:4000')).toEqual({ provider: 'x', region: null });
  expect(targets.medianTtftMs('openai/gpt-4o')).toBe(100);
  expect(targets.price('openai/gpt-4o')).toMatchObject({ input: 9, output: 8 });
});

it('takes what a later file leaves out from an earlier one, else as assumed', () => {
  const assumed = `assumed: { rejection: { p50: 1ms, p95: 1ms, why: x }, model: ${facts('700ms').replace(/}$/, ', why: x }')} }`;
  const shipped = file(`models: { openai/gpt-4o: ${facts('250ms')} }\n${assumed}`);
  const price = '{ price: { input: 7, output: 9, source: s } }';
  const priced = read(`models: { openai/gpt-4o: ${price}, openai/new: ${price} }`);
  const targets = createTargets([shipped, priced, read('hosts: []')]);
  expect(targets.price('openai/gpt-4o')).toMatchObject({ input: 7, output: 9 });
  expect(targets.medianTtftMs('openai/gpt-4o')).toBe(250);
  expect(targets.knows('openai/gpt-4o')).toBe(true);
  expect(targets.price('openai/new')).toMatchObject({ input: 7, output: 9 });
  expect(targets.medianTtftMs('openai/new')).toBe(700);
  expect(targets.knows('openai/new')).toBe(false);
  expect(targets.host('api.openai.com')).toMatchObject({ provider: 'openai' });
});

it('takes a name of its own before a star, and the nearest star before others', () => {
  const starred = read(
    `hosts:
  - { host: "*.example.com", provider: far, dialect: xai }
  - { host: "*.eu.example.com", provider: near, dialect: groq }
  - { host: one.eu.example.com, provider: own }
models: {}`,
  );
  const own = [{ host: 'two.example.com', provider: 'mine', region: 'eu' }];
  const targets = createTargets([starred], own);
  expect(targets.host('one.eu.example.com')).toEqual({ provider: 'own', region: null });
  expect(targets.host('x.eu.example.com')).toMatchObject({ provider: 'near', dialect: 'groq' });
  expect(targets.host('a.b.example.com')).toMatchObject({ provider: 'far' });
  expect(targets.host('example.com')).toBeNull();
  // A chain that names a host says whose it is; how it speaks is known from the file.
  const mine = targets.host('two.example.com');
  expect(mine).toEqual({ provider: 'mine', region: 'eu', dialect: 'xai' });
});

it('tells several providers behind one host apart by the wire', () => {
  const at = (provider: string) => ({ host: 'localhost:4517', provider, region: null });
  const targets = createTargets([file('models: {}')], [at('openai'), at('anthropic')]);
  const host = targets.host('localhost:4517');
  if (!host) throw new Error('the host is not known');
  expect(askedHost(host, 'openai-chat').provider).toBe('openai');
  expect(askedHost(host, 'openai-responses').provider).toBe('openai');
  expect(askedHost(host, 'anthropic-messages').provider).toBe('anthropic');
  expect(targets.providers()).toEqual(['openai', 'anthropic']);
  const alone = createTargets([file('models: {}')], [at('openai')]).host('localhost:4517');
  expect(alone && askedHost(alone, 'anthropic-messages').provider).toBe('openai');
});

it('has no price where nobody names one, and a pace all the same', () => {
  const bare = createTargets([file('models: {}')]);
  expect(bare.price('openai/gpt-4o')).toBeNull();
  const { ttftMs, tokensPerSecond, rejectMs } = bare.pace('openai/gpt-4o', stream(1, 'pace'));
  const figures = [ttftMs, tokensPerSecond, rejectMs];
  expect(figures.every((value) => Number.isFinite(value) && value > 0)).toBe(true);
});

it('takes recorded times as they are, so many times as long, or not at all', () => {
  const factor = (...texts: string[]) => {
    const targets = createTargets(texts.map(read));
    return targets.pace('openai/gpt-4o', stream(1, 'pace')).replaying?.factor ?? null;
  };
  expect(factor('hosts: []')).toBe(1);
  expect(factor('recordedTimes: 2.5')).toBe(2.5);
  expect(factor('recordedTimes: unused')).toBeNull();
  expect(factor('recordedTimes: unused', 'recordedTimes: exact')).toBe(1);
  const own = 'models: { openai/gpt-4o: { recordedTimes: 3 }, openai/other: {} }';
  expect(factor(`recordedTimes: unused\n${own}`)).toBe(3);
});

describe('a targets file that is wrong', () => {
  it.each([
    ['recordedTimes: 0\nmodels: {}', /recordedTimes: .*number|recordedTimes: expected exact/],
    ['recordedTimes: recorded\nmodels: {}', /recordedTimes: expected exact, unused, or so many/],
    [`models: { gpt-4o: ${facts('250ms')} }`, /models\.gpt-4o: expected provider\/model/],
    [`models: { openai/gpt-4o: ${facts('0s')} }`, /ttft\.p50: expected a duration above 0/],
    [`models: { openai/gpt-4o: ${facts('2s')} }`, /ttft\.p95: is below p50/],
    [
      `models: { openai/gpt-4o: ${facts('1ms', -1)} }`,
      /price\.input: expected a number of at least 0/,
    ],
    ['models: { openai/gpt-4o: { ttft: 250ms } }', /ttft: expected a map, found "250ms"/],
    [
      'model: {}',
      /unknown key "model" \(did you mean models\?\): write one of hosts, assumed, recordedTimes, models/,
    ],
    [
      'models: {}\nassumed: { rejection: { p50: 2s, p95: 1s, why: x } }',
      /p95: is below p50|model: is missing/,
    ],
  ])('%s', (text, message) => expect(() => file(text)).toThrow(message));

  it('hints at the dialect that was meant', () => {
    expect(() =>
      read('hosts: [{ host: a.b, provider: a, dialect: open-router }]\nmodels: {}'),
    ).toThrow(
      /dialect: expected one of azure, .*, found "open-router" \(did you mean openrouter\?\)/,
    );
  });

  it('names file and line', () => {
    expect(() => file('models:\n  openai/gpt-4o: 7')).toThrow(
      /^targets\.yaml:4: models\.openai\/gpt-4o: /,
    );
  });
});
