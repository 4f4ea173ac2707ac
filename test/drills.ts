// Whole runs as tests and tools/shown make them: scenarios made short, a run in a folder of its
// own, and what is compared of two runs. No test runner is needed.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HistoryEvent } from '../harness/history.ts';
import { scenarioFiles, shippedTargets } from '../harness/project.ts';
import { readHistory } from '../harness/run/history-file.ts';
import { makePlan } from '../harness/run/plan.ts';
import type { RunOptions, RunResult } from '../harness/run/run.ts';
import { run } from '../harness/run/run.ts';
import { RunFolder } from '../harness/run/run-folder.ts';
import { withoutWallText } from '../harness/run/wall-filter.ts';

export const root = resolve(fileURLToPath(new URL('..', import.meta.url)));

export function fixtureChain(name: string): string {
  return join(root, 'test/fixtures/chains', name);
}

/** Writes a scenario; JSON is YAML. Returns its file. */
export function writeScenario(dir: string, name: string, fields: Record<string, unknown>): string {
  const file = join(dir, `${name}.yaml`);
  const scenario = { name, description: `the test ${name}`, workload: 'support-desk', ...fields };
  writeFileSync(file, `${JSON.stringify(scenario)}\n`);
  return file;
}

/** A shipped scenario with every time of its plan divided. Returns its file. */
export function writeShortened(dir: string, name: string, by: number): string {
  const [shipped = ''] = scenarioFiles([name], root);
  const seconds: Record<string, number> = { s: 1, m: 60, h: 3600 };
  const text = readFileSync(shipped, 'utf8').replace(
    /\b(for|from|to|every): (\d+)([smh])\b/g,
    (_all, key: string, count: string, unit: string) =>
      `${key}: ${Math.max(1, Math.round((Number(count) * (seconds[unit] ?? 1)) / by))}s`,
  );
  const file = join(dir, `${name}.yaml`);
  writeFileSync(file, text);
  return file;
}

export interface Drill extends Partial<Omit<RunOptions, 'plan' | 'folder' | 'cwd'>> {
  chain: string;
  through?: string;
  scenarios: string[];
  out: string;
  seed?: number;
  trials?: number;
}

/** One trial in one worker, unless more is said. */
export function drill(wanted: Drill): Promise<RunResult> {
  const { chain, through, scenarios, out, seed = 1, trials = 1, ...options } = wanted;
  return run({
    plan: makePlan({
      chainFile: chain,
      through,
      scenarioFiles: scenarios,
      targetsFiles: [shippedTargets],
      seed,
      trials,
      cwd: root,
    }),
    folder: new RunFolder(out),
    workers: 1,
    resume: false,
    cwd: root,
    replay: { scenario: (name) => name, words: '--chain chain.ts' },
    onProgress: () => {},
    signal: new AbortController().signal,
    ...options,
  });
}

/** What must be equal in two runs of the same input: hashes of every file but run.json. */
export function bytesOf(dir: string): Record<string, string> {
  const names = readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const hashes: Record<string, string> = {};
  for (const file of names) {
    const name = file.slice(dir.length + 1);
    if (name === 'run.json') continue;
    const bytes =
      name === 'report.json' ? withoutWallText(readFileSync(file, 'utf8')) : readFileSync(file);
    hashes[name] = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  }
  return hashes;
}

/** Everywhere another order: one that depends on the seed only. */
export function shuffled<T>(list: T[], seed: number): T[] {
  const key = (index: number): string =>
    createHash('sha256').update(`${seed} ${index}`).digest('hex');
  return list
    .map((value, index) => ({ value, key: key(index) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ value }) => value);
}

/** The events of a history without those of twins. */
export function* ownEvents(history: string): Generator<HistoryEvent> {
  let isOwn = false;
  for (const event of readHistory(history)) {
    if (event.e === 'trial') isOwn = event.twin === null;
    if (isOwn) yield event;
  }
}

/**
 * Attempts that a chain gave up, as "trial attempt", and those that a fault had kept without
 * answer.
 */
export function timeoutsIn(history: string): { timeouts: string[]; stalled: string[] } {
  const timeouts: string[] = [];
  const stalled: string[] = [];
  let trial = 0;
  for (const event of ownEvents(history)) {
    if (event.e === 'trial') trial = event.trial;
    else if (event.e === 'end' && event.how === 'aborted')
      timeouts.push(`${trial} ${event.attempt}`);
    else if (event.e === 'effect' && event.fault === 'stall') {
      stalled.push(`${trial} ${event.attempt}`);
    }
  }
  return { timeouts: timeouts.sort(), stalled: stalled.sort() };
}
