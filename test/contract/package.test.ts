// The package as npm would install it, in a project that is not this repository: the files that
// `npm pack` lists, built by the build's own configuration, on plain Node.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { write } from '../cli.ts';
import { featureChain, features } from './package-features.ts';

const root = resolve(import.meta.dirname, '../..');
const modules = join(root, 'node_modules');
const project = mkdtempSync(join(tmpdir(), 'firedrill-package-'));
const installed = join(project, 'node_modules/firedrill');
const bin = join(installed, 'bin/firedrill.js');
let packed: string[] = [];

interface Ran {
  code: number | null;
  out: string;
}

function ran(program: string, words: string[], cwd = project): Ran {
  const { status, stdout, stderr } = spawnSync(program, words, {
    cwd,
    encoding: 'utf8',
    shell: program === 'npm' && process.platform === 'win32',
  });
  return { code: status, out: stdout + stderr };
}

const firedrill = (...words: string[]): Ran => ran(process.execPath, [bin, ...words]);
const compiler = join(modules, 'typescript/bin/tsc');
const tsc = (...words: string[]): Ran => ran(process.execPath, [compiler, ...words]);

/** Everything but firedrill is where npm would have put it. */
function linkModules(): void {
  mkdirSync(join(project, 'node_modules'), { recursive: true });
  for (const name of readdirSync(modules)) {
    if (name.startsWith('.')) continue;
    symlinkSync(join(modules, name), join(project, 'node_modules', name), 'junction');
  }
}

beforeAll(() => {
  const listed = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  // npm 11 gives a list, npm 12 an object by name.
  const parsed: unknown = JSON.parse(listed.stdout);
  const [one] = Object.values(parsed as Record<string, { files: { path: string }[] }>);
  packed = one?.files.map(({ path }) => path) ?? [];
  linkModules();
  for (const path of packed) {
    if (path.startsWith('dist/')) continue;
    mkdirSync(dirname(join(installed, path)), { recursive: true });
    cpSync(join(root, path), join(installed, path));
  }
  const build = ['-p', join(root, 'tsconfig.build.json'), '--outDir', join(installed, 'dist')];
  expect(tsc(...build)).toEqual({ code: 0, out: '' });
  write(project, { 'package.json': '{"name":"outside","private":true,"type":"module"}' });
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

describe('the package', () => {
  it('holds the program, its fixtures and the licence, and nothing of the workshop', () => {
    expect(packed).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'package.json',
        'bin/firedrill.js',
        'scenarios/provider-outage.yaml',
        'fixtures/targets.yaml',
        'fixtures/starter/workloads/my-prompts.yaml',
        'fixtures/starter/recordings/my-prompts.jsonl',
      ]),
    );
    const folders = new Set(packed.map((path) => path.split('/')[0]));
    for (const folder of ['harness', 'test', 'tools', 'bench', 'node_modules', 'reports']) {
      expect(folders).not.toContain(folder);
    }
    expect(packed).not.toContain('bin/dev.mjs');
  });

  it('says its version and drills on plain Node', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(firedrill('--version')).toEqual({ code: 0, out: `${version}\n` });
    const { code, out } = firedrill('run', 'healthy', '--chain', goodChain());
    expect(out).toMatch(/^held +healthy +100\.0%/m);
    expect(code).toBe(0);
  });

  it('lets a project begin with init and drill what it wrote', () => {
    const source = `
import OpenAI from 'openai';
const openai = new OpenAI();
export async function ask(prompt: string): Promise<string> {
  for (const model of ['gpt-4o', 'gpt-4o-mini']) {
    try {
      const messages = [{ role: 'user' as const, content: prompt }];
      const reply = await openai.chat.completions.create({ model, messages });
      return reply.choices[0]?.message.content ?? '';
    } catch {}
  }
  throw new Error('no model answered');
}
`;
    write(project, { 'app/ask.ts': source });
    expect(firedrill('init', '--chain', 'app/ask.ts').code).toBe(0);
    const { code, out } = firedrill('run', 'my-prompts-outage', '--chain', 'firedrill/chain.ts');
    expect(out).toMatch(/^\w+ +my-prompts-outage +100\.0%/m);
    expect([0, 1]).toContain(code);
    const strict = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024'];
    const types = ['--types', '', '--skipLibCheck', 'firedrill/chain.ts'];
    expect(tsc(...strict, ...types)).toEqual({ code: 0, out: '' });
    rmSync(join(project, 'firedrill'), { recursive: true });
  });

  it('says on an older Node which one it needs, and ends with 2', () => {
    const versions = `{ value: { ...process.versions, node: '20.20.2' } }`;
    write(project, { 'old.cjs': `Object.defineProperty(process, 'versions', ${versions});\n` });
    expect(ran(process.execPath, ['--require', './old.cjs', bin, 'list'])).toEqual({
      code: 2,
      out: 'firedrill: this is Node 20.20.2; it needs Node 22.15 or newer\n',
    });
  });
});

/** A chain in JavaScript that keeps nothing from the harness. */
function goodChain(): string {
  const text = `
    import OpenAI from 'openai';
    export default () => {
      const openai = new OpenAI();
      return async ({ messages }, signal) => {
        const asked = { model: 'gpt-4o', messages };
        const reply = await openai.chat.completions.create(asked, { signal });
        return reply.choices[0].message.content;
      };
    };
  `;
  write(project, { 'good.js': text });
  return 'good.js';
}

