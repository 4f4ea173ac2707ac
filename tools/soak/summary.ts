// What a soak has found, as the text that is committed.
import { rules } from '../../harness/scoring/judge-invariants.ts';
import { version } from '../../harness/version.ts';
import type { Accusation, Block } from './state.ts';
import type { GoodChain, Group, SoakScenario } from './what.ts';

export interface ChainResult {
  chain: GoodChain;
  blocks: Block[];
  /** Scenarios that were left out, by reason. */
  leftOut: Map<string, string[]>;
}

export interface Soaked {
  seed: number;
  /** Seeds of each group of scenarios. */
  groups: Record<Group, number>;
  /** So many of them have twins beside them. */
  twinSeeds: number;
  scenarios: SoakScenario[];
  results: ChainResult[];
}

export function summary({ seed, groups, twinSeeds, scenarios, results }: Soaked): string {
  const all = results.flatMap(({ blocks }) => blocks);
  const accusations = all.flatMap((block) => block.accusations);
  const names = results.map(({ chain }) => chain.name);
  return `# The soak: good chains are accused of nothing

Made by \`npm run soak\` with firedrill ${version}, seed ${seed}. Trial n of a scenario is
its n-th seed.

${groupsText(groups, scenarios, results.length)}
${twinText(groups, twinSeeds)}

**${count(sum(all, 'calls'))} calls in ${count(trials(all))} trials were judged,
${count(sum(all, 'drills'))} drills with their twins: ${accusations.length} accusations.**

${accusations.map(accusationText).join('')}
## The chains

| chain | calls | whole answers | trials | accusations | what it is |
|---|---:|---:|---:|---:|---|
${results.map(chainRow).join('\n')}

${results.map(leftOutText).filter(Boolean).join('\n')}
## What each rule was put to

Calls that put a chain to the test of a rule, by chain.

| rule | in all | ${names.join(' | ')} |
|---|---:|${names.map(() => '---:|').join('')}
${Object.keys(rules)
  .map((id) => ruleRow(id, results))
  .join('\n')}

${untested(all)}
`;
}

function groupsText(groups: Soaked['groups'], scenarios: SoakScenario[], chains: number): string {
  const of = (group: Group): SoakScenario[] => scenarios.filter((one) => one.group === group);
  const lowered = scenarios.filter((one) => one.lowered).map(({ name }) => name);
  const lines = [
    `${chains} good chains; ${of('all').length} scenarios with ${groups.all} seeds each.`,
    `${of('full').length} of them at their own rate with ${groups.full} seeds.`,
    `${of('long').length} incidents with ${groups.long} seeds.`,
  ];
  if (lowered.length > 0) lines.push(`At a lower rate than they ship with: ${lowered.join(', ')}.`);
  return lines.join('\n');
}

function twinText({ all }: Soaked['groups'], twinSeeds: number): string {
  const what = 'the twins beside them that I04, I14, I16 and I28 are judged by.';
  if (twinSeeds === 0) return `No seeds have ${what}`;
  return `${twinSeeds < all ? `The first ${twinSeeds} seeds` : 'All'} have ${what}`;
}

function accusationText({ chain, scenario, trial, rule, text, replay }: Accusation): string {
  return `- ${chain}, ${scenario}, trial ${trial}, ${rule}: ${text}\n  \`${replay}\`\n`;
}

function chainRow({ chain, blocks }: ChainResult): string {
  const accusations = blocks.reduce((total, block) => total + block.accusations.length, 0);
  const calls = sum(blocks, 'calls');
  const share = calls === 0 ? '-' : `${((100 * sum(blocks, 'usable')) / calls).toFixed(1)}%`;
  const figures = [count(calls), share, count(trials(blocks)), accusations];
  return `| ${chain.name} | ${figures.join(' | ')} | ${chain.about} |`;
}

function leftOutText({ chain, leftOut }: ChainResult): string {
  return [...leftOut]
    .map(([why, names]) => `${chain.name} is not asked in ${names.join(', ')}: ${why}.\n`)
    .join('');
}

function ruleRow(id: string, results: ChainResult[]): string {
  const each = results.map(({ blocks }) => exercised(blocks, id));
  const total = each.reduce((a, b) => a + b, 0);
  return `| ${id} | ${[total, ...each].map(count).join(' | ')} |`;
}

function untested(all: Block[]): string {
  const ids = Object.keys(rules).filter((id) => exercised(all, id) === 0);
  return ids.length === 0 ? 'Every rule was exercised.' : `Not exercised: ${ids.join(', ')}.`;
}

function exercised(blocks: Block[], id: string): number {
  return blocks.reduce((total, block) => total + (block.exercised[id] ?? 0), 0);
}

function trials(blocks: Block[]): number {
  return blocks.reduce((total, { from, to }) => total + to - from + 1, 0);
}

function sum(blocks: Block[], field: 'calls' | 'usable' | 'drills'): number {
  return blocks.reduce((total, block) => total + block[field], 0);
}

const count = (value: number): string => value.toLocaleString('en');
