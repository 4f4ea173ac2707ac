// Drills inside tests, and what may be expected of them.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertDrill } from '../../harness/testing/assert-drill.ts';
import type { ScenarioWords } from '../../harness/testing/drill.ts';
import { drill } from '../../harness/testing/drill.ts';
import type { Drilled } from '../../harness/testing/drilled.ts';
import '../../harness/vitest.ts';
import { folderWith, write } from '../cli.ts';

const outage: ScenarioWords = {
  name: 'outage',
  workload: 'support-desk',
  arrival: { rate: '1/s', for: '20s', spread: 'even' },
  drain: '1m',
  faults: [
    { inject: 'server-error', status: 503, on: { provider: 'openai' }, from: '5s', to: '15s' },
  ],
};
const good = 'targets: [openai/gpt-4o, anthropic/claude-3-5-sonnet-latest]\nretry: { max: 0 }\n';
const lone = 'targets: [openai/gpt-4o]\nretry: { max: 0 }\n';

const dir = mkdtempSync(join(tmpdir(), 'firedrill-test-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** A drill of a chain file in a project of its own. */
function drillOf(chain: string, scenario: string | ScenarioWords = outage): Promise<Drilled> {
  const cwd = mkdtempSync(join(dir, 'project-'));
  write(cwd, { 'chain.yaml': chain });
  return drill({ chain: 'chain.yaml', scenario, cwd });
}

/** What an expectation says that is not met. */
function told(expectation: () => void): string {
  try {
    expectation();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'it is met';
}

describe('a drill in a test', () => {
  let whole: Drilled;
  let weak: Drilled;
  beforeAll(async () => {
    [whole, weak] = await Promise.all([drillOf(good), drillOf(lone)]);
  }, 60_000);

  it('meets what a good chain can meet', () => {
    expect(whole).toSurvive();
    expect(whole).toHaveAvailability('100%');
    expect(whole).toHaveAvailability(1);
    expect(whole).toAnswerWithin('10s');
    expect(whole).toFallBackWithin('3s');
    expect(whole).toRecoverWithin('1m');
    expect(whole).toKeepInvariant('I13');
    expect(whole).toKeepInvariants();
    expect(whole).toBeServedBy('anthropic/claude-3-5-sonnet-latest', '30%');
    expect(whole.report.scenario).toBe('outage');
    expect(whole.timeline(1)).toMatch(/^call 1 {2}/);
  });

  it('says with the timeline of a call, and its command, what is not met', () => {
    const text = told(() => expect(weak).toSurvive());
    expect(text).toMatch(/^outage, chain chain: of 20 callers not all got an answer .*: \d+ error/);
    expect(text).toMatch(/attempt 1 {2}openai\/gpt-4o .*\n.*injected: .*503/);
    expect(text).toMatch(
      /again: firedrill replay node_modules\/\.cache\/firedrill\/outage-\w+\.yaml --chain chain\.yaml --seed 1 --trial 1 --call \d+$/,
    );
    expect(told(() => assertDrill(weak).toSurvive())).toBe(text);
  });

  it.each([
    ['toHaveAvailability', ['90%'], /availability is 50\.0%, wanted >= 90/],
    ['toAnswerWithin', [10], /latency_ms\.p95 is .* wanted <= 10 ms/],
    ['toFallBackWithin', ['5s'], /no call fell back after a failure of another target/],
    ['toBeServedBy', ['anthropic/claude-3-5-sonnet-latest', '1%'], /served 0% of the answers/],
    ['toKeepInvariant', ['I19'], /I19 is not-applicable: the scenario did not put the chain to/],
  ] as const)('%s(%j) is not met where it is not so', (name, words, message) => {
    const assertion = assertDrill(weak)[name] as (...words: readonly unknown[]) => void;
    expect(told(() => assertion(...words))).toMatch(message);
  });

  it('can be turned round', () => {
    expect(weak).not.toSurvive();
    expect(told(() => expect(whole).not.toSurvive())).toContain('all of 20 callers got an answer');
  });

  it.each([
    [() => assertDrill(weak).toHaveAvailability('lots'), '"lots" is no share: write one from'],
    [() => assertDrill(weak).toAnswerWithin('soon'), '"soon" is no time: write ms, or words'],
    [() => assertDrill(weak).toKeepInvariant('I99'), 'there is no invariant I99: write one of'],
    [() => assertDrill(weak).toHoldThresholds(), 'outage has no thresholds: write some'],
    [() => expect(42).toSurvive(), 'toSurvive is for what drill() resolves to'],
    [() => weak.timeline(99), 'trial 1 of outage has no call 99'],
  ])('tells a mistake of the test as one: %s', (expectation, message) => {
    expect(told(expectation)).toContain(message);
  });
});

describe('drills side by side', () => {
  it('leave the clock and the globals of their test alone, and equal each other', async () => {
    const names = ['fetch', 'setTimeout', 'Date', 'queueMicrotask', 'crypto'] as const;
    const before = names.map((name) => globalThis[name]);
    const started = performance.now();
    const reports = await Promise.all(
      [1, 2, 3].map(async () => JSON.stringify((await drillOf(good)).report)),
    );
    expect(names.map((name) => globalThis[name])).toEqual(before);
    expect(performance.now()).toBeGreaterThan(started);
    expect(new Set(reports).size).toBe(1);
  }, 60_000);
});

describe('what can be drilled', () => {
  it('keeps its reports where it is told to', async () => {
    const cwd = folderWith({ 'chain.yaml': good });
    const bars = { ...outage, thresholds: { availability: '>= 99%' } };
    const drilled = await drill({ chain: 'chain.yaml', scenario: bars, cwd, out: 'kept' });
    expect(drilled).toHoldThresholds();
    expect(JSON.parse(readFileSync(join(cwd, 'kept/report.json'), 'utf8')).held).toBe(true);
    expect(existsSync(join(cwd, 'node_modules/.cache/firedrill'))).toBe(true);
  }, 60_000);

  it('is judged by its figures: its history is read only for a call to show', async () => {
    const cwd = folderWith({ 'chain.yaml': good });
    const drilled = await drill({ chain: 'chain.yaml', scenario: outage, cwd, out: 'kept' });
    rmSync(join(cwd, 'kept/history.jsonl'));
    expect(drilled).toSurvive();
    expect(drilled).toAnswerWithin('10s');
    expect(drilled).toBeServedBy('anthropic/claude-3-5-sonnet-latest', '30%');
    expect(told(() => expect(drilled).toAnswerWithin(1))).toContain('history.jsonl');
  }, 60_000);

  it.each([
    [{ chain: (() => 'x') as never, scenario: outage }, 'chain: expected the file of a module'],
    [{ chain: 'no.ts', scenario: outage }, 'no.ts: there is no such chain file'],
    [{ chain: 'chain.yaml', scenario: 'no-such' }, 'no-such'],
    [{ chain: 'chain.yaml', scenario: 'incidents' }, 'is a folder of'],
    [{ chain: 'chain.yaml', scenario: { ...outage, arival: {} } }, 'did you mean arrival?'],
  ])('refuses %j with what to write instead', async (options, message) => {
    const cwd = folderWith({ 'chain.yaml': good });
    await expect(drill({ ...options, cwd })).rejects.toThrow(message);
  });

  it('can be ended', async () => {
    const cwd = folderWith({ 'chain.yaml': good });
    const signal = AbortSignal.abort(new Error('enough'));
    const ended = drill({ chain: 'chain.yaml', scenario: outage, cwd, signal });
    await expect(ended).rejects.toThrow('enough');
  });
});
