// The gate as a pipeline meets it: exit code and the line that says why. Every change is one that
// somebody makes to a chain on an ordinary day.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { jsonSchemas } from '../../harness/json-schemas.ts';
import { packageRoot } from '../../harness/project.ts';
import type { Said } from '../cli.ts';
import { firedrill, folderWith, mistake, write } from '../cli.ts';
import { fixtureChain } from '../drills.ts';

// Each starts workers many times over.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const scenario = (name: string, fault: string, threshold = '>= 80%') => `
name: ${name}
description: the test ${name}
workload: support-desk
arrival: { rate: 2/s, for: 90s }
deadline: 10s
floor: 0.6
faults:
  - { inject: ${fault}, on: { provider: openai }, from: 20s, to: 70s }
thresholds:
  availability: "${threshold}"
`;
const outage = 'server-error, status: 503';
const limits = 'attempt: { timeout: 4s, firstToken: 3s, idle: 2s }';
const chain = `
targets:
  - openai/gpt-4o
  - { model: openai/gpt-4o, region: eu, baseURL: "https://eu.api.openai.com/v1" }
  - anthropic/claude-3-5-sonnet-latest
${limits}
retry: { max: 1 }
`;
const files = {
  'outage.yaml': scenario('outage', outage),
  'stall.yaml': scenario('stall', 'stall, at: headers, chance: 50%'),
  'chain.yaml': chain,
};
const words = ['gate', 'outage.yaml', 'stall.yaml', '--chain', 'chain.yaml'];
const made = mkdtempSync(join(tmpdir(), 'firedrill-gate-'));

beforeAll(async () => {
  write(made, files);
  const said = await firedrill([...words, '--update'], made);
  expect(said).toMatchObject({ code: 0, err: '' });
  expect(said.out).toBe('reports/baseline has 2 scenarios of chain: review and commit it\n');
});
afterAll(() => rmSync(made, { recursive: true, force: true }));

/** A project with the baseline, and something changed in it. */
function changed(more: Record<string, string> = {}): string {
  const dir = folderWith();
  cpSync(made, dir, { recursive: true });
  write(dir, more);
  return dir;
}

async function gated(more: Record<string, string>, ...others: string[]): Promise<Said> {
  return firedrill([...words, ...others], changed(more));
}

const linesOf = ({ out }: Said, kind: string): string[] =>
  out.split('\n').filter((line) => line.startsWith(`${kind} `));

describe('the gate', () => {
  it('holds where nothing has changed, and its report keeps to its schema', async () => {
    const dir = changed();
    const said = await firedrill([...words, '--out', 'run'], dir);
    expect(said).toMatchObject({ code: 0, err: '' });
    expect(said.out).toMatch(
      /^The gate holds\. 2 of 2 scenarios compared with reports\/baseline\.\nAnswers: authored .*\.\nreports in run\n$/,
    );
    const check = new Ajv2020({ strict: false });
    const { gate, baseline } = jsonSchemas();
    const report = JSON.parse(readFileSync(join(dir, 'run/gate.json'), 'utf8'));
    expect(check.validate(gate ?? false, report), check.errorsText()).toBe(true);
    expect(report).toMatchObject({ passed: true, findings: [] });
    const kept = readFileSync(join(dir, 'reports/baseline/outage.json'), 'utf8');
    expect(check.validate(baseline ?? false, JSON.parse(kept)), check.errorsText()).toBe(true);
    expect(kept).not.toMatch(/\d{4}-\d\d-\d\d|\d\d:\d\d/);
  });

  it('fails where retries are doubled, by the load, with the call that shows it', async () => {
    const dir = changed({ 'chain.yaml': chain.replace('max: 1', 'max: 2') });
    const said = await firedrill(words, dir);
    expect(said.code).toBe(1);
    const [line = ''] = linesOf(said, 'REGRESSED').filter((one) => one.includes('attempts'));
    expect(line).toMatch(
      /^REGRESSED outage: attempts_per_call\.mean \d\.\d\d -> \d\.\d\d \(\+\d\.\d\d, 95% \+\d\.\d\d to \+\d\.\d\d; from 5% counts\) {2}firedrill replay outage\.yaml --chain chain\.yaml --seed 1 --trial 1 --call \d+$/,
    );
    const replay = line.slice(line.indexOf('firedrill ')).split(' ').slice(1);
    const shown = await firedrill(replay, dir);
    expect(shown.code).toBe(0);
    expect(shown.out).toContain('attempt 6');
  });

  it('fails where the timeout is removed, by what callers wait', async () => {
    const said = await gated({ 'chain.yaml': chain.replace(limits, '') });
    expect(said.code).toBe(1);
    expect(linesOf(said, 'REGRESSED').join('\n')).toMatch(/stall: latency_ms\.p95 .* -> /);
  });

  it('fails where the dearer provider comes first, and holds for an equal order', async () => {
    const [us, eu, claude] = chain.split('\n').filter((line) => line.startsWith('  - '));
    const head = 'targets:\n';
    const rest = chain.slice(chain.indexOf(limits));
    const dearer = await gated({ 'chain.yaml': `${head}${claude}\n${us}\n${eu}\n${rest}` });
    expect(dearer.code).toBe(1);
    expect(linesOf(dearer, 'REGRESSED').join('\n')).toMatch(/outage: cost_per_call_usd \$/);
    // What gets better is told, and fails nothing.
    expect(linesOf(dearer, 'better').join('\n')).toMatch(/outage: attempts_per_call\.mean/);
    const equal = await gated({ 'chain.yaml': `${head}${eu}\n${us}\n${claude}\n${rest}` });
    expect(equal).toMatchObject({ code: 0, err: '' });
    expect(linesOf(equal, 'REGRESSED')).toEqual([]);
  });

  it('fails on a breached threshold, whatever the baseline says', async () => {
    const said = await gated({ 'outage.yaml': scenario('outage', outage, '> 100%') });
    expect(said.code).toBe(1);
    // What is asked of a scenario changes none of its calls.
    expect(said.out).not.toContain('changed');
    expect(linesOf(said, 'BREACHED')).toEqual([
      'BREACHED outage: availability is 100%, wanted > 100%  firedrill run outage.yaml --chain chain.yaml --seed 1',
    ]);
  });

  it('names a scenario, a workload or recordings that have changed, and blames nobody', async () => {
    const said = await gated({ 'stall.yaml': scenario('stall', 'stall, at: headers') });
    expect(said.code).toBe(0);
    expect(said.out).toContain(
      'changed stall: the scenario has changed since the baseline, so the chain is not compared; firedrill gate --update writes a new one\n',
    );
    expect(said.out).toContain('The gate holds. 1 of 2 scenarios compared');
  });

  it('tells of scenarios that are new or gone, and --update forgets those that are gone', async () => {
    const dir = changed();
    rmSync(join(dir, 'stall.yaml'));
    write(dir, {
      'firedrill/scenarios/outage.yaml': files['outage.yaml'],
      'firedrill/scenarios/blip.yaml': scenario('blip', 'server-error, chance: 20%'),
    });
    const all = ['gate', '--chain', 'chain.yaml'];
    const said = await firedrill(all, dir);
    expect(said.code).toBe(0);
    expect(said.out).toContain(
      'new blip: it has no baseline; firedrill gate --update writes one\n',
    );
    expect(said.out).toContain('gone stall: it is in the baseline and was not drilled');
    await firedrill([...all, '--update'], dir);
    expect(readdirSync(join(dir, 'reports/baseline'))).toEqual(['blip.json', 'outage.json']);
  });
});

describe('a chain of your own', () => {
  afterEach(() => {
    delete process.env.CURTLY;
  });

  it('fails the gate where the fallback loses its instructions', async () => {
    const own = fixtureChain('asks-fallback-curtly.ts');
    const asked = ['gate', 'outage.yaml', '--chain', own];
    const dir = folderWith(files);
    process.env.CURTLY = 'no';
    await firedrill([...asked, '--update'], dir);
    process.env.CURTLY = 'yes';
    const said = await firedrill(asked, dir);
    expect(said.code).toBe(1);
    expect(linesOf(said, 'VIOLATED').join('\n')).toMatch(
      /outage: I18 held in the baseline and is violated \d+x: .* {2}firedrill replay /,
    );
  });

  it('fails where a worse prompt brought worse answers, and names the recordings', async () => {
    const text = readFileSync(join(packageRoot, 'fixtures/workloads/support-desk.yaml'), 'utf8');
    const desk = text.replace('../recordings/support-desk.jsonl', 'answers.jsonl');
    const answers = readFileSync(
      join(packageRoot, 'fixtures/recordings/support-desk.jsonl'),
      'utf8',
    );
    const bar = 'thresholds:\n  goodput: ">= 85%"';
    const drilled = scenario('outage', outage)
      .replace('workload: support-desk', 'workload: desk.yaml')
      .replace('thresholds:', bar);
    const asked = ['gate', 'outage.yaml', '--chain', 'chain.yaml'];
    const dir = folderWith({
      ...files,
      'outage.yaml': drilled,
      'desk.yaml': desk,
      'answers.jsonl': answers,
    });
    expect((await firedrill([...asked, '--update'], dir)).code).toBe(0);
    const worse = answers.replaceAll(
      /("target":"openai\/gpt-4o",.*"text":")(?:[^"\\]|\\.)*"/g,
      '$1Thanks for writing!"',
    );
    expect(worse).not.toBe(answers);
    write(dir, { 'answers.jsonl': worse });
    const said = await firedrill(asked, dir);
    expect(said.code).toBe(1);
    expect(linesOf(said, 'BREACHED').join('\n')).toMatch(
      /outage: goodput is \d+\.\d+%, wanted >= 85%/,
    );
    expect(said.out).toContain('changed outage: the recordings have changed since the baseline');
  });
});

describe('a gate that cannot judge', () => {
  it('says what to write: no baseline, other seeds, a broken chain, an unknown figure', async () => {
    expect(await mistake(files, words)).toBe(
      'there is no baseline in reports/baseline: write it with firedrill gate --chain chain.yaml --update, review and commit it',
    );
    const said = await gated({}, '--seed', '2');
    expect(said).toMatchObject({ code: 2, out: '' });
    expect(said.err).toBe(
      'firedrill: reports/baseline: the baseline of outage was made with --seed 1 --trials 1: give the same\n',
    );
    const broken = await gated({ 'chain.yaml': `${chain}retires: 3\n` });
    expect(broken).toMatchObject({ code: 2, out: '' });
    expect(broken.err).toMatch(/^firedrill: .*chain\.yaml:\d+: .*retires/);
    expect(await mistake(files, [...words, '--min-effect', 'godput=1%'])).toMatch(
      /^--min-effect: unknown figure "godput" \(did you mean goodput\?\): write one of /,
    );
    expect(await mistake(files, [...words, '--min-effect', 'goodput=much'])).toBe(
      '--min-effect goodput=much: expected a share like 1%',
    );
    const damaged = changed({ 'reports/baseline/outage.json': '{"version": 1' });
    const unread = await firedrill(words, damaged);
    expect(unread.code).toBe(2);
    expect(unread.err).toContain('outage.json: is no JSON object: a baseline is written by gate');
    const other = changed({ 'reports/baseline/outage.json': '{"version": 9}' });
    expect((await firedrill(words, other)).err).toContain('is a baseline of version 9, this');
    const edited = changed({ 'reports/baseline/outage.json': '{"version": 1, "seed": "x"}' });
    expect((await firedrill(words, edited)).err).toContain('outage.json: seed: expected');
  });
});
