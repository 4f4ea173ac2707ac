import { describe, expect, it } from 'vitest';
import { checks } from '../../harness/checks/index.ts';
import { firedrill, folderWith } from '../cli.ts';

const scenario = (description: string): string =>
  `name: x\ndescription: ${description}\nworkload: support-desk\narrival: { each: once }\n`;

async function listed(kind: string, files: Record<string, string> = {}): Promise<string> {
  const said = await firedrill(['list', kind], folderWith(files));
  expect(said).toMatchObject({ code: 0, err: '' });
  return said.out;
}

describe('firedrill list', () => {
  it('shows beside each workload whose answers it has', async () => {
    const out = await listed('workloads', {
      'firedrill/workloads/mine.yaml':
        'name: mine\nprovenance: p\nrecordings: r.jsonl\nsamples: [{ id: a, prompt: p }]\n',
      'firedrill/workloads/r.jsonl': ['own/small', 'own/large', 'own/small']
        .map((target) => `{"kind":"authored","sample":"a","target":"${target}","text":"x"}\n`)
        .join(''),
    });
    expect(out).toMatch(/support-tools .*\n +answers of openai\/gpt-4o, openai\/gpt-4o-mini/);
    expect(out).toMatch(
      /mine +firedrill.workloads.mine\.yaml\n +answers of own\/small, own\/large\n/,
    );
  });

  it('shows every kind of check with a line to write', async () => {
    const out = await listed('checks');
    for (const { kind, example } of Object.values(checks)) {
      expect(out).toMatch(new RegExp(`^${kind} `, 'm'));
      expect(out).toContain(` ${example}\n`);
    }
  });

  it('shows the scenarios of a shipped folder by the names that run takes', async () => {
    const out = await listed('failover-bench');
    expect(out.match(/^failover-bench\//gm)).toHaveLength(16);
    expect(out).toContain('failover-bench/s03-server-error-once ');
    expect(out).toContain('500, once');
  });

  it('shows the scenarios of the project first, and no shipped one that they hide', async () => {
    const out = await listed('scenarios', {
      'firedrill/scenarios/zebra.yaml': scenario('mine'),
      'firedrill/scenarios/healthy.yaml': scenario('mine too'),
    });
    const names = out.match(/^[\w-]+/gm) ?? [];
    expect(names.slice(0, 3)).toEqual(['healthy', 'zebra', 'crowd']);
    expect(names.filter((name) => name === 'healthy')).toHaveLength(1);
    expect(out).toMatch(/healthy +mine too\n/);
  });
});
