// Sessions with tools, as they ship: held by a chain that keeps its results through a fallback.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { scenarioFiles } from '../../harness/project.ts';
import { drill, root } from '../drills.ts';

const dir = mkdtempSync(join(tmpdir(), 'sessions-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

it('every shipped scenario of sessions is held by the reference chain', async () => {
  const { report } = await drill({
    chain: join(root, 'fixtures/chains/gpt-first.yaml'),
    scenarios: scenarioFiles(['sessions'], root),
    out: join(dir, 'out'),
  });
  expect(report?.scenarios.length).toBeGreaterThan(0);
  for (const row of report?.scenarios ?? []) {
    expect(row.held, row.scenario).toBe(true);
    expect(row.faults.every(({ met }) => met > 0)).toBe(true);
    expect(row.invariants.I19?.status).toBe('held');
  }
}, 120_000);
