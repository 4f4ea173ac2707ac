// Any command, as a process of its own, with the official SDK in it.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { firedrill, folderWith, mistake } from '../cli.ts';
import { root } from '../drills.ts';
import { processesWith } from '../gateways/left-over.ts';

const sdk = (name: string): string =>
  JSON.stringify(pathToFileURL(join(root, 'node_modules', name)).href);

/** Asks OpenAI so often, then Claude; ends with the code that it is given. */
const program = `
import OpenAI from ${sdk('openai/index.mjs')};
import Anthropic from ${sdk('@anthropic-ai/sdk/index.mjs')};
const [times, code] = process.argv.slice(2).map(Number);
const messages = [{ role: 'user', content: 'What is the capital of France?' }];
let answer = null;
for (let i = 0; i < times && answer === null; i++) {
  const asked = new OpenAI({ maxRetries: 0 }).chat.completions.create({ model: 'gpt-4o', messages });
  answer = await asked.then(({ choices }) => choices[0].message.content).catch(() => null);
}
if (answer === null) {
  const body = { model: 'claude-3-5-sonnet-latest', max_tokens: 100, messages };
  answer = (await new Anthropic({ maxRetries: 0 }).messages.create(body)).content[0].text;
}
process.exitCode = answer.startsWith('This is an authored answer') ? code : 9;
`;
const scenario = (faults: string): string =>
  `name: test\ndescription: a test\nworkload: support-desk\narrival: { each: once, gap: 1s }\nfaults: ${faults}\n`;
const files = {
  'ask.mjs': program,
  'well.yaml': scenario('[]'),
  'empty.yaml': scenario('[{ inject: quota-exhausted, on: { provider: openai } }]'),
};
const node = process.execPath;

describe('firedrill exec', () => {
  it('runs a command against providers that are well, and ends with its code', async () => {
    const dir = folderWith(files);
    const words = [
      'exec',
      '--scenario',
      'well.yaml',
      '--out',
      'o',
      '--',
      node,
      'ask.mjs',
      '1',
      '7',
    ];
    const said = await firedrill(words, dir);
    expect(said.code, said.err).toBe(7);
    expect(said.out).toContain('1 request for 1 question crossed the wire.');
    expect(said.out).toContain('I12  not put to the test: ');
    const history = readFileSync(join(dir, 'o/history.jsonl'), 'utf8');
    expect(history).toContain('"clock":"real"');
    expect(history).not.toContain('sk-firedrill');
  });

  it('ends with 1 where a rule of the wire was broken, and shows where', async () => {
    const dir = folderWith(files);
    const words = ['exec', '--scenario', 'empty.yaml', '--', node, 'ask.mjs', '3', '0'];
    const said = await firedrill(words, dir);
    expect(said.code, said.err).toBe(1);
    expect(said.out).toContain('4 requests for 1 question crossed the wire.');
    expect(said.out).toMatch(/I11 {2}violated 1x: .*\n {5}attempt 1 \(openai\/gpt-4o/);
    expect(said.out).toContain('anthropic/claude-3-5-sonnet-latest (anthropic-messages, whole)');
    expect(existsSync(join(dir, 'history.jsonl'))).toBe(false);
  });

  it('ends as a shell would say it where the command was killed', async () => {
    const kill = 'process.kill(process.pid, "SIGKILL")';
    const said = await firedrill(['exec', '--', node, '-e', kill], folderWith(files));
    expect(said.code, said.err).toBe(137);
  });

  it('leaves no command behind that does not want to go', async () => {
    const dir = folderWith(files);
    const stubborn = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)";
    const words = ['exec', '--', node, '-e', stubborn, dir];
    const exec = spawn(node, [join(root, 'bin/dev.mjs'), ...words], { cwd: dir });
    // Itself, and what it runs.
    while (processesWith(dir).length < 2) await new Promise((resolve) => setTimeout(resolve, 50));
    const ended = new Promise((resolve) => exec.once('exit', resolve));
    exec.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(processesWith(dir)).toEqual([]);
  });

  it('tells what it cannot do in one sentence', async () => {
    const exec = (...words: string[]) => mistake(files, ['exec', ...words]);
    expect(await exec('--scenario', 'well.yaml', '--', './none')).toMatch(
      /\.\/none cannot be started: spawn .* ENOENT/,
    );
    expect(await exec('--scenario', 'corpus', '--', node)).toMatch(/expected one scenario/);
    expect(await exec('--scenario', 'no.yaml', '--', node)).toMatch(
      /there is no scenario file no\.yaml/,
    );
  });
});
