// The speed-up of two workers over one, on the same trials: sixteen short outages.
import { resolve } from 'node:path';
import { packageRoot, shippedTargets } from '../harness/project.ts';
import { makePlan, setupOf } from '../harness/run/plan.ts';
import { runPool } from '../harness/run/pool.ts';

/** Wall time with one worker over wall time with two; starting them is included in both. */
export async function workersSpeedUp(dir: string): Promise<number> {
  await timeOf(dir, 1, 2);
  const [one, two] = [await timeOf(dir, 1, 16), await timeOf(dir, 2, 16)];
  return one / two;
}

async function timeOf(dir: string, workers: number, trials: number): Promise<number> {
  const plan = makePlan({
    chainFile: resolve(packageRoot, 'fixtures/chains/gpt-first.yaml'),
    scenarioFiles: [resolve(packageRoot, 'scenarios/provider-outage.yaml')],
    targetsFiles: [shippedTargets],
    seed: 1,
    trials,
    cwd: packageRoot,
  });
  const start = performance.now();
  await runPool({
    setup: setupOf(plan, packageRoot),
    jobs: plan.jobs.map((job) => ({
      ...job,
      partFile: resolve(dir, `${workers}-${job.index}.jsonl`),
    })),
    workers,
    signal: new AbortController().signal,
    onDone: () => {},
    onSpin: () => {},
  });
  return performance.now() - start;
}
