// The incidents that are shipped: each says where it comes from and what of it is true, and none
// of its rules is idle with a chain that begins with what had failed.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../harness/project.ts';
import type { ScenarioRow } from '../../harness/report.ts';
import type { Scenario } from '../../harness/scenario/scenario.ts';
import { readScenario } from '../../harness/scenario/scenario.ts';
import { drill } from '../drills.ts';

const dir = mkdtempSync(join(tmpdir(), 'firedrill-incidents-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const folder = join(packageRoot, 'scenarios/incidents');
const incidents = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .sort()
  .map((name) => ({ file: join(folder, name), scenario: readScenario(join(folder, name)) }));

const sonnet = 'anthropic/claude-3-5-sonnet-latest';
const opuses = ['anthropic/claude-opus-4-7', 'anthropic/claude-opus-4-6'] as const;

/** Chains that begin with what the incident's rules name; every rule has to fire with one. */
function chainsFor({ faults }: Scenario): string[] {
  if (faults.some(namesOpus)) {
    // While Opus is well, only a chain that begins with Sonnet asks Sonnet.
    const [newer, older] = opuses;
    return [
      writeChain('opus-first', `targets: [${newer}, ${sonnet}, ${older}, openai/gpt-4o]\n`),
      writeChain('sonnet-first', `targets: [${sonnet}, ${newer}, ${older}, openai/gpt-4o]\n`),
    ];
  }
  const name = faults[0]?.on.provider?.[0] === 'anthropic' ? 'claude-first' : 'gpt-first';
  const shipped = join(packageRoot, 'fixtures/chains', `${name}.yaml`);
  // Whom a question is put to does not hang on what somebody has measured.
  return [writeChain(name, readFileSync(shipped, 'utf8').replace(/^quality: .*$/m, ''))];
}

/** Answers in one piece take a fraction of the time. */
function writeChain(name: string, text: string): string {
  const file = join(dir, `${name}.yaml`);
  writeFileSync(file, `${text}stream: false\n`);
  return file;
}

function namesOpus({ on }: Scenario['faults'][number]): boolean {
  return on.model?.some((model) => model.includes('opus')) ?? false;
}

/** The shipped answers, and Sonnet's once more as those of each Opus. */
function writeWorkload(): string {
  const shipped = join(packageRoot, 'fixtures/workloads/support-desk.yaml');
  const answers = join(packageRoot, 'fixtures/recordings/support-desk.jsonl');
  const lines = readFileSync(answers, 'utf8').trimEnd().split('\n');
  const more = lines
    .filter((line) => line.includes(`"${sonnet}"`))
    .flatMap((line) => opuses.map((opus) => line.replace(`"${sonnet}"`, `"${opus}"`)));
  writeFileSync(join(dir, 'answers.jsonl'), `${[...lines, ...more].join('\n')}\n`);
  const file = join(dir, 'support-desk.yaml');
  writeFileSync(
    file,
    readFileSync(shipped, 'utf8').replace(/^recordings: .*$/m, 'recordings: answers.jsonl'),
  );
  return file;
}

/** A tenth of the calls in the same time, but so many that each rule is met three times or so. */
function writeThinned(file: string, scenario: Scenario, workload: string): string {
  const { name, faults, arrival } = scenario;
  if (!('rate' in arrival)) throw new Error(`${name} has no rate`);
  const hits = faults.map(({ fromMs, toMs, beat, chance }) => {
    const share = ((chance.from + chance.to) / 2) * (beat ? beat.forMs / beat.everyMs : 1);
    return (((toMs ?? arrival.for) - fromMs) / 1000) * share * arrival.rate;
  });
  const part = Math.min(1, Math.max(0.1, 3 / Math.min(...hits)));
  const perHour = (arrival.rate * 3600 * part).toFixed(3);
  const thin = readFileSync(file, 'utf8')
    .replace(/\brate: [\d.]+\/[smh]/, `rate: ${perHour}/h`)
    .replace(/^workload: .*$/m, (line) =>
      faults.some(namesOpus) ? `workload: ${workload}` : line,
    );
  const copy = join(dir, `${name}.yaml`);
  writeFileSync(copy, thin);
  return copy;
}

describe('an incident', () => {
  it.each(incidents.map((one) => [one.scenario.name, one] as const))(
    '%s says where it comes from, what is modelled and what is assumed',
    (name, { file, scenario }) => {
      expect(file.endsWith(`/${name}.yaml`)).toBe(true);
      const { source = [], when, modelled = '', assumed = '' } = scenario.about ?? {};
      expect(source).not.toEqual([]);
      expect(when).toMatch(/^20\d\d-\d\d-\d\d/);
      for (const words of [modelled, assumed]) expect(words.length).toBeGreaterThan(40);
    },
  );

  const rows = new Map<string, ScenarioRow[]>();
  beforeAll(async () => {
    const workload = writeWorkload();
    const byChain = new Map<string, string[]>();
    for (const { file, scenario } of incidents) {
      const copy = writeThinned(file, scenario, workload);
      for (const chain of chainsFor(scenario)) {
        byChain.set(chain, [...(byChain.get(chain) ?? []), copy]);
      }
    }
    for (const [chain, scenarios] of byChain) {
      const out = join(dir, `run-${basename(chain, '.yaml')}`);
      const { report } = await drill({ chain, scenarios, out });
      for (const row of report?.scenarios ?? []) {
        rows.set(row.scenario, [...(rows.get(row.scenario) ?? []), row]);
      }
    }
  }, 900_000);

  it.each(incidents.map(({ scenario }) => [scenario.name, scenario] as const))(
    '%s has no rule that does nothing',
    (name, { faults }) => {
      const met = (index: number): number[] =>
        (rows.get(name) ?? []).map((row) => row.faults[index]?.met ?? 0);
      for (const index of faults.keys()) {
        expect(Math.max(...met(index)), `rule ${index + 1}`).toBeGreaterThan(0);
      }
    },
  );

  it('of quality alone is found by the quality of answers, and by nothing else', () => {
    const [row] = rows.get('anthropic-2025-08-misrouted') ?? [];
    expect(row?.availability).toBe(1);
    expect(row?.outcomes).toMatchObject({ complete: row?.calls });
    const broken = Object.entries(row?.invariants ?? {}).filter(([, one]) => one.violations > 0);
    expect(broken).toEqual([]);
    expect(row?.verdicts.filter(({ held }) => !held).map(({ path }) => path)).toEqual([
      'quality.drop',
    ]);
    // More than chance: the whole interval is above 0.
    expect(row?.quality.ci95?.[0]).toBeGreaterThan(0);
  });
});
