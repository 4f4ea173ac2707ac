// What each layer of the reference chain is good for: the full chain and the same without one layer
// each, over the scenarios in scenarios/layers, the same seeds for all. A layer earns its place if
// the figure that it is there for is better with it, beyond a 95% interval, and no goodput of any
// scenario is worse with it.
// Options: --seeds N (default 4, from 1), --only WORD (layers whose name begins so).
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse, stringify } from 'yaml';
import { scenarioFiles } from '../../harness/project.ts';
import { root } from '../../test/drills.ts';
import type { LayerName } from './layers/layers.ts';
import { layers, without } from './layers/layers.ts';
import type { Measured } from './layers/measured.ts';
import { measured } from './layers/measured.ts';
import type { Figure } from './layers/paired.ts';
import { figures, goodputDifference, meanOf, overSeeds, text } from './layers/paired.ts';
import { plainRun } from './layers/plain-run.ts';
import { numberOf, shown } from './shown.ts';

const { values } = parseArgs({
  options: { seeds: { type: 'string' }, only: { type: 'string', default: '' } },
});
const seeds = Array.from({ length: numberOf('seeds', 4) }, (_, index) => index + 1);
const full = join(root, 'fixtures/chains/full.yaml');
const names = (Object.keys(layers) as LayerName[]).filter((name) => name.startsWith(values.only));

await shown(`${full} without one layer each, seeds ${seeds.join(', ')}`, async (showing) => {
  const { dir, say, check } = showing;
  const scenarios = scenarioFiles(['layers'], root);
  const given = parse(readFileSync(full, 'utf8'));

  /** By scenario: what each seed gave. */
  async function drilled(name: string, settings: unknown): Promise<Map<string, Measured[]>> {
    const chain = join(dir, `${name.replaceAll(' ', '-')}.yaml`);
    writeFileSync(chain, stringify(settings));
    const all = new Map<string, Measured[]>();
    for (const seed of seeds) {
      const out = join(dir, `${name} ${seed}`);
      await plainRun({ chain, scenarios, out, seed });
      for (const [scenario, one] of measured(out)) {
        all.set(scenario, [...(all.get(scenario) ?? []), one]);
      }
    }
    return all;
  }

  const ours = { ...given, quality: { ...given.quality, measured: measuredFile(given) } };
  const whole = await drilled('full', ours);
  check(whole.size === scenarios.length, `${whole.size} scenarios were drilled`);
  const accused = [...whole].flatMap(([scenario, all]) =>
    all.flatMap(({ accused }) => accused.map((id) => `${scenario} ${id}`)),
  );
  check(accused.length === 0, `the full chain is accused of nothing ${accused.join(', ')}`);
  tell('full', whole);
  const found = new Map<LayerName, Map<string, Measured[]>>();
  for (const name of names) {
    const less = await drilled(`without ${name}`, without(name, ours));
    found.set(name, less);
    tell(`without ${name}`, less);
  }
  say('\nWhat each layer is there for, with it less without it, 95% over seeds:');
  for (const [name, less] of found) {
    const { scenario, figure, better } = layers[name];
    const [a, b] = [whole.get(scenario) ?? [], less.get(scenario) ?? []];
    const { mean, low, high } = overSeeds(a, b, figure);
    const holds = better === 'more' ? low > 0 : high < 0;
    const says = `${text(figure, mean)} (${text(figure, low)} to ${text(figure, high)})`;
    check(holds, `${name}: ${figure} in ${scenario}: ${says}, ${better} is better`);
  }
  say('\nWhether it harms any scenario: goodput with it less without it, 95% over samples:');
  for (const [name, less] of found) {
    for (const [scenario, all] of whole) {
      const { mean, low, high } = goodputDifference(all, less.get(scenario) ?? []);
      const says = [mean, low, high].map((value) => text('goodput', value));
      const line = `${name} in ${scenario}: ${says[0]} (${says[1]} to ${says[2]})`;
      check(high >= 0, line);
    }
  }

  function tell(name: string, by: ReadonlyMap<string, Measured[]>): void {
    say(`\n## ${name}\n\n| scenario | ${figures.join(' | ')} |`);
    say(`| --- |${' --- |'.repeat(figures.length)}`);
    for (const [scenario, all] of by) {
      const cell = (figure: Figure): string => text(figure, meanOf(all, figure));
      say(`| ${scenario} | ${figures.map(cell).join(' | ')} |`);
    }
  }
});

function measuredFile({ quality }: { quality: { measured: string } }): string {
  return join(root, 'fixtures/chains', quality.measured);
}
