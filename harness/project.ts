// Where things are found: what ships with firedrill, and what a project has beside its own files.
// A project keeps its drills in a folder `firedrill/`; its files win over the shipped ones.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Place } from './errors.ts';
import { InputError } from './errors.ts';
import { nearest, unknownWord } from './scenario/nearest.ts';
import { loadIfeval } from './workloads/ifeval.ts';
import type { Workload } from './workloads/workload.ts';
import { loadYamlWorkload } from './workloads/yaml-workload.ts';

/** The folder of the package: harness/ and dist/ both lie one level below it. */
export const packageRoot = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** The folder that a project keeps its drills in. */
export const projectFolder = 'firedrill';

export const shippedTargets = resolve(packageRoot, 'fixtures/targets.yaml');

/** The targets files in force, the project's own behind the shipped one; `further` from `cwd`. */
export function targetsFiles(cwd: string, further?: string): string[] {
  const own = resolve(cwd, projectFolder, 'targets.yaml');
  const files = existsSync(own) ? [shippedTargets, own] : [shippedTargets];
  return further === undefined ? files : [...files, resolve(cwd, further)];
}

/** A path as messages and reports show it: relative to where the user is. */
export function shown(file: string, cwd = process.cwd()): string {
  const path = relative(cwd, file);
  return path === '' || path.startsWith('..') ? file : path;
}

/** The files of the scenarios that the arguments name: paths, folders, or names of known ones. */
export function scenarioFiles(names: string[], cwd: string): string[] {
  return [...wordedScenarios(names, cwd).keys()];
}

/** The same files in the same order, each with the word that names it alone, from `cwd`. */
export function wordedScenarios(names: string[], cwd: string): Map<string, string> {
  const shelf = knownScenarios(cwd);
  const worded = new Map<string, string>();
  if (names.length === 0) {
    for (const [name, file] of usualScenarios(cwd)) worded.set(file, name);
  }
  for (const given of names) {
    const name = given.replace(/(?<=.)\/+$/, '');
    const files = filesNamed(name, shelf, cwd);
    const isAlone = files.length === 1 && !isFolder(resolve(cwd, name)) && !isShippedFolder(name);
    for (const file of files) {
      if (!worded.has(file)) worded.set(file, isAlone ? name : wordFor(file, name, cwd));
    }
  }
  return worded;
}

function isShippedFolder(name: string): boolean {
  return shippedFolders().includes(name);
}

/** Of a scenario that a folder's name brought: `folder/name` where it is shipped, else its path. */
function wordFor(file: string, folder: string, cwd: string): string {
  const isOurs = dirname(file) === resolve(packageRoot, 'scenarios', folder);
  return isOurs ? `${folder}/${basename(file).replace(/\.ya?ml$/, '')}` : shown(file, cwd);
}

function filesNamed(name: string, shelf: Map<string, string>, cwd: string): string[] {
  const path = resolve(cwd, name);
  const inside = isFolder(path) ? yamlFiles(path).filter(isScenario) : [];
  if (inside.length > 0) return inside;
  if (isFolder(path) && !shelf.has(name) && shippedIn(name).length === 0) {
    throw new InputError(`there is no scenario (.yaml) in the folder ${name}`);
  }
  if (/\.ya?ml$/.test(name)) {
    if (existsSync(path)) return [path];
    throw new InputError(`there is no scenario file ${name}`);
  }
  const known = shelf.get(name);
  if (known) return [known];
  const shipped = shippedIn(name);
  if (shipped.length > 0) return shipped;
  const names = [...shelf.keys(), ...shippedFolders()];
  const near = nearest(name, names);
  const meant = near === null ? '' : ` (did you mean ${near}?)`;
  throw new InputError(
    `unknown scenario ${JSON.stringify(name)}${meant}: write a .yaml file or one of ${names.join(', ')}`,
  );
}

/** Those that run where none is named: the project's own, or the shipped ones where it has none. */
export function usualScenarios(cwd: string): Map<string, string> {
  const own = ownScenarios(cwd);
  return own.size > 0 ? own : shippedScenarios();
}

/** All scenarios by name, the project's own first: each hides a shipped one of its name. */
export function knownScenarios(cwd: string): Map<string, string> {
  const own = ownScenarios(cwd);
  const others = [...shippedScenarios()].filter(([name]) => !own.has(name));
  return new Map([...own, ...others]);
}

function ownScenarios(cwd: string): Map<string, string> {
  return byName(yamlFiles(resolve(cwd, projectFolder, 'scenarios')));
}

function shippedScenarios(): Map<string, string> {
  return byName(yamlFiles(resolve(packageRoot, 'scenarios')));
}

function byName(files: string[]): Map<string, string> {
  return new Map(files.map((file) => [basename(file).replace(/\.ya?ml$/, ''), file]));
}

/** Folders of scenarios that run only when they are asked for, by name. */
export function shippedFolders(): string[] {
  const folder = resolve(packageRoot, 'scenarios');
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** The scenarios of a shipped folder, or the one that `folder/name` means; else none. */
export function shippedIn(name: string): string[] {
  const [folder = '', file, ...more] = name.split('/');
  if (!shippedFolders().includes(folder) || more.length > 0) return [];
  const all = yamlFiles(resolve(packageRoot, 'scenarios', folder)).filter(isScenario);
  return file === undefined ? all : all.filter((path) => basename(path) === `${file}.yaml`);
}

/** A list of what no scenario expresses lies beside those that do. */
function isScenario(path: string): boolean {
  return basename(path) !== 'unexpressed.yaml';
}

/** The names of all workloads that can be found, and where. */
export function knownWorkloads(cwd: string): Map<string, string> {
  return byName([
    ...yamlFiles(resolve(packageRoot, 'fixtures/workloads')),
    ...yamlFiles(resolve(cwd, projectFolder, 'workloads')),
  ]);
}

/**
 * A workload by its name, or by a path ending in .yaml (relative to `cwd`). `place` is where the
 * name is written, for messages.
 */
export function findWorkload(name: string, cwd: string, place?: Place): Workload {
  if (name === 'ifeval') return loadIfeval();
  return loadYamlWorkload(workloadFile(name, cwd, place));
}

/** The file of a workload that is written in YAML: by its name, or by its path. */
export function workloadFile(name: string, cwd: string, place?: Place): string {
  if (/\.ya?ml$/.test(name)) {
    const path = resolve(cwd, name);
    if (!existsSync(path)) throw new InputError(`there is no workload file ${name}`, place);
    return path;
  }
  const known = knownWorkloads(cwd);
  const file = known.get(name);
  if (file) return file;
  const names = [...known.keys(), 'ifeval'];
  throw new InputError(unknownWord('workload', name, names), place);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function yamlFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => resolve(folder, name));
}
