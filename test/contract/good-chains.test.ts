// The good chains of test/good, each of another design, are accused of nothing. `npm run soak`
// drills them over every shipped scenario and a thousand seeds; here are a few of both.
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { drill } from '../../tools/soak/drill.ts';
import type { SoakPart } from '../../tools/soak/part.ts';
import { chainPart, groupsOf, refuseKept, withoutOf, withPart } from '../../tools/soak/part.ts';
import type { Block } from '../../tools/soak/state.ts';
import { BlockFile } from '../../tools/soak/state.ts';
import { summary } from '../../tools/soak/summary.ts';
import type { GoodChain, SoakScenario } from '../../tools/soak/what.ts';
import { goodChains, soakScenarios, unfit } from '../../tools/soak/what.ts';

const dir = mkdtempSync(join(tmpdir(), 'firedrill-good-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const most = { calls: 40, longCalls: 40, crowd: Number.POSITIVE_INFINITY };
const all = soakScenarios(join(dir, 'scenarios'), most);
const chains = await goodChains();

function named(names: string[]): SoakScenario[] {
  const found = all.filter(({ name, group }) => group !== 'full' && names.includes(name));
  expect(found.map(({ name }) => name).sort()).toEqual([...names].sort());
  return found;
}

async function drilled(
  chain: GoodChain,
  scenarios: SoakScenario[],
  seeds: number,
): Promise<Block[]> {
  const blocks: Block[] = [];
  await drill({
    chain,
    scenarios: scenarios.filter((scenario) => unfit(chain, scenario) === null),
    from: 1,
    to: seeds,
    twins: true,
    seed: 7,
    workers: 2,
    dir,
    signal: new AbortController().signal,
    onBlock: (block) => blocks.push(block),
  });
  return blocks;
}

/** One of each kind of failure, and those that have accused a good chain before. */
const few = [
  'healthy',
  'provider-outage',
  'rate-limit-storm-with-hint',
  'quota-exhausted',
  'stall-mid-stream',
  'truncated-stream',
  'in-stream-overload',
  'total-outage',
  'adapter-invents-end-turn',
  'capped-hint-without-jitter',
  'deadline-discards-fallback-output',
  'done-without-finish-reason-misread',
  'error-body-never-ends',
  'refusal-routed-around-by-default',
  'repaired-tool-arguments-look-finished',
  'retry-sleep-ignores-abort',
  'schema-ignored-by-endpoint',
  's01-rate-limit-once',
  's09-silence-after-20-tokens',
  'tool-session-outage',
];

const minutes = 60_000;

describe('good chains', () => {
  it('are of at least eight designs beside the reference chain, three of which run tools', () => {
    const own = chains.filter(({ file }) => file.startsWith('test/good/'));
    expect(own.length).toBeGreaterThanOrEqual(8);
    expect(own.filter(({ tools }) => tools).length).toBeGreaterThanOrEqual(3);
    expect(chains.map(({ name }) => name)).toContain('gpt-first');
  });

  it.each(chains)(
    '$name is accused of nothing, and answers whatever is well',
    {
      timeout: 5 * minutes,
    },
    async (chain) => {
      const blocks = await drilled(chain, named(few), 2);
      expect(blocks.flatMap(({ accusations }) => accusations)).toEqual([]);
      const healthy = blocks.filter(({ scenario }) => scenario === 'healthy');
      for (const { calls, usable } of healthy) {
        expect(calls).toBeGreaterThan(20);
        expect(usable).toBe(calls);
      }
      // Not by having been asked nothing.
      const tested = (rule: string): number =>
        blocks.reduce((sum, block) => sum + (block.exercised[rule] ?? 0), 0);
      expect(tested('I01')).toBeGreaterThanOrEqual(4);
      if (healthy.length > 0) expect(tested('I13')).toBeGreaterThan(20);
    },
  );
});

describe('the soak', () => {
  const naive: GoodChain = {
    name: 'naive',
    file: 'fixtures/chains/naive.ts',
    about: 'what many teams have',
    targets: ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest', 'openai/gpt-4o-mini'],
    tools: false,
  };

  it('accuses a chain that is not good, with the words that replay the call', async () => {
    const blocks = await drilled(naive, named(['truncated-stream']), 2);
    const [first] = blocks.flatMap(({ accusations }) => accusations);
    expect(first).toMatchObject({ chain: 'naive', scenario: 'truncated-stream', rule: 'I01' });
    expect(first?.text).toContain('no terminal marker');
    expect(first?.replay).toContain('--chain fixtures/chains/naive.ts --seed 7 --trial');
  });

  it('counts the same calls in the same trials every time', async () => {
    const scenarios = named(['truncated-stream']);
    const told = (blocks: Block[]): unknown => blocks.map(({ ms: _, ...rest }) => rest);
    const once = await drilled(naive, scenarios, 2);
    expect(told(once)).toEqual(told(await drilled(naive, scenarios, 2)));
  });

  it('does not ask a chain what it cannot be asked, and says why', () => {
    const why = (name: string, chain = naive): (string | null)[] =>
      named([name]).map((one) => unfit(chain, one));
    expect(why('healthy')).toEqual([null]);
    expect(why('tool-session-outage')).toEqual(['it runs no tools']);
    const luna = { ...naive, targets: ['openai/gpt-6-luna'] };
    expect(why('s01-rate-limit-once', luna)).toEqual(['nothing is recorded of openai/gpt-6-luna']);
  });

  it('lowers the rate of a scenario only where there would be too many calls', () => {
    const lowered = named(['healthy'])[0];
    expect(lowered?.lowered).toBe(true);
    const same = all.find(({ name, group }) => name === 'healthy' && group === 'full');
    expect(same?.scenario.arrival).toMatchObject({ rate: 1 });
    expect(lowered?.scenario.arrival).toMatchObject({ for: 600_000 });
    expect(named(['s01-rate-limit-once'])[0]?.lowered).toBe(false);
  });

  it('makes a crowd smaller only where it is told to', () => {
    const crowds = (crowd: number): unknown[] =>
      soakScenarios(join(dir, `crowds-of-${crowd}`), { ...most, crowd })
        .filter(({ name, group }) => name === 'crowd' && group === 'all')
        .map(({ scenario, lowered }) => ({ ...scenario.arrival, lowered }));
    const arrival = { every: 180_000, lowered: false };
    expect(crowds(Number.POSITIVE_INFINITY)).toMatchObject([{ ...arrival, burst: 40 }]);
    expect(crowds(40)).toMatchObject([{ ...arrival, burst: 40 }]);
    expect(crowds(8)).toMatchObject([{ ...arrival, burst: 8, lowered: true }]);
  });

  it('goes on behind the last whole line of what a killed one has written', () => {
    const block: Block = {
      scenario: 'healthy',
      from: 1,
      to: 20,
      twins: true,
      calls: 3,
      usable: 3,
      drills: 20,
      ms: 1,
      exercised: { I01: 3 },
      accusations: [],
    };
    new BlockFile(dir, 'chain', 'abc').add(block);
    appendFileSync(join(dir, 'chain-abc.jsonl'), `\n${JSON.stringify(block).slice(0, 40)}`);
    const again = new BlockFile(dir, 'chain', 'abc');
    expect(again.blocks).toEqual([block]);
    again.add({ ...block, from: 21, to: 40 });
    const third = new BlockFile(dir, 'chain', 'abc');
    expect(third.has('healthy', 21, 40, true)).toBe(true);
    expect(third.has('healthy', 41, 60, true)).toBe(false);
    expect(third.has('healthy', 21, 40, false)).toBe(false);
    // Of another chain, or judged by other code.
    expect(new BlockFile(dir, 'chain', 'def').blocks).toEqual([]);
  });

  it('tells accusations and figures in its summary', () => {
    const accusation = {
      chain: 'naive',
      scenario: 'healthy',
      trial: 3,
      rule: 'I01',
      text: 'It ended early.',
      replay: 'npm run -s firedrill -- replay healthy',
    };
    const block: Block = {
      scenario: 'healthy',
      from: 1,
      to: 20,
      twins: true,
      calls: 1_200,
      usable: 600,
      drills: 20,
      ms: 1,
      exercised: { I01: 900 },
      accusations: [accusation],
    };
    const healthy = named(['healthy']);
    const shipped = [...healthy, ...named(['flapping', 'crowd'])];
    const part = {
      aside: null,
      from: 1,
      to: 20,
      seed: 1,
      code: 'abc1234',
      mostCalls: { all: 120, long: 600, crowd: null },
      groups: groupsOf(healthy, { all: 20, full: 5, long: 5 }),
      lowered: [],
      without: withoutOf(shipped, healthy),
      twinsTo: 10,
      drills: 20,
      chains: { naive: chainPart([block], new Map([['why not', ['flapping']]])) },
      accusations: [accusation],
    };
    const text = summary([part], [naive]);
    expect(text).toContain('1,200 calls in 20 trials were judged');
    expect(text).toContain('1 accusations');
    expect(text).toContain(
      '| 1 to 20 | abc1234 | 1 | 1 | 120 | as shipped | 1 to 10 | 1,200 | 20 | 1 |',
    );
    expect(text).toContain('Seeds 1 to 20: without crowd, flapping.');
    expect(text).toContain('- naive, healthy, trial 3, I01: It ended early.');
    expect(text).toContain('| naive | 1,200 | 50% | 20 | 1 |');
    expect(text).toContain('| I01 | 900 | 900 |');
    expect(text).toContain('Not asked: naive, as why not: flapping.');
    expect(text).toContain('Not exercised: I02, I03');
    expect(text).not.toContain('| I02 |');
  });

  const part = (from: number, to: number): SoakPart => ({
    aside: null,
    from,
    to,
    seed: 1,
    code: 'abc1234',
    mostCalls: { all: 12, long: 12, crowd: 8 },
    groups: {
      all: { scenarios: 3, to },
      full: { scenarios: 1, to: 0 },
      long: { scenarios: 1, to: 5 },
    },
    lowered: ['crowd'],
    without: [],
    twinsTo: 0,
    drills: 4,
    chains: { naive: { calls: 10, usable: 9, trials: 2, exercised: { I01: 8 }, leftOut: {} } },
    accusations: [],
  });

  it('puts its parts together, and counts no seed twice', () => {
    const parts = withPart([part(101, 200)], part(1, 100));
    expect(parts.map(({ from }) => from)).toEqual([1, 101]);
    const text = summary(parts, [naive]);
    expect(text).toContain(
      '**20 calls in 4 trials were judged,\n8 drills with their twins: 0 accusations.**',
    );
    expect(text).toContain('| 101 to 200 | abc1234 | 1 | 3 | 12 | 8 | none | 10 | 2 | 0 |');
    expect(text).toContain('Seeds 1 to 5: 1 incidents too');
    expect(text).toContain('Seeds 101 to 200: no test of I02, I03');
    expect(text).toContain('| I01 | 16 | 16 |');
    expect(() => refuseKept(parts, { name: null, from: 181, to: 300 })).toThrow(
      /101 to 200 are kept.*--from 201/,
    );
    expect(() => refuseKept(parts, { name: null, from: 201, to: 300 })).not.toThrow();
  });

  it('tells of a soak of some scenarios beside that of all, and counts it by itself', () => {
    const parts = [part(1, 100), part(101, 200)];
    const aside = { ...part(1, 300), aside: { name: 'crowds', scenarios: ['crowd'] } };
    const text = summary(withPart(parts, aside), [naive]);
    expect(text).toContain('## All scenarios\n\n**20 calls in 4 trials');
    expect(text).toContain('## Beside it: crowds\n\n**10 calls in 2 trials');
    expect(text).toContain('Seeds 1 to 300: of crowd.');
    expect(text).not.toContain('Seeds 1 to 300: no test of');
    expect(text).toContain('| naive | 30 | 90% | 6 | 0 |');
    expect(() => refuseKept([...parts, aside], { name: 'crowds', from: 1, to: 50 })).toThrow(
      /1 to 300 are kept/,
    );
    expect(() => refuseKept([...parts, aside], { name: 'twins', from: 1, to: 50 })).not.toThrow();
  });
});
