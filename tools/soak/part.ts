// One part of a soak: some seeds, the code that drilled and judged them, and what came of it. A
// soak of a thousand seeds takes hours: its parts are kept, each with the code of its day.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { packageRoot } from '../../harness/project.ts';
import type { Accusation, Block } from './state.ts';
import type { Group, SoakScenario } from './what.ts';

/** What came of one chain. */
export interface ChainPart {
  calls: number;
  /** Calls that got a whole answer. */
  usable: number;
  trials: number;
  /** By rule: calls that put the chain to this test. */
  exercised: Record<string, number>;
  /** Scenarios that it is not asked in, by reason. */
  leftOut: Record<string, string[]>;
}

/** Some scenarios, drilled once more: with what the soak of all of them leaves out. */
export interface Aside {
  name: string;
  scenarios: string[];
}

export interface SoakPart {
  /** null: the soak of all scenarios. */
  aside: Aside | null;
  /** The first and the last, both drilled. */
  from: number;
  to: number;
  /** What the seeds of all trials come from. */
  seed: number;
  /** The commit; with a + where files had been changed since. */
  code: string;
  /**
   * The most calls that arrive at a rate in a trial, of an incident and of any other scenario, and
   * the most callers at once; null: as many as ship.
   */
  mostCalls: { long: number; all: number; crowd: number | null };
  /** Scenarios of each group, and the last seed that each got. */
  groups: Record<Group, { scenarios: number; to: number }>;
  /** Whose calls are fewer. */
  lowered: string[];
  /** Shipped by then, and not drilled in this part; an aside names those that it has. */
  without: string[];
  /** The last seed whose trials had their twins beside them; 0: none. */
  twinsTo: number;
  /** Trials and twins. */
  drills: number;
  /** By name. */
  chains: Record<string, ChainPart>;
  accusations: Accusation[];
}

export function chainPart(blocks: readonly Block[], leftOut: Map<string, string[]>): ChainPart {
  const sum = (of: (block: Block) => number): number =>
    blocks.reduce((total, block) => total + of(block), 0);
  const rules = new Set(blocks.flatMap((block) => Object.keys(block.exercised)));
  return {
    calls: sum((block) => block.calls),
    usable: sum((block) => block.usable),
    trials: sum(({ from, to }) => to - from + 1),
    exercised: Object.fromEntries(
      [...rules].sort().map((id) => [id, sum((block) => block.exercised[id] ?? 0)]),
    ),
    leftOut: Object.fromEntries(leftOut),
  };
}

export function groupsOf(
  scenarios: readonly SoakScenario[],
  to: Record<Group, number>,
): SoakPart['groups'] {
  const of = (group: Group): SoakPart['groups'][Group] => {
    return { scenarios: scenarios.filter((one) => one.group === group).length, to: to[group] };
  };
  return { all: of('all'), full: of('full'), long: of('long') };
}

/** Names of those that all seeds are for, and that are not drilled. */
export function withoutOf(
  shipped: readonly SoakScenario[],
  drilled: readonly SoakScenario[],
): string[] {
  const left = shipped.filter((one) => one.group === 'all' && !drilled.includes(one));
  return left.map(({ name }) => name);
}

/** What a file keeps; none where there is no such file. */
export function readParts(file: string): SoakPart[] {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
}

/** Throws where some of these seeds have been counted; `name`: as nameOf gives it. */
export function refuseKept(
  parts: readonly SoakPart[],
  wanted: { name: string | null; from: number; to: number },
): void {
  const same = parts
    .filter((part) => nameOf(part) === wanted.name)
    .find(({ from, to }) => wanted.from <= to && from <= wanted.to);
  if (!same) return;
  throw new Error(`seeds ${same.from} to ${same.to} are kept already: give --from ${same.to + 1}`);
}

/** Of the soak that it is a part of; null: that of all scenarios. */
export function nameOf({ aside }: SoakPart): string | null {
  return aside?.name ?? null;
}

/** With one more, in order. */
export function withPart(parts: readonly SoakPart[], part: SoakPart): SoakPart[] {
  return [...parts, part].sort((a, b) => a.from - b.from);
}

/** Of this checkout. */
export function commit(): string {
  const git = (...words: string[]): string =>
    execFileSync('git', words, { cwd: packageRoot, encoding: 'utf8' }).trim();
  const code = ['harness', 'test/good', 'tools/soak', 'scenarios', 'fixtures'];
  const changed = git('status', '--porcelain', '--', ...code) === '' ? '' : '+';
  return `${git('rev-parse', '--short', 'HEAD')}${changed}`;
}
