// A gateway or a mock in front of everybody: two providers at one address are told apart.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Report } from '../../harness/report.ts';
import { firedrill, folderWith } from '../cli.ts';

const chain = `
targets:
  - { model: openai/gpt-4o, baseURL: "http://127.0.0.1:4517/v1" }
  - { model: anthropic/claude-3-5-sonnet-latest, baseURL: "http://127.0.0.1:4517" }
retry: { max: 1 }
`;
const outage = `
name: outage
description: OpenAI is down for a part of the time
workload: support-desk
arrival: { rate: 1/s, for: 40s }
deadline: 10s
faults:
  - { inject: server-error, status: 503, on: { provider: openai }, from: 10s, to: 30s }
thresholds:
  availability: ">= 99%"
  invariants: all
`;

it('asks the primary while it is well, and the other provider while it is down', async () => {
  const dir = folderWith({ 'chain.yaml': chain, 'outage.yaml': outage });
  const words = ['run', 'outage.yaml', '--chain', 'chain.yaml', '--out', 'out'];
  const { code, out, err } = await firedrill(words, dir);
  expect([code, err], out).toEqual([0, expect.not.stringContaining('no request met')]);
  const report: Report = JSON.parse(readFileSync(join(dir, 'out/report.json'), 'utf8'));
  const [row] = report.scenarios;
  expect(row?.fallback_rate).toBeGreaterThan(0.2);
  expect(row?.fallback_rate).toBeLessThan(0.8);
  expect(Object.keys(row?.served_by ?? {})).toEqual(
    expect.arrayContaining(['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest']),
  );
});
