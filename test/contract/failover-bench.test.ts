// The sixteen scenarios of the Failover Bench catalogue, over the reference chain and a naive one.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { scenarioFiles } from '../../harness/project.ts';
import type { Report, ScenarioRow } from '../../harness/report.ts';
import { drill, root } from '../drills.ts';

const dir = mkdtempSync(join(tmpdir(), 'firedrill-bench-'));
const scenarios = scenarioFiles([join(root, 'scenarios/failover-bench')], root);
const chains = ['failover-bench.yaml', 'failover-bench-continue.yaml', 'naive.ts'] as const;
const reports: Record<string, Report> = {};

beforeAll(async () => {
  for (const chain of chains) {
    const file = join(root, 'fixtures/chains', chain);
    const { report } = await drill({ chain: file, scenarios, out: join(dir, chain) });
    if (report) reports[chain] = report;
  }
}, 120_000);

const rowsOf = (chain: (typeof chains)[number]): ScenarioRow[] => reports[chain]?.scenarios ?? [];
const gradesOf = (chain: (typeof chains)[number]): Record<string, string | null | undefined> =>
  Object.fromEntries(rowsOf(chain).map((row) => [row.scenario.slice(0, 3), row.conduct?.grade]));

describe('the Failover Bench', () => {
  it('has sixteen scenarios, whose first rules all meet requests', () => {
    expect(scenarios).toHaveLength(16);
    for (const chain of chains) {
      for (const { faults, scenario } of rowsOf(chain)) {
        expect(faults[0]?.met, `${chain} ${scenario}`).toBeGreaterThan(0);
      }
    }
  });

  it('is passed by the reference chain that goes on after a broken answer', () => {
    const grades = gradesOf('failover-bench-continue.yaml');
    expect(new Set(Object.values(grades))).toEqual(new Set(['pass']));
  });

  it('is passed or failed safely by the one that ends there with an error', () => {
    const grades = gradesOf('failover-bench.yaml');
    const safe = Object.keys(grades).filter((name) => grades[name] === 'safe');
    expect(safe).toEqual(['s08', 's09', 's10', 's14']);
    expect(Object.keys(grades).filter((name) => grades[name] === 'pass')).toHaveLength(12);
  });

  it('shows the same time to the first token either way: nothing is held back', () => {
    const [plain, goesOn] = (['failover-bench.yaml', 'failover-bench-continue.yaml'] as const).map(
      (chain) => rowsOf(chain).map(({ scenario, ttft_ms }) => [scenario, ttft_ms.p50]),
    );
    expect(plain).toEqual(goesOn);
  });

  it('fails a naive chain where it hangs, glues answers together or shows cut ones as whole', () => {
    const grades = gradesOf('naive.ts');
    expect(Object.keys(grades).filter((name) => grades[name] === 'fail')).not.toEqual([]);
    expect(reports['naive.ts']?.held).toBe(false);
  });
});
