// What a soak has found so far, as the text that is committed.
import { rules } from '../../harness/scoring/judge-invariants.ts';
import type { ChainPart, SoakPart } from './part.ts';
import { nameOf } from './part.ts';
import type { Accusation } from './state.ts';
import type { GoodChain } from './what.ts';

type Described = Pick<GoodChain, 'name' | 'about'>;

/** `described`: the chains that there are now. */
export function summary(parts: readonly SoakPart[], described: readonly Described[]): string {
  const accusations = parts.flatMap((part) => part.accusations);
  const chains = rowsOf(parts, described);
  const soaks = [...Map.groupBy(parts, nameOf)].sort(([one], [other]) => compare(one, other));
  return `# The soak: good chains are accused of nothing

Made by \`npm run soak\`. Trial n of a scenario is its n-th seed, of seed ${parts[0]?.seed ?? 1}.
Seeds are drilled in parts, each with the code of its day; later code is soaked with 20 seeds by CI.
${soaks.length > 1 ? besideText : ''}
${accusations.map(accusationText).join('')}
${soaks.map(([name, own]) => soakText(name, own, described)).join('\n')}
*At a rate*: the most calls of a trial whose calls arrive at a rate, which is lowered to that. *At
once*: the most callers of a crowd. Samples that are asked one by one, and users, are as they ship.
*Twins* are what I04, I14 and I28 are judged by, and I16 where it compares streamed with not. The
tables of rules count the calls that put a chain to the test of a rule.

## The chains

| chain | calls | whole answers | trials | accusations | what it is |
|---|---:|---:|---:|---:|---|
${chains.map((chain) => chainRow(chain, accusations)).join('\n')}

${leftOutText(chains)}
`;
}

const besideText = `
The soak of all scenarios stands first. Beside it some of them are drilled once more, with what that
one leaves out, and counted by themselves.
`;

/** The soak of all scenarios first. */
function compare(one: string | null, other: string | null): number {
  return (one ?? '').localeCompare(other ?? '');
}

function soakText(
  name: string | null,
  parts: readonly SoakPart[],
  described: readonly Described[],
): string {
  const chains = rowsOf(parts, described);
  const all = chains.flatMap((chain) => chain.parts);
  const drills = parts.reduce((total, part) => total + part.drills, 0);
  const accusations = parts.flatMap((part) => part.accusations);
  const names = chains.map((chain) => chain.name);
  return `## ${name === null ? 'All scenarios' : `Beside it: ${name}`}

**${count(sum(all, 'calls'))} calls in ${count(sum(all, 'trials'))} trials were judged,
${count(drills)} drills with their twins: ${accusations.length} accusations.**

| seeds | code | chains | scenarios | at a rate | at once | twins | calls | trials | accusations |
|---|---|---:|---:|---:|---:|---|---:|---:|---:|
${parts.map(partRow).join('\n')}

${parts.map(furtherText).filter(Boolean).join('\n')}
${loweredText(parts)}

| rule | in all | ${names.join(' | ')} |
|---|---:|${names.map(() => '---:|').join('')}
${Object.keys(rules)
  .filter((id) => exercised(all, id) > 0)
  .map((id) => ruleRow(id, chains))
  .join('\n')}

${untested(all)}
`;
}

function rowsOf(parts: readonly SoakPart[], described: readonly Described[]): Row[] {
  const names = [...new Set(parts.flatMap(({ chains }) => Object.keys(chains)))].sort();
  return names.map((name) => {
    const about = described.find((one) => one.name === name)?.about ?? '';
    return { name, about, parts: parts.flatMap((part) => part.chains[name] ?? []) };
  });
}

interface Row extends Described {
  parts: ChainPart[];
}

function partRow({ from, to, code, chains, groups, mostCalls, twinsTo, accusations }: SoakPart) {
  const own = Object.values(chains);
  const twins = twinsTo >= to ? 'all' : twinsTo < from ? 'none' : `${from} to ${twinsTo}`;
  const figures = [count(sum(own, 'calls')), count(sum(own, 'trials')), accusations.length];
  const { all, crowd } = mostCalls;
  const most = [all, crowd ?? 'as shipped'];
  const what = [own.length, groups.all.scenarios, ...most, twins, ...figures];
  return `| ${from} to ${to} | ${code} | ${what.join(' | ')} |`;
}

