import { expect, it } from 'vitest';
import type { Chain } from '../../harness/chains/chain.ts';
import { defaultLimits } from '../../harness/limits.ts';
import { parseScenario } from '../../harness/scenario/scenario.ts';
import { settingOf, viewOf } from '../../harness/trial/setting.ts';
import { createAnswerBook } from '../../harness/upstream/answer-book.ts';
import { createTargets } from '../../harness/upstream/targets.ts';
import type { Sample } from '../../harness/workloads/workload.ts';
import { plainSample } from '../../harness/workloads/workload.ts';

const sample = (id: string, more: Partial<Sample>): Sample => {
  return { ...plainSample, id, prompt: id, ...more };
};

const book = createAnswerBook({
  name: 'w',
  provenance: 'authored',
  samples: [
    sample('a', { family: 'sums' }),
    sample('b', { critical: true }),
    sample('c', { schema: {} }),
  ],
  recordings: [
    {
      kind: 'authored',
      sample: 'a',
      target: 'openai/gpt-4o',
      text: 'x',
      finish: 'stop',
      date: '2026-01-02',
    },
    { kind: 'authored', sample: 'b', target: 'anthropic/claude', text: 'y', finish: 'stop' },
  ],
});

const facts = { p50: 100, p95: 200, source: 's' };
const targets = createTargets([
  {
    hosts: [],
    models: {
      'openai/gpt-4o': {
        ttft: facts,
        speed: { tokensPerSecond: 50, source: 's' },
        price: { input: 2, output: 8, source: 's' },
      },
    },
  },
]);

const scenario = parseScenario(
  `name: x
description: x
workload: w
arrival: { each: once }
deadline: 9s
floor: 0.5
limits: { attempts: 4, idle: 5s }
faults: [{ inject: stall, on: { provider: openai }, from: 1s, to: 2s }]
thresholds: { availability: ">= 1" }
`,
  'x.yaml',
);

const chain = (limits: Chain['limits']): Chain => ({
  name: 'mine',
  factory: () => async () => '',
  targets: [],
  degradeText: null,
  limits,
  hosts: [],
  isolate: false,
});

const setting = (limits: Chain['limits'] = {}) =>
  settingOf({ scenario, chain: chain(limits), book, targets });

const authored = { kind: 'authored', kinds: ['authored'], models: [] };

it('gathers all that a trial is judged against', () => {
  expect(setting()).toEqual({
    limits: { ...defaultLimits, attempts: 4, idleMs: 5000 },
    deadlineMs: 9000,
    floor: 0.5,
    windows: [
      { fault: 'stall', provider: 'openai', model: null, region: null, fromMs: 1000, toMs: 2000 },
    ],
    rules: ['stall on provider openai'],
    thresholds: [{ path: 'availability', op: '>=', bound: 1, text: '>= 1' }],
    recordings: {
      'openai/gpt-4o': {
        ...authored,
        dates: { from: '2026-01-02', to: '2026-01-02' },
        assumed: false,
      },
      'anthropic/claude': { ...authored, dates: null, assumed: true },
    },
    prices: { 'openai/gpt-4o': { input: 2, output: 8 } },
    families: { a: 'sums' },
    critical: ['b'],
    special: ['c'],
  });
});

it('lets a chain tighten the limits, never loosen them; its word on refusals is its own', () => {
  const own = { attempts: 2, idleMs: 60_000, deadlineMs: 1000, refusal: 'fallback' } as const;
  expect(setting(own).limits).toEqual({
    ...defaultLimits,
    attempts: 2,
    idleMs: 5000,
    deadlineMs: 1000,
    refusal: 'fallback',
  });
});

it('survives its way through a history, and is seen by scorers as it was', () => {
  const kept = JSON.parse(JSON.stringify(setting()));
  expect(kept).toEqual(setting());
  const view = viewOf({
    e: 'trial',
    v: 1,
    scenario: 'x',
    description: 'x',
    chain: 'mine',
    trial: 1,
    seed: 1,
    clock: 'virtual',
    primary: 'openai/gpt-4o',
    degradeText: null,
    twin: null,
    setting: kept,
  });
  expect(view).toMatchObject({ deadlineMs: 9000, floor: 0.5, limits: setting().limits });
  expect([view.price('openai/gpt-4o'), view.price('x/y')]).toEqual([{ input: 2, output: 8 }, null]);
  expect([view.family('a'), view.family('b')]).toEqual(['sums', null]);
  expect([view.critical('a'), view.critical('b')]).toEqual([false, true]);
});
