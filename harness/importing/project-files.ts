// Files that a command puts into a user's project: all are looked at before the first is written,
// and what a person may have changed is never replaced unasked.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { InputError, messageOf } from '../errors.ts';
import { shown } from '../project.ts';

export interface ProjectFile {
  path: string;
  text: string;
  /** What becomes of a file that is there and differs. */
  ifOther: 'refuse' | 'keep' | 'replace';
}

/** The line by which editors complete a file that lies `depth` folders below the project. */
export function schemaLine(kind: 'scenario' | 'workload' | 'targets', depth: number): string {
  const up = '../'.repeat(depth);
  return `# yaml-language-server: $schema=${up}node_modules/firedrill/docs/schemas/${kind}.schema.json\n`;
}

/** Its place is another folder's. */
export function withoutSchemaLine(text: string): string {
  return text.replace(/^# yaml-language-server:.*\n/gm, '');
}

export type Fate = 'written' | 'unchanged' | 'kept' | 'replaced';

/**
 * Writes them all, or none: throws InputError where one must not be replaced. `force` replaces
 * what would be refused; what is kept is kept.
 */
export function putFiles(
  files: readonly ProjectFile[],
  cwd: string,
  force: boolean,
): { path: string; fate: Fate }[] {
  const fates = files.map((file) => ({ ...file, fate: fateOf(file, cwd, force) }));
  for (const { path, text, fate } of fates) {
    if (fate === 'written' || fate === 'replaced') put(path, text, cwd);
  }
  return fates.map(({ path, fate }) => ({ path, fate }));
}

function fateOf({ path, text, ifOther }: ProjectFile, cwd: string, force: boolean): Fate {
  if (!existsSync(path)) return 'written';
  let there: string;
  try {
    there = readFileSync(path, 'utf8');
  } catch (error) {
    throw new InputError(`cannot be read: ${messageOf(error)}`, { file: shown(path, cwd) });
  }
  if (there === text) return 'unchanged';
  if (ifOther === 'keep') return 'kept';
  if (ifOther === 'replace' || force) return 'replaced';
  throw new InputError('is there already and differs: give another --name, or --force', {
    file: shown(path, cwd),
  });
}

function put(path: string, text: string, cwd: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.partial`, text);
    renameSync(`${path}.partial`, path);
  } catch (error) {
    throw new InputError(`cannot be written: ${messageOf(error)}`, { file: shown(path, cwd) });
  }
}
