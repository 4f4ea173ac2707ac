// Which chains a comparison makes of one: orders of its targets, or a grid over its settings.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { variantCandidates } from '../../harness/compare/candidate.ts';
import { dominators } from '../../harness/compare/pareto.ts';
import { permuted } from '../../harness/compare/permute.ts';
import { varied } from '../../harness/compare/vary.ts';

const targets = (count: number) => Array.from({ length: count }, (_, at) => `openai/m${at}`);
const names = (value: Record<string, unknown>, upTo: number | null) =>
  permuted(value, upTo, 'chain.yaml').map(({ name }) => name);

describe('orders', () => {
  it('are all there are, each once, the one of the file first', () => {
    const found = names({ targets: targets(4) }, null);
    expect(found).toHaveLength(24);
    expect(new Set(found).size).toBe(24);
    expect(found[0]).toBe('m0 > m1 > m2 > m3');
  });

  it('of up to two targets are the pairs, then the single ones', () => {
    expect(names({ targets: targets(3) }, 2)).toEqual([
      ...['m0 > m1', 'm0 > m2', 'm1 > m0', 'm1 > m2', 'm2 > m0', 'm2 > m1'],
      ...['m0', 'm1', 'm2'],
    ]);
  });

  it('name a region where the model alone tells nobody apart', () => {
    const eu = { model: 'openai/m0', region: 'eu', baseURL: 'https://eu.example/v1' };
    expect(names({ targets: ['openai/m0', eu] }, null)).toEqual([
      'openai/m0 > m0 (eu)',
      'm0 (eu) > openai/m0',
    ]);
  });

  it('that are more than anybody reads are refused', () => {
    expect(() => names({ targets: targets(6) }, null)).toThrow(
      'asks for 720 chains; at most 500 are compared: write a smaller --up-to',
    );
  });
});

describe('a grid', () => {
  const chain = { targets: targets(2), retry: { max: 1 }, cache: { exact: true } };

  it('has every combination, read as YAML reads it; null leaves a key out', () => {
    const words = ['retry.max=0,1', 'attempt.timeout=3s', 'cache=null', 'targets.1=openai/m9'];
    expect(varied(chain, words, 'chain.yaml')).toEqual(
      [0, 1].map((max) => {
        const name = `retry.max=${max} attempt.timeout=3s cache=null targets.1=openai/m9`;
        const value = {
          targets: ['openai/m0', 'openai/m9'],
          retry: { max },
          attempt: { timeout: '3s' },
        };
        return { name, words: `--vary ${name}`, value };
      }),
    );
    expect(chain.cache).toEqual({ exact: true });
  });

  it.each([
    ['retry.max', 'expected a setting and its values, like retry.max=0,1,2'],
    ['=3', 'expected a setting and its values'],
    ['retry..max=3', 'expected a setting and its values'],
    ['retry.max=[1', 'expected a setting and its values'],
    ['retry.max.more=3', 'max is 1, there is nothing inside of it'],
  ])('refuses %s', (word, why) => {
    expect(() => varied(chain, [word], 'chain.yaml')).toThrow(why);
  });

  it('takes a setting once', () => {
    expect(() => varied(chain, ['retry.max=1', 'retry.max=2'], 'chain.yaml')).toThrow(
      '--vary retry.max: is there twice',
    );
  });
});

describe('candidates', () => {
  const text = 'targets: [openai/m0, openai/m1]\nretry: { max: 1 }\n';
  const own = { file: '/project/chain.yaml', text, shown: 'chain.yaml' };
  const made = (...words: string[]) =>
    variantCandidates(own, varied(parse(text), words, own.shown), '/project/out/chains');

  it('are the file itself, and what differs from it in effect, each once', () => {
    const [current, ...others] = made('retry.max=0,1,0', 'deadline=30s');
    // 30s is what holds without a deadline.
    expect(current).toEqual({
      name: 'retry.max=1 deadline=30s',
      file: '/project/chain.yaml',
      text: null,
    });
    expect(others.map(({ name, file }) => [name, file])).toEqual([
      ['retry.max=0 deadline=30s', '/project/out/chains/002-retry.max-0-deadline-30s.yaml'],
    ]);
    expect(parse(others[0]?.text ?? '')).toEqual({
      targets: ['openai/m0', 'openai/m1'],
      retry: { max: 0 },
      deadline: '30s',
      name: 'retry.max=0 deadline=30s',
    });
  });

  it('that are no chains are told by the words that asked for them', () => {
    expect(() => made('retry.maks=1')).toThrow(/^chain\.yaml: --vary retry\.maks=1: .*maks/);
    expect(() => made('retry.max=1,99')).toThrow(/^chain\.yaml: --vary retry\.max=99: retry\.max/);
  });
});

describe('the Pareto front', () => {
  const figure = fc.integer({ min: 0, max: 3 });
  const figures = fc.record({
    availability: figure,
    latency_ms: fc.record({ p95: fc.option(figure) }),
    quality: fc.record({ drop: figure }),
    cost_per_call_usd: figure,
  });

  it('leaves out just those that another one beats without losing anywhere', () => {
    const loss = (one: { availability: number; latency_ms: { p95: number | null } }) => [
      -one.availability,
      one.latency_ms.p95 ?? Number.POSITIVE_INFINITY,
    ];
    fc.assert(
      fc.property(fc.array(figures, { minLength: 1, maxLength: 8 }), (all) => {
        const losses = all.map((one) => [...loss(one), one.quality.drop, one.cost_per_call_usd]);
        const beats = (a: number[], b: number[]) =>
          a.every((each, at) => each <= (b[at] ?? 0)) && String(a) !== String(b);
        const wanted = losses.map((own) => losses.some((other) => beats(other, own)));
        expect(dominators(all).map((by) => by !== null)).toEqual(wanted);
      }),
    );
  });
});
