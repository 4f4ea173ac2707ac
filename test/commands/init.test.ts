import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readScenario } from '../../harness/scenario/scenario.ts';
import { loadYamlWorkload } from '../../harness/workloads/yaml-workload.ts';
import { filesIn, firedrill, write } from '../cli.ts';
import { app, project } from './init-project.ts';

const chainOf = (dir: string): string => readFileSync(join(dir, 'firedrill/chain.ts'), 'utf8');

/** What `init` wrote, by file. */
function textsIn(dir: string): [file: string, text: string][] {
  const folders = ['firedrill', '.github'].map((folder) => join(dir, folder));
  return folders.filter(existsSync).flatMap((folder) =>
    filesIn(folder)
      .filter((file) => statSync(file).isFile())
      .map((file): [string, string] => [file, readFileSync(file, 'utf8')]),
  );
}

interface Row {
  scenario: string;
  availability: number;
  served_by: Record<string, number>;
  quality: { drop: number | null };
  recordings: Record<string, { kind: string }>;
}

async function drilled(dir: string, words: string[]): Promise<{ code: number; rows: Row[] }> {
  const { code, out, err } = await firedrill(['run', ...words, '--json'], dir);
  expect(err).toBe('');
  return { code, rows: JSON.parse(out).trials };
}

describe('firedrill init', () => {
  it('makes a project that calls models drillable with the command that it prints', async () => {
    const dir = project({ 'src/llm.ts': app });
    const { code, out, err } = await firedrill(['init'], dir);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('npx firedrill run --chain firedrill/chain.ts\n');
    expect(out).toContain('firedrill import --answers');
    expect(chainOf(dir)).toContain("import { reply } from '../src/llm.js';");
    expect(chainOf(dir)).toContain('reply(question.prompt, signal)');
    const ran = await drilled(dir, ['--chain', 'firedrill/chain.ts']);
    expect([0, 1]).toContain(ran.code);
    expect(ran.rows).toHaveLength(3);
    const outage = ran.rows.find(({ scenario }) => scenario === 'my-prompts-outage');
    expect(outage?.availability).toBe(1);
    expect(outage?.served_by['anthropic/claude-haiku-5-5']).toBeGreaterThan(0.2);
    expect(outage?.quality.drop).toBe(0);
    expect(outage?.recordings['openai/gpt-4o']?.kind).toBe('authored');
  });

  it('writes scenarios, a workload and authored answers that the readers take', async () => {
    const dir = project({ 'src/llm.ts': app });
    await firedrill(['init'], dir);
    const inProject = textsIn(dir).map(([file]) => file);
    const scenarios = inProject
      .filter((file) => file.includes('scenarios'))
      .map((file) => readScenario(file));
    expect(scenarios.map(({ workload }) => workload)).toEqual(Array(3).fill('my-prompts'));
    const workload = loadYamlWorkload(join(dir, 'firedrill/workloads/my-prompts.yaml'));
    expect(workload.samples).toHaveLength(2);
    expect(workload.recordings.map(({ kind }) => kind)).toEqual(Array(4).fill('authored'));
    expect(new Set(workload.recordings.map(({ target }) => target))).toEqual(
      new Set(['openai/gpt-4o', 'anthropic/claude-haiku-5-5']),
    );
  });

  it('keeps every file that is there and names it', async () => {
    const mine = {
      'firedrill/chain.ts': '// mine\n',
      'firedrill/scenarios/my-prompts-outage.yaml': 'x',
    };
    const dir = project({ 'src/llm.ts': app, ...mine });
    const { code, out } = await firedrill(['init'], dir);
    expect(code).toBe(0);
    for (const [path, text] of Object.entries(mine)) {
      expect(readFileSync(join(dir, path), 'utf8')).toBe(text);
      expect(out).toMatch(new RegExp(`^kept +${path}$`, 'm'));
    }
    expect(out).toMatch(/^written +firedrill\/workloads\/my-prompts\.yaml$/m);
  });

  it('changes nothing when it is run again', async () => {
    const dir = project({ 'src/llm.ts': app });
    await firedrill(['init', '--ci', 'github'], dir);
    const before = textsIn(dir);
    const { code, out } = await firedrill(['init', '--ci', 'github'], dir);
    expect(code).toBe(0);
    expect(out).not.toContain('written');
    expect(textsIn(dir)).toEqual(before);
  });

  it('runs no code of the project', async () => {
    const trap = `import 'openai';\nimport { writeFileSync } from 'node:fs';\nwriteFileSync('ran', '');\n`;
    const dir = project({
      'llm.ts': trap,
      'other.cjs': `require('openai');\nthrow new Error();\n`,
    });
    await firedrill(['init'], dir);
    expect(existsSync(join(dir, 'ran'))).toBe(false);
    expect(existsSync(resolve('ran'))).toBe(false);
  });

  it('names no path of the machine', async () => {
    const dir = project({ 'src/llm.ts': app, 'package-lock.json': '{}' });
    const { out } = await firedrill(
      ['init', '--ci', 'github', '--chain', join(dir, 'src/llm.ts')],
      dir,
    );
    const texts = [out, ...textsIn(dir).map(([, text]) => text)];
    for (const text of texts) expect(text).not.toContain(dirname(dir));
  });

  it('drills a chain that is there as it is', async () => {
    const chain = `import { reply } from './llm.js';
      export default () => ({ prompt }: { prompt: string }) => reply(prompt);\n`.replace(
      /^ +/gm,
      '',
    );
    const dir = project({ 'src/llm.ts': app, 'src/drill.ts': chain });
    const { out } = await firedrill(['init', '--chain', 'src/drill.ts'], dir);
    expect(out).toContain('run --chain src/drill.ts\n');
    expect(existsSync(join(dir, 'firedrill/chain.ts'))).toBe(false);
  });

  it('takes the targets of a reference chain', async () => {
    const dir = project({
      'mine.yaml': 'targets: [anthropic/claude-haiku-5-5, openai/gpt-4o-mini]\n',
    });
    await firedrill(['init', '--chain', 'mine.yaml'], dir);
    const { code, rows } = await drilled(dir, ['my-prompts-outage', '--chain', 'mine.yaml']);
    expect([0, 1]).toContain(code);
    expect(rows[0]?.served_by['openai/gpt-4o-mini']).toBeGreaterThan(0.2);
  });

  it('writes scenarios over the workload that the project has', async () => {
    const dir = project({ 'src/llm.ts': app });
    const rows = ['openai/gpt-4o', 'anthropic/claude-haiku-5-5'].map(
      (target) => `Where is my order?,${target},An answer of ${target}.`,
    );
    write(dir, { 'logged.csv': `prompt,target,answer\n${rows.join('\n')}\n` });
    await firedrill(['import', '--answers', 'logged.csv'], dir);
    const { out } = await firedrill(['init'], dir);
    expect(existsSync(join(dir, 'firedrill/workloads/my-prompts.yaml'))).toBe(false);
    expect(out).toMatch(/^unchanged +firedrill\/scenarios\/logged-outage\.yaml$/m);
    const ran = await drilled(dir, ['logged-outage', '--chain', 'firedrill/chain.ts']);
    expect(ran.rows[0]?.availability).toBe(1);
  });

  it('says which host still has to be named', async () => {
    const elsewhere = app.replace(
      'new OpenAI()',
      `new OpenAI({ baseURL: 'https://llm.example/v1' })`,
    );
    const dir = project({ 'src/llm.ts': elsewhere });
    const { out } = await firedrill(['init'], dir);
    expect(out).toContain('src/llm.ts has a base URL at llm.example');
  });

  it('refuses a file that is not there or is no module', async () => {
    const dir = project({ 'notes.md': '# notes' });
    const missing = await firedrill(['init', '--chain', 'src/llm.ts'], dir);
    expect(missing).toMatchObject({
      code: 2,
      err: 'firedrill: src/llm.ts: there is no such file\n',
    });
    const other = await firedrill(['init', '--chain', 'notes.md'], dir);
    expect(other.code).toBe(2);
    expect(other.err).toMatch(/^firedrill: notes\.md: is no chain and no module/);
    expect(existsSync(join(dir, 'firedrill'))).toBe(false);
  });
});

