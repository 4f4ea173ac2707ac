// What becomes of the fallbacks that people build with frameworks, each as its README shows it: six
// chains on twenty scenarios, with what callers got and which rules were broken, and the replay of
// the first call of each.
import { join } from 'node:path';
import { scenarioFiles } from '../../harness/project.ts';
import type { ScenarioRow } from '../../harness/report.ts';
import { drill, root } from '../../test/drills.ts';
import { shown } from './shown.ts';

const chains = ['bare-sdks', 'ai-sdk', 'ai-sdk-stream', 'ai-fallback', 'ai-retry', 'langchain'];

const extra = ['corpus/retry-sleep-ignores-abort', 'corpus/digits-in-text-read-as-status'];

await shown('six chains of frameworks on twenty scenarios', async ({ dir, say, check }) => {
  const scenarios = [...scenarioFiles([], root), ...scenarioFiles(extra, root)];
  check(scenarios.length >= 20, `${scenarios.length} scenarios`);
  for (const name of chains) {
    const chain = join(root, 'tools/shown/frameworks', `${name}.ts`);
    const { report } = await drill({
      chain,
      scenarios,
      out: join(dir, name),
      workers: 2,
      onOutput: () => {},
    });
    const rows = report?.scenarios ?? [];
    check(rows.length === scenarios.length, `${name} was drilled`);
    say(`\n## ${name}\n\n| scenario | what callers got | broken |\n| --- | --- | --- |`);
    for (const row of rows) say(`| ${row.scenario} | ${outcomesOf(row)} | ${brokenBy(row)} |`);
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
    return [`  ${scenario} ${id}, call ${example.call}: ${example.text}`, `    ${example.replay}`];
  });
}