/** What only the first seeds of a part got, and what all of them went without. */
function furtherText({ aside, from, to, groups, mostCalls, without, chains }: SoakPart): string {
  const { full, long } = groups;
  const lines: string[] = [];
  if (full.to >= from && full.scenarios > 0) {
    lines.push(
      `Seeds ${from} to ${full.to}: ${full.scenarios} scenarios with all of their calls too.`,
    );
  }
  if (long.to >= from && long.scenarios > 0) {
    const most = `of ${mostCalls.long} calls at a rate`;
    lines.push(`Seeds ${from} to ${long.to}: ${long.scenarios} incidents too, ${most}.`);
  }
  if (aside) lines.push(`Seeds ${from} to ${to}: of ${aside.scenarios.join(', ')}.`);
  if (without.length > 0) lines.push(`Seeds ${from} to ${to}: without ${without.join(', ')}.`);
  const left = aside ? [] : notExercised(Object.values(chains));
  if (left.length > 0) lines.push(`Seeds ${from} to ${to}: no test of ${left.join(', ')}.`);
  return lines.map((line) => `${line}\n`).join('');
}

function loweredText(parts: readonly SoakPart[]): string {
  const names = [...new Set(parts.flatMap(({ lowered }) => lowered))];
  return names.length === 0 ? '' : `With fewer calls than they ship with: ${names.join(', ')}.`;
}

function accusationText({ chain, scenario, trial, rule, text, replay }: Accusation): string {
  return `- ${chain}, ${scenario}, trial ${trial}, ${rule}: ${text}\n  \`${replay}\`\n`;
}

function chainRow({ name, about, parts }: Row, accusations: readonly Accusation[]): string {
  const calls = sum(parts, 'calls');
  const share = calls === 0 ? '-' : `${((100 * sum(parts, 'usable')) / calls).toFixed(0)}%`;
  const accused = accusations.filter(({ chain }) => chain === name).length;
  const figures = [count(calls), share, count(sum(parts, 'trials')), accused];
  return `| ${name} | ${figures.join(' | ')} | ${about} |`;
}

/** Chains that are left out of the same for the same reason stand together. */
function leftOutText(chains: readonly Row[]): string {
  const groups = new Map<string, Set<string>>();
  for (const { name, parts } of chains) {
    for (const [why, scenarios] of parts.flatMap(({ leftOut }) => Object.entries(leftOut))) {
      const key = `${why}: ${[...new Set(scenarios)].sort().join(', ')}.`;
      groups.set(key, (groups.get(key) ?? new Set()).add(name));
    }
  }
  return [...groups]
    .map(([key, names]) => `Not asked: ${[...names].join(', ')}, as ${key}`)
    .join('\n\n');
}

function ruleRow(id: string, chains: readonly Row[]): string {
  const each = chains.map(({ parts }) => exercised(parts, id));
  const total = each.reduce((a, b) => a + b, 0);
  return `| ${id} | ${[total, ...each].map(count).join(' | ')} |`;
}

function notExercised(all: readonly ChainPart[]): string[] {
  return Object.keys(rules).filter((id) => exercised(all, id) === 0);
}

function untested(all: readonly ChainPart[]): string {
  const ids = notExercised(all);
  return ids.length === 0 ? 'Every rule was exercised.' : `Not exercised: ${ids.join(', ')}.`;
}

function exercised(parts: readonly ChainPart[], id: string): number {
  return parts.reduce((total, part) => total + (part.exercised[id] ?? 0), 0);
}

function sum(parts: readonly ChainPart[], field: 'calls' | 'usable' | 'trials'): number {
  return parts.reduce((total, part) => total + part[field], 0);
}

const count = (value: number): string => value.toLocaleString('en');
