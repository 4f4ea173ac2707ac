// Shows: of two drills of the same chain with other luck (other seeds, nothing shared but the
// prompts), compare and gate say "better" or "worse" in at most 5%. Every pair of 46 real drills is
// compared.
//
//   node_modules/.bin/node --import tsx tools/shown/compare-errors.ts [--drills 46] [--chain FILE]
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { drillCandidates } from '../../harness/compare/drill-candidates.ts';
import { comparedFigures } from '../../harness/comparison/cases.ts';
import { differenceOf } from '../../harness/comparison/difference.ts';
import { shownTo } from '../../harness/comparison/holm.ts';
import { shippedTargets } from '../../harness/project.ts';
import { stream } from '../../harness/rng.ts';
import { makePlan } from '../../harness/run/plan.ts';
import { root, writeScenario } from '../../test/drills.ts';
import { numberOf, shown, wordOf } from './shown.ts';

await shown(
  'Equal chains with other luck are called better or worse in at most 5% of comparisons.',
  async ({ dir, say, check }) => {
    const drills = numberOf('drills', 46);
    const chain = wordOf('chain', join(root, 'fixtures/chains/gpt-first.yaml'));
    const on = { provider: 'openai' };
    // The name of a scenario is part of its seed.
    const files = Array.from({ length: drills }, (_, at) =>
      writeScenario(dir, `noise-${at}`, {
        arrival: { rate: '2/s', for: '90s' },
        deadline: '10s',
        floor: 0.6,
        faults: [
          { inject: 'server-error', on, chance: '40%', from: '20s', to: '70s' },
          { inject: 'stall', at: 'headers', on, chance: '10%' },
        ],
      }),
    );
    const plan = makePlan({
      chainFile: chain,
      scenarioFiles: files,
      targetsFiles: [shippedTargets],
      seed: 1,
      trials: 1,
      cwd: root,
    });
    const scores = await drillCandidates({
      candidates: [{ name: 'chain', file: chain, text: null }],
      plan,
      workers: availableParallelism(),
      cwd: root,
      signal: new AbortController().signal,
      onProgress: () => {},
    });
    const sums = (scores?.[0] ?? []).map(({ samples }) => samples);
    const weighed = (at: number) => ({ weight: 1, world: 'desk', sums: sums[at] ?? {} });
    for (const figure of comparedFigures) {
      let [pairs, wrong] = [0, 0];
      for (let a = 0; a < sums.length; a++) {
        for (let b = a + 1; b < sums.length; b++) {
          const pair = { from: weighed(a), to: weighed(b) };
          const rng = () => stream(1, 'errors', figure, a, b);
          const { test } = differenceOf(figure, [pair], rng);
          pairs++;
          if (test && shownTo([test])[0]) wrong++;
        }
      }
      const rate = ((100 * wrong) / pairs).toFixed(1);
      check(wrong / pairs <= 0.05, `${figure}: ${wrong} of ${pairs} comparisons (${rate}%)`);
    }
    say(`${drills} drills of ${Object.keys(sums[0] ?? {}).length} samples`);
  },
);
