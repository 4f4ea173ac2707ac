// I19 over whole drills: chains with the official clients in them, run turn by turn.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { HistoryEvent, TextEvent } from '../../harness/history.ts';
import { toolCalls } from '../../harness/invariants/tool-calls.ts';
import type { ScenarioRow } from '../../harness/report.ts';
import { drill, fixtureChain, ownEvents, root, writeScenario } from '../drills.ts';
import { claude, gpt, History, mini, ok, partly, status, viewOf } from './histories.ts';

const dir = mkdtempSync(join(tmpdir(), 'tool-calls-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const openai = { provider: 'openai' };
const trials = 12;

const scenario = (name: string, fault: Record<string, unknown>): string =>
  writeScenario(dir, name, {
    workload: 'support-tools',
    arrival: { each: 'once', gap: '2s' },
    faults: [{ on: openai, chance: '50%', ...fault }],
  });

const cut = scenario('cut-calls', { inject: 'truncate', at: '50%', attempt: 1 });
const outage = scenario('outage-between', { inject: 'server-error', status: 503, attempt: '2..9' });

interface Drilled {
  rows: ScenarioRow[];
  tools: (HistoryEvent & { e: 'tool' })[];
}

async function drilled(chain: string, file: string): Promise<Drilled> {
  const out = mkdtempSync(join(dir, 'run-'));
  const { report } = await drill({ chain, scenarios: [file], out, trials });
  const tools: Drilled['tools'] = [];
  for (const event of ownEvents(join(out, 'history.jsonl'))) {
    if (event.e === 'tool') tools.push(event);
  }
  return { rows: report?.scenarios ?? [], tools };
}

const verdictOf = ({ rows: [row] }: Drilled) => {
  expect(row?.faults[0]?.met).toBeGreaterThan(trials);
  return row?.invariants.I19;
};

const reference = join(root, 'fixtures/chains/gpt-first.yaml');

describe.each([
  ['the reference chain', reference],
  ['a loop that keeps results', fixtureChain('keeps-results.ts')],
])('%s', (_, chain) => {
  it.each([
    ['tool calls are cut in half', cut],
    ['the provider fails between two turns', outage],
  ])(
    'runs nothing by mistake where %s',
    async (__, file) => {
      const run = await drilled(chain, file);
      expect(verdictOf(run)).toMatchObject({ status: 'held', violations: 0 });
      expect(run.tools.every((tool) => tool.ok)).toBe(true);
      // So many tools do the ten sessions ask for, whoever answers them.
      expect(run.tools.length).toBe(trials * 16);
    },
    120_000,
  );
});

describe('a chain that repairs the arguments of a cut stream', () => {
  it('violates it, and the words say what was run after what', async () => {
    const found = verdictOf(await drilled(fixtureChain('repairs-arguments.ts'), cut));
    expect(found?.status).toBe('violated');
    expect(found?.violations).toBeGreaterThanOrEqual(trials);
    expect(found?.example?.text).toMatch(
      /^attempt \d+ \(openai\/gpt-4o in us, [\d.]+ s\): cut short as if complete after [\d.]+ s\. \w+ was run at [\d.]+ s with \{.*\}, which (no attempt of the call had sent whole|the tool cannot take);/,
    );
  }, 120_000);

  it('does not violate it as long as nothing is cut', async () => {
    const found = verdictOf(await drilled(fixtureChain('repairs-arguments.ts'), outage));
    expect(found?.status).toBe('held');
  }, 120_000);
});

describe('a chain that starts again with the fallback', () => {
  it('violates it, and the words name the tool, the arguments and both times', async () => {
    const found = verdictOf(await drilled(fixtureChain('runs-tools-again.ts'), outage));
    expect(found?.status).toBe('violated');
    expect(found?.violations).toBeGreaterThanOrEqual(trials);
    expect(found?.example?.text).toMatch(
      /attempt \d+ \(openai\/gpt-4o.*attempt \d+ \(anthropic.*was run with \{.*\} at [\d.]+ s and again at [\d.]+ s/,
    );
  }, 120_000);
});

describe('one call', () => {
  const asked = (target: string, turn: number, given: string) => ({
    e: 'text' as const,
    id: `${target} ${turn}`,
    sample: 's1',
    target,
    kind: 'authored' as const,
    text: '',
    score: null,
    refusal: false,
    calls: [{ name: 'refund', arguments: given }],
  });
  const step = (target: string, turn: number) => ({
    start: { turn },
    reply: { text: `${target} ${turn}`, calls: 1 },
  });
  const judged = (
    history: History,
    runs: { t: number; arguments: string; ok?: boolean }[],
    more: TextEvent[] = [],
  ) => {
    const state = toolCalls.start(viewOf());
    for (const text of more) toolCalls.event?.(state, text);
    toolCalls.event?.(state, asked(gpt, 1, '{"id":1,"sum":2}'));
    toolCalls.event?.(state, asked(claude, 1, '{"sum":2,"id":1}'));
    toolCalls.event?.(state, asked(claude, 2, '{"id":1,"sum":2}'));
    const [record] = history.records;
    if (!record) throw new Error('no call was made');
    const tools = runs.map((run) => ({
      e: 'tool' as const,
      call: 1,
      name: 'refund',
      ok: true,
      ...run,
    }));
    toolCalls.call?.(state, { ...record, tools });
    return toolCalls.end(state).violations;
  };
  const run = { t: 101_000, arguments: '{"sum":2,"id":1}' };

  it('may run what two attempts of a race asked for once, in whatever order its members are', () => {
    const history = new History().call(
      [ok(gpt, 0, 900, step(gpt, 1)), ok(claude, 0, 900, step(claude, 1))],
      { outcome: 'complete' },
    );
    expect(judged(history, [run])).toBe(0);
    expect(judged(history, [run, { ...run, arguments: '{"id":1,"sum":2}' }])).toBe(1);
  });

  it('may not do again in other words what a turn that broke has done', () => {
    const other = asked(mini, 1, '{"id":1,"sum":3}');
    const broken = partly(gpt, 0, { from: 100, to: 500, until: 900, how: 'reset' }, step(gpt, 1));
    const history = new History().call([broken, ok(mini, 1_000, 900, step(mini, 1))], {
      outcome: 'complete',
    });
    const early = { ...run, t: 100_600 };
    expect(judged(history, [early], [other])).toBe(0);
    const again = { t: 102_000, arguments: '{"id":1,"sum":3}' };
    expect(judged(history, [early, again], [other])).toBe(1);
  });

  it('may not do again in other words what a turn that is over has done', () => {
    const other = asked(mini, 1, '{"id":1,"sum":3}');
    const history = new History().call(
      [
        ok(gpt, 0, 900, step(gpt, 1)),
        status(gpt, 1_100, 503, {}, { start: { turn: 2 } }),
        ok(mini, 1_300, 500, step(mini, 1)),
      ],
      { outcome: 'complete' },
    );
    const again = { t: 102_000, arguments: '{"id":1,"sum":3}' };
    expect(judged(history, [run, again], [other])).toBe(1);
    const race = new History().call(
      [ok(gpt, 0, 900, step(gpt, 1)), ok(mini, 100, 900, step(mini, 1))],
      { outcome: 'complete' },
    );
    expect(judged(race, [run, again], [other])).toBe(0);
  });

  it("may run what was sent with more that is the chain's own", () => {
    const history = new History().call([ok(gpt, 0, 900, step(gpt, 1))], { outcome: 'complete' });
    const keyed = { ...run, arguments: '{"id":1,"sum":2,"idempotency_key":"k-1"}' };
    expect(judged(history, [keyed])).toBe(0);
    expect(judged(history, [keyed, { ...keyed, t: 102_000 }])).toBe(1);
    expect(judged(history, [{ ...run, arguments: '{"id":1,"key":"k-1"}' }])).toBe(1);
  });

  it('may run again what a later turn asks for again', () => {
    const history = new History().call(
      [ok(gpt, 0, 900, step(gpt, 1)), ok(claude, 1000, 900, step(claude, 2))],
      { outcome: 'complete' },
    );
    expect(judged(history, [run, { ...run, t: 102_000 }])).toBe(0);
    expect(judged(history, [run, run, run])).toBe(1);
  });

  it('may not run what only began to be sent after the run, nor what was never begun', () => {
    const early = new History().call([ok(gpt, 2_000, 900, step(gpt, 1))], { outcome: 'complete' });
    expect(judged(early, [run])).toBe(1);
    const begun = { from: 100, to: 200, until: 300, how: 'reset' } as const;
    const cutAfter = new History().call([partly(gpt, 0, begun, step(gpt, 1))], {
      outcome: 'error',
    });
    expect(judged(cutAfter, [run])).toBe(0);
    expect(judged(cutAfter, [{ ...run, arguments: '{"id":1}' }])).toBe(1);
  });

  it('may not run what the tool cannot take, even as it was sent', () => {
    const history = new History().call([ok(gpt, 0, 900, step(gpt, 1))], { outcome: 'complete' });
    expect(judged(history, [{ ...run, ok: false }])).toBe(1);
  });

  it('is not judged where there is nothing to run', () => {
    const state = toolCalls.start(viewOf());
    const [record] = new History().call([ok(gpt, 0)], { outcome: 'complete' }).records;
    if (record) toolCalls.call?.(state, record);
    expect(toolCalls.end(state).exercised).toBe(0);
  });
});
