// A drill inside a test: one chain, one scenario, in a worker of its own, so that nothing of the
// test's thread is patched and drills run side by side. What is held against it is in
// expectations.ts.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { drillWords, quoted } from '../command-words.ts';
import { HarnessError, InputError } from '../errors.ts';
import { scenarioFiles, shown } from '../project.ts';
import { replayWords } from '../run/replay-words.ts';
import { run } from '../run/run.ts';
import { historyName, RunFolder } from '../run/run-folder.ts';
import { wordedPlan } from '../run/worded-plan.ts';
import { Drilled } from './drilled.ts';

/** A scenario as its YAML says it: docs/scenarios.md. */
export interface ScenarioWords {
  /** What reports call it. */
  name: string;
  /** One sentence. */
  description?: string;
  /** The name of a workload, or its file from `cwd`. */
  workload: string;
  [key: string]: unknown;
}

export interface DrillOptions {
  /** The chain's module (.ts, .js) or chain file (.yaml): a path from `cwd`, or a file: URL. */
  chain: string | URL;
  /** The name of a shipped or own scenario, its file, or the scenario itself. */
  scenario: string | ScenarioWords;
  /** The root of all randomness; 1. Equal seeds give equal drills, bit by bit. */
  seed?: number;
  /** How often it is drilled, each time with other draws of the same seed; 1. */
  trials?: number;
  /** The library that a chain file is put into, as for `firedrill run --through`. */
  through?: string;
  /** A targets file beside the shipped one. */
  targets?: string;
  /** The project's folder; where the process was started. */
  cwd?: string;
  /** Where all reports of the drill are kept; nowhere. */
  out?: string;
  /** Ends the drill; it rejects then. */
  signal?: AbortSignal;
}

/**
 * Drills a chain and resolves to what was seen. Rejects where it cannot be drilled: with one
 * message that says what to write instead. A chain that fails its callers is no rejection.
 */
export async function drill(options: DrillOptions): Promise<Drilled> {
  const { seed = 1, trials = 1, through, targets, signal } = options;
  const cwd = options.cwd ?? process.cwd();
  const chain = shown(chainFileOf(options.chain, cwd), cwd);
  const scenario = scenarioWord(options.scenario, cwd);
  const files = scenarioFiles([scenario], cwd);
  if (files.length !== 1) {
    throw new InputError(`${scenario} is a folder of ${files.length} scenarios: name one of them`);
  }
  const words = { chain, through, seed, targets };
  const plan = wordedPlan({ ...words, trials }, files, cwd);
  const dir = options.out === undefined ? temporaryFolder() : resolve(cwd, options.out);
  const folder = new RunFolder(dir);
  let printed = '';
  const { report } = await run({
    plan,
    folder,
    workers: 1,
    resume: false,
    cwd,
    replay: { scenario: () => quoted(scenario), words: drillWords(words) },
    onProgress: () => {},
    onOutput: (text) => {
      printed += text;
    },
    signal: signal ?? new AbortController().signal,
  });
  signal?.throwIfAborted();
  const [row] = report?.scenarios ?? [];
  if (!row) throw new HarnessError('the drill ended before its first trial did');
  const { replay } = replayWords(folder.read());
  return new Drilled(row, folder.path(historyName), printed, replay);
}

function chainFileOf(chain: unknown, cwd: string): string {
  if (typeof chain === 'string') {
    return chain.startsWith('file:') ? fileURLToPath(chain) : resolve(cwd, chain);
  }
  if (chain instanceof URL) return fileURLToPath(chain);
  throw new InputError(
    `chain: expected the file of a module, found a ${typeof chain}: a drill runs in a thread of its own, which loads it by itself; write chain: new URL('../src/chain.ts', import.meta.url)`,
  );
}

/** A scenario that is given as an object is put where the command that replays it finds it. */
function scenarioWord(scenario: string | ScenarioWords, cwd: string): string {
  if (typeof scenario === 'string') return scenario;
  const text = `${JSON.stringify({ description: 'a scenario of a test', ...scenario }, null, 2)}\n`;
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 8);
  const name = String(scenario.name)
    .replace(/[^\w-]+/g, '-')
    .slice(0, 60);
  const dir = resolve(cwd, 'node_modules/.cache/firedrill');
  mkdirSync(dir, { recursive: true });
  const file = join(dir, `${name}-${hash}.yaml`);
  writeFileSync(file, text);
  return shown(file, cwd);
}

let temporary: string | null = null;

/** Histories are needed until the last expectation of the process. */
function temporaryFolder(): string {
  if (temporary === null) {
    const dir = mkdtempSync(join(tmpdir(), 'firedrill-'));
    temporary = dir;
    process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
  }
  return mkdtempSync(join(temporary, 'drill-'));
}