describe('the stand-in of firedrill init', () => {
  it('walks the models of a module that exports nothing to call', async () => {
    const closed = app.replace('export async', 'async');
    const dir = project({ 'src/llm.ts': closed });
    const { out } = await firedrill(['init'], dir);
    expect(out).toContain('src/llm.ts exports no function that takes a prompt and returns text');
    expect(chainOf(dir)).toMatch(
      /^\/\/ A stand-in, not your code\. src\/llm\.ts asks these models/,
    );
    const { rows } = await drilled(dir, ['my-prompts-outage', '--chain', 'firedrill/chain.ts']);
    expect(rows[0]?.availability).toBe(1);
    expect(rows[0]?.served_by['anthropic/claude-haiku-5-5']).toBeGreaterThan(0.2);
  });

  it('takes usual models where the project asks none', async () => {
    const dir = project({ 'src/index.ts': 'export const one = 1;\n' });
    const { out } = await firedrill(['init'], dir);
    expect(out).toContain('no file here asks a model');
    const { rows } = await drilled(dir, ['my-prompts-outage', '--chain', 'firedrill/chain.ts']);
    expect(rows[0]?.availability).toBe(1);
  });

  it('uses one SDK where all models are of one provider', async () => {
    const source = `import OpenAI from 'openai';\nconst models = ['gpt-4o', 'gpt-4o-mini'];\n`;
    const dir = project({ 'llm.ts': source });
    await firedrill(['init'], dir);
    expect(chainOf(dir)).not.toContain('anthropic');
    const { rows } = await drilled(dir, ['my-prompts-outage', '--chain', 'firedrill/chain.ts']);
    expect(rows[0]?.served_by['openai/gpt-4o-mini']).toBeGreaterThan(0.2);
  });
});

describe('firedrill init --ci github', () => {
  it('writes a workflow that drills the chain, and says what it needs', async () => {
    const dir = project({ 'package-lock.json': '{}' });
    const { out } = await firedrill(['init', '--ci', 'github'], dir);
    expect(out).toMatch(/^written +\.github\/workflows\/firedrill\.yml$/m);
    expect(out).toContain('npm install --save-dev firedrill');
    const [, text] = textsIn(dir).find(([file]) => file.endsWith('firedrill.yml')) ?? [];
    expect(text).toContain('npx firedrill run --chain firedrill/chain.ts');
  });

  it('is said to be there where it was not asked for, and other systems are refused', async () => {
    const dir = project({});
    const { out } = await firedrill(['init'], dir);
    expect(out).toContain('firedrill init --ci github writes .github/workflows/firedrill.yml');
    expect(existsSync(join(dir, '.github'))).toBe(false);
    expect((await firedrill(['init', '--ci', 'jenkins'], dir)).code).toBe(2);
  });
});
