// action.yml, run as GitHub runs a composite action: its inputs as variables, its steps in bash.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { folderWith } from '../cli.ts';

const root = resolve(import.meta.dirname, '../..');

interface Step {
  id?: string;
  run?: string;
  env?: Record<string, string>;
}

interface Action {
  inputs: Record<string, { default?: string; required?: boolean }>;
  outputs: Record<string, { value: string }>;
  runs: { using: string; steps: Step[] };
}

const action: Action = parse(readFileSync(join(root, 'action.yml'), 'utf8'));
const [drill] = action.runs.steps.filter(({ id }) => id === 'drill');

/** Runs the step that drills, in a project with these files. */
function acted(inputs: Record<string, string>, files: Record<string, string>) {
  const cwd = folderWith({ 'output.txt': '', 'summary.md': '', ...files });
  const given = (name: string): string => inputs[name] ?? action.inputs[name]?.default ?? '';
  const variables = Object.entries(drill?.env ?? {}).map(([key, value]) => [
    key,
    value.replace(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_, name: string) => given(name)),
  ]);
  const { status, stderr } = spawnSync('bash', ['-e', '-o', 'pipefail', '-c', drill?.run ?? ''], {
    cwd,
    encoding: 'utf8',
    env: {
      PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}`,
      GITHUB_ACTIONS: 'true',
      GITHUB_ACTION_PATH: root,
      GITHUB_OUTPUT: join(cwd, 'output.txt'),
      GITHUB_STEP_SUMMARY: join(cwd, 'summary.md'),
      ...Object.fromEntries(variables),
    },
  });
  const read = (name: string): string => readFileSync(join(cwd, name), 'utf8');
  return { status, stderr, cwd, read };
}

const scenario = `name: down
description: OpenAI is down
workload: failover-bench
arrival: { each: once }
faults: [{ inject: server-error, on: { provider: openai } }]
thresholds: { availability: ">= 99%" }
`;

describe('the action', () => {
  it('drills, and tells GitHub what was breached', () => {
    const files = { 'chain.yaml': 'targets: [openai/gpt-4o]\n', 'down.yaml': scenario };
    const inputs = { chain: 'chain.yaml', scenarios: 'down.yaml', args: '--seed 3' };
    const { status, stderr, cwd, read } = acted(inputs, files);
    expect(status).toBe(1);
    expect(stderr).toContain('::error file=chain.yaml,line=1,title=down%3A availability::');
    expect(read('summary.md')).toContain('# Fire drill of chain');
    expect(read('output.txt')).toBe('reports=reports/firedrill\n');
    expect(existsSync(join(cwd, 'reports/firedrill/junit.xml'))).toBe(true);
  });

  it('reads no input as a script', () => {
    const { status, cwd } = acted({ chain: '$(touch hit).yaml', scenarios: '; touch hit *' }, {});
    expect(status).toBe(2);
    expect(existsSync(join(cwd, 'hit'))).toBe(false);
  });

  it('puts expressions into variables only, and names outputs and inputs that there are', () => {
    for (const { run = '' } of action.runs.steps) expect(run).not.toContain('${{');
    const text = readFileSync(join(root, 'action.yml'), 'utf8');
    for (const [, name = ''] of text.matchAll(/inputs\.([\w-]+)/g)) {
      expect(action.inputs).toHaveProperty(name);
    }
    expect(Object.keys(action.outputs)).toEqual(['reports']);
  });
});
