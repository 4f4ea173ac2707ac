// Every library that a chain file can be put into: it is loaded when it is asked for, answers where
// nothing is wrong, and falls back in its own way.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { adapters } from '../../harness/adapters/index.ts';
import { needed } from '../../harness/adapters/needed.ts';
import { chainThrough } from '../../harness/adapters/through.ts';
import { parseReferenceSettings } from '../../harness/chains/reference-config.ts';
import { shippedTargets } from '../../harness/project.ts';
import { makePlan } from '../../harness/run/plan.ts';
import { drill, root, writeScenario } from '../drills.ts';

const dir = mkdtempSync(join(tmpdir(), 'firedrill-adapters-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const targets = 'targets: [openai/gpt-4o, anthropic/claude-3-5-sonnet-latest]\n';
const chains = [true, false].map((stream) => {
  const file = join(dir, stream ? 'streams.yaml' : 'whole.yaml');
  writeFileSync(file, `${targets}stream: ${stream}\nretry: { max: 1 }\n`);
  return [stream ? 'streaming' : 'in one piece', file] as const;
});
const scenarios = [
  writeScenario(dir, 'well', { arrival: { each: 'once', gap: '2s' } }),
  writeScenario(dir, 'down', {
    arrival: { each: 'once', gap: '30s' },
    faults: [{ inject: 'server-error', status: 503, on: { provider: 'openai' } }],
  }),
];

describe.each(Object.entries(adapters))('%s', (name, adapter) => {
  it('goes by the name that it has in the map, and says what to install', () => {
    expect(adapter.name).toBe(name);
    expect(adapter.describe).not.toBe('');
    expect(adapter.packages.every((one) => /^(@[\w-]+\/)?[\w-]+@\d+$/.test(one))).toBe(true);
  });

  it('is set up with the major versions that are tested here', () => {
    const { devDependencies, dependencies } = packageJson();
    for (const one of adapter.packages) {
      const at = one.lastIndexOf('@');
      const range = { ...devDependencies, ...dependencies }[one.slice(0, at)];
      expect(range, one).toMatch(new RegExp(`^\\^?${one.slice(at + 1)}\\.`));
    }
  });

  it('says what of a chain file it cannot be told', () => {
    const text = `${targets}cache: { exact: true }\ndegrade: Later.\nafterPayload: continue\n`;
    const said = adapter.notSaid(parseReferenceSettings(text, 'chain.yaml')).join('\n');
    expect(said).toMatch(/cache: .*\n.*afterPayload: .*\n.*degrade: /s);
  });

  it.each(chains)('answers and falls back, %s', async (how, chain) => {
    const out = join(dir, `${name}-${how}`);
    const { report } = await drill({ chain, through: name, scenarios, out });
    const [well, down] = report?.scenarios ?? [];
    expect(well).toMatchObject({ availability: 1, served_by: { 'openai/gpt-4o': 1 } });
    expect(down).toMatchObject({
      availability: 1,
      served_by: { 'anthropic/claude-3-5-sonnet-latest': 1 },
    });
    expect(down?.attempts_per_call.mean).toBeGreaterThan(1);
    expect(well?.chain).toBe(`${how === 'streaming' ? 'streams' : 'whole'}-${name}`);
  });

  it('never passes off as whole what broke off half way', async () => {
    const cut = writeScenario(dir, 'cut', {
      arrival: { each: 'once', gap: '60s' },
      faults: [{ inject: 'disconnect', at: '50%', how: 'reset', on: { provider: 'openai' } }],
    });
    const [[, chain] = ['', '']] = chains;
    const out = join(dir, `${name}-cut`);
    const { report } = await drill({ chain, through: name, scenarios: [cut], out });
    const { outcomes } = report?.scenarios[0] ?? {};
    // Some begin again behind what was read, which is their own doing, and found.
    const { error = 0, spliced = 0, truncated, hung } = outcomes ?? {};
    expect(error + spliced).toBeGreaterThan(0);
    expect([truncated, hung]).toEqual([0, 0]);
  });
});

function packageJson(): Record<'dependencies' | 'devDependencies', Record<string, string>> {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
}

describe('the map of adapters', () => {
  it('has every file of the folder that is one', () => {
    const files = readdirSync(join(root, 'harness/adapters'))
      .filter((file) => {
        const text = readFileSync(join(root, 'harness/adapters', file), 'utf8');
        return text.includes('= adapter({');
      })
      .map((file) => file.replace('.ts', ''));
    expect(files.sort()).toEqual(Object.keys(adapters));
  });
});

describe('what cannot be put into a library', () => {
  const plan = (chainFile: string, through: string) => () =>
    makePlan({
      chainFile,
      through,
      scenarioFiles: scenarios,
      targetsFiles: [shippedTargets],
      seed: 1,
      trials: 1,
      cwd: root,
    });

  it('is a name that nobody knows', () => {
    expect(plan(join(root, 'fixtures/chains/gpt-first.yaml'), 'langchian')).toThrow(
      '--through: unknown library or gateway "langchian" (did you mean langchain?)',
    );
  });

  it('is code of its own', () => {
    expect(plan(join(root, 'fixtures/chains/naive.ts'), 'langchain')).toThrow(
      'fixtures/chains/naive.ts: --through takes a .yaml chain file',
    );
  });

  it('is a wire that the library is not set up for', async () => {
    const file = join(dir, 'responses.yaml');
    writeFileSync(file, 'targets: [{ model: openai/gpt-4o, wire: openai-responses }]\n');
    await expect(chainThrough(file, 'langchain')).rejects.toThrow(
      'langchain is set up for chat completions and messages: leave wire: openai-responses',
    );
  });

  it('is a library that is not installed: the message says how to', async () => {
    const missing = 'a-library-that-is-nowhere';
    await expect(needed([`${missing}@1`], () => import(missing))).rejects.toThrow(
      `a library is not installed: npm i -D ${missing}@1`,
    );
  });

  it('is no reason to hide another error of the library', async () => {
    const broken = (): Promise<never> => Promise.reject(new TypeError('it is broken'));
    await expect(needed(['x@1'], broken)).rejects.toThrow('it is broken');
  });
});
