// A project as a user has one, outside this repository: the packed file installed, begun with
// `init`, drilled in vitest and held by the gate, on Node 22 and on 24. Needs npm's registry.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../../test/drills.ts';
import type { Showing } from './shown.ts';
import { shown } from './shown.ts';

const nodes = ['22', '24'];
const needed = ['vitest@5', 'openai@7', '@anthropic-ai/sdk@1'];

const ask = `import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';

const openai = new OpenAI({ maxRetries: 1, timeout: 8_000 });
const anthropic = new Anthropic({ maxRetries: 1, timeout: 8_000 });

export async function ask(prompt: string): Promise<string> {
  const messages = [{ role: 'user' as const, content: prompt }];
  try {
    const reply = await openai.chat.completions.create({ model: 'gpt-4o', messages });
    return reply.choices[0]?.message.content ?? '';
  } catch {
    const model = 'claude-3-5-sonnet-latest';
    const reply = await anthropic.messages.create({ model, max_tokens: 500, messages });
    return reply.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
  }
}
`;

const test = `import { drill } from 'firedrill';
import 'firedrill/vitest';
import { expect, it } from 'vitest';

it('survives an outage of its primary', async () => {
  const drilled = await drill({ chain: 'firedrill/chain.ts', scenario: 'my-prompts-outage' });
  expect(drilled).toSurvive();
  expect(drilled).toFallBackWithin('20s');
}, 60_000);
`;

await shown('A project of its own, from the packed file', async ({ dir, say, check }) => {
  const packed = ran('npm', ['pack', '--silent', '--pack-destination', dir], root);
  const tarball = join(dir, packed.out.trim().split('\n').at(-1) ?? '');
  check(packed.code === 0, `packed ${tarball.slice(dir.length + 1)}`);
  for (const node of nodes) project(join(dir, `node-${node}`), node, tarball, { dir, say, check });
});

function project(folder: string, node: string, tarball: string, { say, check }: Showing): void {
  put(folder, 'package.json', {
    name: 'sample',
    private: true,
    type: 'module',
    // npm asks before it runs the script that fetches a Node.
    allowScripts: { node: true, esbuild: true },
  });
  put(folder, 'src/ask.ts', ask);
  const installed = ran(
    'npm',
    ['i', '-D', '--no-audit', '--no-fund', `node@${node}`, tarball, ...needed],
    folder,
  );
  check(
    installed.code === 0,
    `Node ${node}: installed${installed.code === 0 ? '' : installed.out}`,
  );
  const path = `${join(folder, 'node_modules/.bin')}:${process.env.PATH}`;
  const npx = (...words: string[]): Ran => ran('npx', words, folder, path);
  const { out: version } = ran('node', ['--version'], folder, path);
  check(version.startsWith(`v${node}.`), `runs on ${version.trim()}`);
  const begun = npx('firedrill', 'init', '--chain', 'src/ask.ts', '--ci', 'github');
  check(begun.code === 0, 'init writes a chain, prompts, scenarios and a workflow');
  put(folder, 'test/chain.test.ts', test);
  const tested = npx('vitest', 'run');
  say(tested.out.trimEnd().split('\n').slice(-6).join('\n'));
  check(tested.code === 0, 'its vitest drill passes');
  const gate = ['firedrill', 'gate', '--chain', 'firedrill/chain.ts'];
  check(npx(...gate, '--update').code <= 1, 'gate --update writes a baseline');
  const same = npx(...gate);
  check(same.code === 0, `the gate holds: ${lastLine(same.out)}`);
  const worse = ask.replace(
    / {2}} catch \{[\s\S]*\n {2}\}\n\}/,
    "  } catch {\n    return '';\n  }\n}",
  );
  put(folder, 'src/ask.ts', worse);
  const broken = npx(...gate);
  check(broken.code === 1, `without its fallback it fails: ${lastLine(broken.out)}`);
  for (const line of broken.out.split('\n').filter((one) => /^[A-Z]{6,} /.test(one))) say(line);
}

interface Ran {
  code: number;
  out: string;
}

function ran(program: string, words: string[], cwd: string, path = process.env.PATH): Ran {
  const { status, stdout, stderr } = spawnSync(program, words, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, PATH: path, NO_COLOR: '1' },
  });
  return { code: status ?? 2, out: stdout + stderr };
}

function lastLine(text: string): string {
  return (
    text
      .trimEnd()
      .split('\n')
      .findLast((line) => line.startsWith('The gate')) ?? text
  );
}

function put(folder: string, name: string, content: string | object): void {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  const text = typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`;
  writeFileSync(file, text);
}
