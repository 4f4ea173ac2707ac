// The command line as tests run it: in process, in a folder of its own, with what it said kept.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { runCli } from '../harness/cli.ts';
import type { CommandContext } from '../harness/commands/command.ts';

export interface Said {
  code: number;
  out: string;
  err: string;
}

/** Runs one command line. */
export async function firedrill(
  words: string[],
  cwd: string,
  more: Partial<CommandContext> = {},
): Promise<Said> {
  let out = '';
  let err = '';
  const code = await runCli(words, {
    cwd,
    signal: new AbortController().signal,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    colour: false,
    interactive: false,
    width: 120,
    ...more,
  });
  return { code, out, err };
}

/** A new folder with these files; it is removed after the test. */
export function folderWith(files: Record<string, string | Uint8Array> = {}): string {
  const dir = mkdtempSync(join(tmpdir(), 'firedrill-test-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  write(dir, files);
  return dir;
}

export function write(dir: string, files: Record<string, string | Uint8Array>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
}

/** Every file below a folder, sorted. */
export function filesIn(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Runs in a folder with these files. The message, after what holds for every mistake of a user. */
export async function mistake(
  files: Record<string, string | Uint8Array>,
  words: string[],
): Promise<string> {
  const dir = folderWith(files);
  const before = filesIn(dir);
  const said = await firedrill(words, dir);
  expect(said.err).toMatch(/^firedrill: [^\n]+\n$/);
  expect(said).toMatchObject({ code: 2, out: '' });
  expect(filesIn(dir), 'nothing is written').toEqual(before);
  return said.err.slice('firedrill: '.length).trim();
}
