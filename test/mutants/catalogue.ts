// All mutants: the modules of chains/, and the mistakes that are planted for the failure corpus.
// And what becomes of one that is drilled on a day when nothing is wrong, and where it is wrong.
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf } from '../../harness/errors.ts';
import { findWorkload, packageRoot, scenarioFiles } from '../../harness/project.ts';
import type { ScenarioRow } from '../../harness/report.ts';
import { readScenario } from '../../harness/scenario/scenario.ts';
import { drill, root, writeScenario } from '../drills.ts';
import type { Mutant } from './mutant.ts';
import type { CorpusItem } from './planted/corpus-items.ts';
import { corpusItems, mistakeFor, writePlanted } from './planted/corpus-items.ts';
import { mistakes } from './planted/mistakes.ts';

export interface Entry extends Mutant {
  name: string;
  /** The chain's file. */
  chain: string;
  targets: readonly string[];
}

/** What was seen of one mutant. */
export interface Seen {
  /** Where nothing is wrong. */
  healthy: ScenarioRow[];
  /** On the scenario that it names. */
  there: ScenarioRow;
}

/** `dir`: where planted chains are written. Sorted by invariant. */
export async function allMutants(dir: string): Promise<Entry[]> {
  const own = await Promise.all(chainFiles().map(ownMutant));
  const names = new Set(own.flat().map(({ name }) => name));
  const planted = plantedMutants(dir).filter(({ name }) => !names.has(name));
  return [...own.flat(), ...planted].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function keyOf({ breaks, name }: Entry): string {
  return `${breaks} ${name}`;
}

function chainFiles(): string[] {
  const folder = join(packageRoot, 'test/mutants/chains');
  return readdirSync(folder).map((name) => join(folder, name));
}

async function ownMutant(chain: string): Promise<Entry> {
  const module: { mutant: Mutant; targets: string[] } = await import(pathToFileURL(chain).href);
  return { ...module.mutant, name: basename(chain, '.ts'), chain, targets: module.targets };
}

/** Each mistake on the first item of the corpus that is there to show it. */
function plantedMutants(dir: string): Entry[] {
  const items = corpusItems(/(?:)/);
  return Object.entries(mistakes).flatMap(([name, [breaks, mistake]]) => {
    const item = items.find((one) => one.judged.includes(breaks) && shows(one, breaks, name));
    if (!item) return [];
    const on = `corpus/${item.scenario.name}`;
    const planted = mistakeFor(item, breaks);
    return [{ name, breaks, on, mistake, chain: writePlanted(dir, planted, item), targets: [] }];
  });
}

function shows(item: CorpusItem, breaks: string, name: string): boolean {
  return mistakeFor(item, breaks) === name;
}

/** Drills it in `dir`. */
export async function see({ name, chain, on, targets }: Entry, dir: string): Promise<Seen> {
  const [file = ''] = scenarioFiles([on], root);
  const { workload, name: there } = readScenario(file);
  const plain = { workload, arrival: { each: 'once', gap: '30s' } };
  const scenarios = [writeScenario(dir, `healthy-${name}`, plain), file];
  if (workload !== 'support-desk' && isAnswered('support-desk', targets)) {
    scenarios.push(...scenarioFiles(['healthy'], root));
  }
  const { report } = await drill({ chain, scenarios, out: join(dir, `run-${name}`) });
  const rows = report?.scenarios ?? [];
  const row = rows.find(({ scenario }) => scenario === there);
  if (!row) throw new Error(`${name}: ${there} was not drilled`);
  return { healthy: rows.filter((one) => one !== row), there: row };
}

/** How many are drilled side by side. */
const lanes = 2;

/** Drills all of them; `saw` gets each once, with what stopped it where something did. */
export async function seeAll(
  mutants: readonly Entry[],
  dir: string,
  saw: (mutant: Entry, seen: Seen | Error) => void,
): Promise<void> {
  const queue = [...mutants];
  const lane = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const stopped = (error: unknown): Error => new Error(`${next?.name}: ${messageOf(error)}`);
      saw(next, await see(next, dir).catch(stopped));
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

function isAnswered(workload: string, targets: readonly string[]): boolean {
  const { recordings } = findWorkload(workload, root);
  const known = new Set(recordings.map(({ target }) => target));
  return targets.length > 0 && targets.every((target) => known.has(target));
}

/** The invariants that it broke. */
export function violated({ invariants }: ScenarioRow): string[] {
  return Object.keys(invariants).filter((id) => invariants[id]?.status === 'violated');
}
