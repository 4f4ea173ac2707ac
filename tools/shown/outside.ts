// Shows firedrill to a user outside this repository: packs it, installs the tarball into a project
// of its own, and drills the project's chain on its own logged answers with two commands, on each
// Node that is supported. Prints the transcript; ends with 1 where a command did not do its work.
// Run: tsx tools/shown/outside.ts
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const given = resolve(import.meta.dirname, 'outside');
/** The last is the oldest that `engines` lets in. */
const nodes = ['24', '22', '22.15.0'];
const commands = [
  { words: ['import', '--answers', 'answers.csv'], codes: [0], shows: /^10 answers to 5 prompts/m },
  { words: ['run', '--chain', 'app.ts'], codes: [0, 1], shows: /^verdict +scenario/m },
];

interface Ran {
  code: number | null;
  out: string;
}

function command(words: string[], cwd: string, path = process.env.PATH ?? ''): Ran {
  const [program = '', ...args] = words;
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, PATH: path, CI: 'true', NO_COLOR: '1', npm_config_loglevel: 'error' },
  });
  const text = (stdout ?? '') + (stderr ?? '') + (error ? `${error.message}\n` : '');
  return { code: status, out: text };
}

/** A step before the two commands, in which nothing may go wrong. */
function prepare(words: string[], cwd: string): string {
  const { code, out } = command(words, cwd);
  if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}:\n${out}`);
  return out;
}

/** The folder of a Node of this version, as npm's package `node` brings it. */
function nodeFolder(version: string, dir: string): string {
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'package.json'), '{"private":true,"allowScripts":{"node":true}}');
  prepare(['npm', 'install', '--no-audit', '--no-fund', `node@${version}`], dir);
  return join(dir, 'node_modules/.bin');
}

function project(dir: string, tarball: string): void {
  cpSync(given, dir, { recursive: true });
  writeFileSync(
    join(dir, 'package.json'),
    '{"name":"pocket-garden","private":true,"type":"module"}',
  );
  const packages = [tarball, 'openai', '@anthropic-ai/sdk'];
  prepare(['npm', 'install', '--no-audit', '--no-fund', ...packages], dir);
}

/** Whether every command did its work on this Node. */
function shown(dir: string, bin: string): boolean {
  const path = `${bin}${delimiter}${process.env.PATH ?? ''}`;
  process.stdout.write(`\n# Node ${command(['node', '--version'], dir, path).out}`);
  let good = true;
  for (const { words, codes, shows } of commands) {
    process.stdout.write(`$ npx firedrill ${words.join(' ')}\n`);
    const { code, out } = command(['npx', '--no', 'firedrill', ...words], dir, path);
    process.stdout.write(`${out}[exit ${code}]\n\n`);
    good &&= code !== null && codes.includes(code) && shows.test(out);
  }
  return good;
}

const temp = mkdtempSync(join(tmpdir(), 'firedrill-outside-'));
try {
  prepare(['npm', 'pack', '--pack-destination', temp], root);
  const tarball = readdirSync(temp).find((name) => name.endsWith('.tgz'));
  if (!tarball) throw new Error('npm pack left no tarball');
  const installed = join(temp, 'installed');
  project(installed, join(temp, tarball));
  process.stdout.write(`npm install ${tarball} openai @anthropic-ai/sdk\n`);
  const good = nodes.map((version) => {
    const own = join(temp, `project-${version}`);
    cpSync(installed, own, { recursive: true, verbatimSymlinks: true });
    return shown(own, nodeFolder(version, join(temp, `node-${version}`)));
  });
  const failed = nodes.filter((_, index) => !good[index]);
  const verdict = failed.length === 0 ? 'shown' : `NOT shown on Node ${failed.join(', ')}`;
  process.stdout.write(`${verdict}: a chain outside the repository, in two commands\n`);
  process.exitCode = failed.length === 0 ? 0 : 1;
} catch (error) {
  process.stderr.write(`NOT shown: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  rmSync(temp, { recursive: true, force: true });
}
