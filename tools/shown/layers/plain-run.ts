// One run without twins: a comparison of figures needs none, and they are half of the work.
import { shippedTargets } from '../../../harness/project.ts';
import { makePlan } from '../../../harness/run/plan.ts';
import { run } from '../../../harness/run/run.ts';
import { RunFolder } from '../../../harness/run/run-folder.ts';
import { root } from '../../../test/drills.ts';

export interface PlainRun {
  chain: string;
  scenarios: string[];
  out: string;
  seed: number;
}

export async function plainRun({ chain, scenarios, out, seed }: PlainRun): Promise<void> {
  const plan = makePlan({
    chainFile: chain,
    scenarioFiles: scenarios,
    targetsFiles: [shippedTargets],
    seed,
    trials: 1,
    cwd: root,
  });
  const own = plan.jobs.filter(({ twin }) => twin === null);
  await run({
    plan: { ...plan, jobs: own.map((job, index) => ({ ...job, index })) },
    folder: new RunFolder(out),
    workers: 2,
    resume: false,
    cwd: root,
    replay: { scenario: (name) => name, words: `--chain ${chain}` },
    onProgress: () => {},
    onOutput: () => {},
    signal: new AbortController().signal,
  });
}
