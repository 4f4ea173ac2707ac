// What becomes of one chain file in the hands of each library: what callers got and which rules
// were broken in every shipped scenario, and the timeline of the first call that broke each.
// With --only NAME: one of them.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { adapters } from '../../harness/adapters/index.ts';
import { scenarioFiles } from '../../harness/project.ts';
import type { ScenarioRow } from '../../harness/report.ts';
import { drill, root } from '../../test/drills.ts';
import { shown } from './shown.ts';

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const names = Object.keys(adapters).filter((name) => (values.only ?? name) === name);
const chain = 'fixtures/chains/gpt-first.yaml';

await shown(`${chain} through ${names.join(', ')}`, async ({ dir, say, check }) => {
  const scenarios = scenarioFiles([], root);
  check(scenarios.length >= 20, `${scenarios.length} scenarios`);
  for (const name of names) {
    const out = join(dir, name);
    const { report } = await drill({
      chain: join(root, chain),
      through: name,
      scenarios,
      out,
      workers: 2,
      onOutput: () => {},
      replay: { scenario: (one) => one, words: `--chain ${chain} --through ${name} --seed 1` },
    });
    const rows = report?.scenarios ?? [];
    check(rows.length === scenarios.length, `${name} was drilled`);
    say(`\n## ${name}\n\n| scenario | what callers got | broken |\n| --- | --- | --- |`);
    for (const row of rows) say(`| ${row.scenario} | ${outcomesOf(row)} | ${brokenBy(row)} |`);
    say('');
    for (const row of rows) for (const line of examplesOf(row)) say(line);
  }
});

function outcomesOf({ outcomes, calls }: ScenarioRow): string {
  return Object.entries(outcomes)
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([outcome, count]) => `${((100 * count) / calls).toFixed(1)}% ${outcome}`)
    .join(', ');
}

function brokenBy({ invariants }: ScenarioRow): string {
  const broken = Object.entries(invariants).filter(([, { status }]) => status === 'violated');
  return broken.map(([id, { violations }]) => `${id} (${violations})`).join(' ') || '-';
}

function examplesOf({ scenario, invariants }: ScenarioRow): string[] {
  return Object.entries(invariants).flatMap(([id, { status, example }]) => {
    if (status !== 'violated' || !example) return [];
    return [`${scenario} ${id}, call ${example.call}: ${example.text}`, `  ${example.replay}`];
  });
}
