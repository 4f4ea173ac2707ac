// The items of scenarios/corpus/ as tests need them: the scenario, which provider comes first on
// which wire, and which planted mistakes have to be seen.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { invariants } from '../../harness/invariants/index.ts';
import { packageRoot } from '../../harness/project.ts';
import type { Scenario } from '../../harness/scenario/scenario.ts';
import { readScenario } from '../../harness/scenario/scenario.ts';
import { ownMistakes, usualMistake } from './corpus-mistakes.ts';
import type { Mistake } from './mistakes.ts';
import { ownTargets } from './own-targets.ts';

export interface CorpusItem {
  id: string;
  file: string;
  scenario: Scenario;
  /** Invariants that it names and that are judged. */
  judged: string[];
  /** YAML of the targets of a chain that meets the faults. */
  targets: string;
  stream: boolean;
}

const gemini = 'google/gemini-2.0-flash';

const folder = join(packageRoot, 'scenarios/corpus');

/** For work on some of them: a pattern of ids. */
const only = new RegExp(process.env.FIREDRILL_CORPUS ?? '');

export function corpusItems(wanted = only): CorpusItem[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml') && name !== 'unexpressed.yaml')
    .filter((name) => wanted.test(name.replace(/\.yaml$/, '')))
    .sort()
    .map((name) => itemOf(join(folder, name)));
}

function itemOf(file: string): CorpusItem {
  const scenario = readScenario(file);
  const { about, faults } = scenario;
  const [id = scenario.name] = about?.corpus ?? [];
  const on = faults.map((rule) => rule.on);
  const claudeFirst = on.some((one) => one.provider?.[0] === 'anthropic');
  const responses = on.some((one) => one.wire?.includes('openai-responses'));
  const gpt = responses ? '{ model: openai/gpt-4o, wire: openai-responses }' : 'openai/gpt-4o';
  const claude = 'anthropic/claude-3-5-sonnet-latest';
  const geminiFirst = on.some((one) => one.provider?.[0] === 'google');
  const first = geminiFirst ? gemini : claudeFirst ? claude : gpt;
  const second = first === gpt ? claude : gpt;
  // Whose rules name a model of a provider leave it another one.
  const third = on.some((one) => one.model?.[0] === 'gpt-4o') ? ', openai/gpt-4o-mini' : '';
  return {
    id,
    file,
    scenario,
    judged: (about?.exercises ?? []).filter((name) => Object.hasOwn(invariants, name)),
    targets: ownTargets[id] ?? `[${first}, ${second}${third}]`,
    stream: !on.some((one) => one.stream === false),
  };
}

/** The mistake that violates `invariant` in this item; null where there is none. */
export function mistakeFor({ id }: CorpusItem, invariant: string): Mistake | null {
  const own = ownMistakes[id];
  if (own && Object.hasOwn(own, invariant)) return own[invariant] ?? null;
  return usualMistake[invariant] ?? null;
}

/** Writes a chain module; returns its file. */
export function writePlanted(
  dir: string,
  mistake: Mistake | null,
  { targets, stream }: Pick<CorpusItem, 'targets' | 'stream'>,
): string {
  const name = [mistake ?? 'none', targets, stream ? 'stream' : 'whole'].join('-');
  const file = join(dir, `${name.replace(/[^a-z0-9]+/gi, '-')}.ts`);
  const planted = pathToFileURL(join(packageRoot, 'test/planted/planted-chain.ts')).href;
  const options = JSON.stringify({ mistake, targets, stream });
  mkdirSync(dir, { recursive: true });
  writeFileSync(
    file,
    `import { plantedChain } from ${JSON.stringify(planted)};\n` +
      `export const targets = ${JSON.stringify(namesIn(targets))};\n` +
      `export default plantedChain(${options});\n`,
  );
  return file;
}

/** `provider/model` of every target in a YAML list. */
function namesIn(targets: string): string[] {
  return targets.match(/\b(?:openai|anthropic|google)\/[\w.-]+/g) ?? [];
}

/**
 * Writes the reference chain with these targets; returns its file. It has none on Gemini: there the
 * planted chain stands in for it, without a mistake.
 */
export function writeReference(dir: string, item: CorpusItem): string {
  const { targets, stream } = item;
  if (targets.includes(gemini)) return writePlanted(dir, null, item);
  const name = `reference ${targets} ${stream}`.replace(/[^a-z0-9]+/gi, '-');
  const file = join(dir, `${name}.yaml`);
  mkdirSync(dir, { recursive: true });
  const limits = 'attempt: { timeout: 15s, firstToken: 8s, idle: 6s }\ndeadline: 25s\n';
  writeFileSync(file, `targets: ${targets}\nstream: ${stream}\n${limits}retry: { max: 1 }\n`);
  return file;
}

/** The chain of writeReference, in words. */
export function keptBy({ targets, stream }: CorpusItem): string {
  return `reference: ${namesIn(targets).join(', ')}${stream ? '' : '; no stream'}`;
}
