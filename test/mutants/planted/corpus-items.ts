// The items of scenarios/corpus/ as tests need them: the scenario, which provider comes first on
// which wire, and which planted mistakes have to be seen.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { invariants } from '../../../harness/invariants/index.ts';
import { packageRoot } from '../../../harness/project.ts';
import type { Scenario } from '../../../harness/scenario/scenario.ts';
import { readScenario } from '../../../harness/scenario/scenario.ts';
import type { Built } from './corpus-mistakes.ts';
import { ownChains, ownMistakes, usualMistake } from './corpus-mistakes.ts';
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
  /** What kind of chain that is. */
  built: Built;
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
  const responses = on.some((one) => one.wire?.includes('openai-responses'));
  const gpt = responses ? '{ model: openai/gpt-4o, wire: openai-responses }' : 'openai/gpt-4o';
  const claude = 'anthropic/claude-3-5-sonnet-latest';
  // Guards on the fallback come behind the failure of the primary.
  const named = on.find((one) => one.provider)?.provider?.[0];
  const first = named === 'google' ? gemini : named === 'anthropic' ? claude : gpt;
  const second = first === gpt ? claude : gpt;
  // Whose rules name a model of a provider leave it another one.
  const third = on.some((one) => one.model?.[0] === 'gpt-4o') ? ', openai/gpt-4o-mini' : '';
  const built: Built = ownChains[id] ?? { chain: 'planted' };
  const usual = ownTargets[id] ?? `[${first}, ${second}${third}]`;
  return {
    id,
    file,
    scenario,
    judged: (about?.exercises ?? []).filter((name) => Object.hasOwn(invariants, name)),
    targets: built.chain === 'embedding' ? '[]' : (built.targets ?? usual),
    built,
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
  item: Pick<CorpusItem, 'targets' | 'stream' | 'built'>,
): string {
  const { targets, stream, built } = item;
  const given = built.chain === 'embedding' ? built.models.join(' ') : targets;
  const name = [mistake ?? 'none', built.chain, given, stream ? 'stream' : 'whole'].join('-');
  const file = join(dir, `${name.replace(/[^a-z0-9]+/gi, '-')}.ts`);
  const planted = join(packageRoot, `test/mutants/planted/${built.chain}-chain.ts`);
  const options =
    built.chain === 'embedding' ? { mistake, models: built.models } : { mistake, targets, stream };
  mkdirSync(dir, { recursive: true });
  writeFileSync(
    file,
    `import { ${built.chain}Chain } from ${JSON.stringify(pathToFileURL(planted).href)};\n` +
      `export const targets = ${JSON.stringify(namesIn(given))};\n` +
      `export default ${built.chain}Chain(${JSON.stringify(options)});\n`,
  );
  return file;
}

/** `provider/model` of every target in a list. */
function namesIn(targets: string): string[] {
  return targets.match(/\b(?:openai|anthropic|google|vllm)\/[\w.-]+/g) ?? [];
}

/** Whether the reference chain has no wire to its first target. */
function hasNoReference({ built, targets }: CorpusItem): boolean {
  return built.chain === 'embedding' || targets.startsWith(`[${gemini}`);
}

/** What such rules are about: a chain that has none of it keeps them without effort. */
const aboutLayers = ['I20', 'I21', 'I27'];

const layers =
  'breaker: { failures: 5, cooldown: 30s }\n' +
  'cache: { exact: true, semantic: { threshold: 0.92 } }\n';

function needsLayers({ judged }: CorpusItem): boolean {
  return judged.some((id) => aboutLayers.includes(id));
}

/**
 * Writes the reference chain with these targets, without one behind them that it has no wire for.
 * Where Gemini comes first or vectors are asked for, a chain without a mistake stands in for it.
 * Returns its file.
 */
export function writeReference(dir: string, item: CorpusItem): string {
  if (hasNoReference(item)) return writePlanted(dir, null, item);
  const { stream } = item;
  const layered = needsLayers(item);
  const targets = item.targets.replace(/, google\/[\w.-]+/, '');
  const all = layered ? 'full reference' : 'reference';
  const name = `${all} ${targets} ${stream}`.replace(/[^a-z0-9]+/gi, '-');
  const file = join(dir, `${name}.yaml`);
  mkdirSync(dir, { recursive: true });
  const limits = 'attempt: { timeout: 15s, firstToken: 8s, idle: 6s }\ndeadline: 25s\n';
  const given = `targets: ${targets}\nstream: ${stream}\n${limits}retry: { max: 1 }\n`;
  writeFileSync(file, given + (layered ? layers : ''));
  return file;
}

/** The chain of writeReference, in words. */
export function keptBy(item: CorpusItem): string {
  const { built, targets, stream } = item;
  const reference = needsLayers(item) ? 'reference with breaker and caches' : 'reference';
  const which = hasNoReference(item) ? `${built.chain}, no mistake` : reference;
  const names = namesIn(built.chain === 'embedding' ? built.models.join(' ') : targets);
  return `${which}: ${names.join(', ')}${stream ? '' : '; no stream'}`;
}
