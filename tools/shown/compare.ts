// Shows: `compare --permute` on the shipped chain over twelve shipped scenarios: the ranking, wall
// time and calls per second with one worker and with two, and that the same seed gives it again.
//
//   node_modules/.bin/node --import tsx tools/shown/compare.ts [--by 1] [--chain FILE]
//
// `--by 10` makes every scenario ten times shorter. Takes some minutes at full length.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CompareReport } from '../../harness/compare/compare-report.ts';
import { root, writeShortened } from '../../test/drills.ts';
import { command } from './command.ts';
import { numberOf, shown, wordOf } from './shown.ts';

const scenarioNames = [
  'healthy',
  'provider-outage',
  'regional-outage',
  'large-models-down',
  'rate-limit-storm',
  'quota-exhausted',
  'server-error-blip',
  'flapping',
  'recovery-ramp',
  'slow-provider',
  'stall-before-headers',
  'total-outage',
];

await shown(
  'Orders of a chain are ranked by what users get, and the same seed gives the same ranking.',
  async ({ dir, say, check }) => {
    const chain = wordOf('chain', join(root, 'fixtures/chains/gpt-first.yaml'));
    const by = numberOf('by', 1);
    const scenarios = scenarioNames.map((name) => writeShortened(dir, name, by));
    const ranked = async (workers: number): Promise<CompareReport> => {
      const words = ['compare', ...scenarios, '--chain', chain, '--permute'];
      const more = ['--workers', String(workers), '--out', join(dir, 'out')];
      const { out, code } = await command([...words, ...more]);
      check(code === 0, `exit code ${code} with ${workers} workers`);
      if (workers === 2) say(`\n${out}`);
      return JSON.parse(readFileSync(join(dir, 'out/compare.json'), 'utf8'));
    };
    const [two, one, again] = [await ranked(2), await ranked(1), await ranked(2)];
    for (const { wall, calls, candidates } of [one, two, again]) {
      const perSecond = Math.round((calls * 1000) / wall.ms);
      say(
        `${wall.workers} workers: ${candidates.length} chains x ${scenarioNames.length} scenarios, ` +
          `${calls} calls in ${(wall.ms / 1000).toFixed(1)} s, ${perSecond} a second`,
      );
    }
    say(
      `two workers over one: ${(one.wall.ms / Math.min(two.wall.ms, again.wall.ms)).toFixed(2)}x`,
    );
    const text = ({ wall: _, ...rest }: CompareReport): string => JSON.stringify(rest);
    check(text(one) === text(two), 'one worker and two give the same comparison');
    check(text(again) === text(two), 'the same seed gives the same comparison');
  },
);
