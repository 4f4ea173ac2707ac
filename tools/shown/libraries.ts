// What becomes of one chain file in the hands of each library: what callers got and which rules
// were broken in every shipped scenario, and for each rule the timeline of one call that broke it.
// With --only NAME: one of them.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { adapters } from '../../harness/adapters/index.ts';
import { callTimeline } from '../../harness/formats/timeline-text.ts';
import { callsIn } from '../../harness/outcome/calls-in.ts';
import { scenarioFiles } from '../../harness/project.ts';
import type { ScenarioRow } from '../../harness/report.ts';
import { historyName } from '../../harness/run/run-folder.ts';
import { drill, ownEvents, root } from '../../test/drills.ts';
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
    const examples = examplesOf(rows);
    const timelines = timelinesIn(join(out, historyName), examples);
    check(timelines.size === examples.length, `${examples.length} rules broken, each with a call`);
    for (const one of examples) {
      say(`\n### ${name}, ${one.id} in ${one.scenario}\n\n${one.text}\n\n    ${one.replay}\n`);
      say(timelines.get(one) ?? '');
    }
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

interface Example {
  id: string;
  scenario: string;
  call: number;
  text: string;
  replay: string;
}

/** One call for each rule that was broken anywhere. */
function examplesOf(rows: readonly ScenarioRow[]): Example[] {
  const found = new Map<string, Example>();
  for (const { scenario, invariants } of rows) {
    for (const [id, { status, example }] of Object.entries(invariants)) {
      if (status !== 'violated' || !example || found.has(id)) continue;
      const { call, text, replay } = example;
      found.set(id, { id, scenario, call, text, replay });
    }
  }
  return [...found.values()].sort((a, b) => a.id.localeCompare(b.id));
}

function timelinesIn(historyFile: string, wanted: readonly Example[]): Map<Example, string> {
  const timelines = new Map<Example, string>();
  for (const { trial, record } of callsIn(ownEvents(historyFile))) {
    for (const one of wanted) {
      if (one.scenario !== trial.scenario || one.call !== record.call.call) continue;
      timelines.set(one, callTimeline(record, trial));
    }
  }
  return timelines;
}