describe('a chain outside the repository', () => {
  it.each([
    ['module', '@app/models'],
    ['commonjs', './src/models'],
  ])('is TypeScript as its authors write it, in a package of type %s', (type, models) => {
    const folder = join(project, type);
    write(folder, {
      ...features,
      'package.json': JSON.stringify({ type }),
      'chain.ts': featureChain(models),
    });
    const words = [bin, 'run', 'provider-outage', '--chain', 'chain.ts'];
    const { out } = ran(process.execPath, words, folder);
    expect(out).toMatch(/^\w+ +provider-outage +100\.0%/m);
    expect(out).toContain('from claude-3-5-sonnet-latest');
  });

  it('uses its own copy of an SDK, whose requests are answered too', () => {
    const folder = join(project, 'own-copy');
    const copy = join(folder, 'node_modules/openai');
    cpSync(join(modules, 'openai'), copy, {
      recursive: true,
      filter: (path) => !/\.map$|\.d\.m?ts$|[/\\]openai[/\\]src$/.test(path),
    });
    write(copy, { 'version.mjs': `export const VERSION = '7.0.0-own';\n` });
    write(folder, {
      'package.json': '{"type":"module"}',
      'chain.js': `
        import OpenAI from 'openai';
        import { VERSION } from 'openai/version';
        if (VERSION !== '7.0.0-own') throw new Error('another copy: ' + VERSION);
        ${readFileSync(join(project, goodChain()), 'utf8').replace(/import .*/, '')}
      `,
    });
    const words = [bin, 'run', 'healthy', '--chain', 'chain.js'];
    const { code, out } = ran(process.execPath, words, folder);
    expect(out).toMatch(/^held +healthy +100\.0%/m);
    expect(code).toBe(0);
  });

  it.each(['nodenext', 'bundler'])('finds its types under %s resolution', (resolution) => {
    const module = resolution === 'bundler' ? 'esnext' : resolution;
    const words = ['--noEmit', '--strict', '--target', 'es2024', '--types', ''];
    const check = (file: string): Ran =>
      tsc(...words, '--module', module, '--moduleResolution', resolution, file);
    const head = `import type { Ask, ChainFactory, Question } from 'firedrill';\n`;
    const right = `export const ask: Ask = async (q: Question, signal) =>
      signal.aborted ? '' : q.prompt;\n`;
    write(project, {
      'right.ts': `${head}${right}export default (() => ask) satisfies ChainFactory;\n`,
      'wrong.ts': `${head}export default (() => async () => 1) satisfies ChainFactory;\n`,
    });
    expect(check('right.ts')).toEqual({ code: 0, out: '' });
    expect(check('wrong.ts').out).toMatch(/wrong\.ts.*error TS\d+.*/);
  });
});

describe('the examples of docs/testing.md', () => {
  const text = readFileSync(join(root, 'docs/testing.md'), 'utf8');
  const examples = [...text.matchAll(/```ts\n\/\/ (\S+)\n([\s\S]*?)```/g)];
  const folder = join(project, 'tested');
  const chain = `
    import Anthropic from '@anthropic-ai/sdk';
    import OpenAI from 'openai';
    import type { Ask } from 'firedrill';
    export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];
    export default (): Ask => {
      const openai = new OpenAI({ maxRetries: 0, timeout: 4_000 });
      const anthropic = new Anthropic({ maxRetries: 1, timeout: 4_000 });
      return async ({ messages, prompt, system }, signal) => {
        try {
          const asked = { model: 'gpt-4o', messages };
          const reply = await openai.chat.completions.create(asked, { signal });
          return reply.choices[0]?.message.content ?? '';
        } catch {
          const reply = await anthropic.messages.create({
            model: 'claude-3-5-sonnet-latest',
            max_tokens: 1024,
            ...(system !== null && { system }),
            messages: [{ role: 'user', content: prompt }],
          }, { signal });
          return reply.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
        }
      };
    };
  `;
  beforeAll(() => {
    const files = examples.map(([, name = '', code = '']) => [name, code] as const);
    write(folder, {
      'package.json': '{"type":"module"}',
      'src/chain.ts': chain,
      ...Object.fromEntries(files),
    });
  });

  it('are typed as they say', () => {
    const names = examples.map(([, name = '']) => join(folder, name));
    expect(names).toHaveLength(2);
    const words = ['--noEmit', '--strict', '--target', 'es2024', '--module', 'nodenext'];
    const types = ['--skipLibCheck', '--types', 'node'];
    expect(tsc(...words, ...types, ...names)).toEqual({ code: 0, out: '' });
  });

  it('run in vitest', () => {
    const vitest = join(modules, 'vitest/vitest.mjs');
    const { code, out } = ran(process.execPath, [vitest, 'run', '--root', folder], folder);
    expect(out).toContain('2 passed');
    expect(code).toBe(0);
  });

  it('run in node:test', () => {
    const words = ['--test', join(folder, 'test/chain.node.ts')];
    const { code, out } = ran(process.execPath, words, folder);
    expect(out).toMatch(/pass 1\b/);
    expect(code).toBe(0);
  });
});
