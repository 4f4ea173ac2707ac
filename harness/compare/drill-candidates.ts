// Drills every candidate on the same scenarios and seeds. All chain files share one pool, so that
// no worker waits while there is a trial left; own code has workers of its own.
import { HarnessError } from '../errors.ts';
import type { LightScores } from '../run/light-scorers.ts';
import { lightScoresOf } from '../run/light-scorers.ts';
import type { Plan } from '../run/plan.ts';
import { setupOf } from '../run/plan.ts';
import { named, runPool } from '../run/pool.ts';
import type { Job } from '../run/worker-protocol.ts';
import type { Tallies } from '../scoring/score.ts';
import type { Candidate } from './candidate.ts';

export interface DrillOptions {
  candidates: readonly Candidate[];
  /** Of the first chain; the scenarios and seeds are those of all. */
  plan: Plan;
  workers: number;
  cwd: string;
  signal: AbortSignal;
  onProgress(done: number, total: number): void;
  onOutput?(text: string): void;
}

/** By candidate and scenario, in their order; null where it was interrupted. */
export async function drillCandidates(options: DrillOptions): Promise<LightScores[][] | null> {
  const { candidates, plan, signal } = options;
  const own = plan.jobs.filter(({ twin }) => twin === null);
  const tallies = candidates.map(() => new Map<number, Tallies>());
  const total = own.length * candidates.length;
  let done = 0;
  options.onProgress(done, total);
  const files = candidates.flatMap(({ file }, at) => (/\.ya?ml$/.test(file) ? [at] : []));
  const pools = [files, ...candidates.flatMap((_, at) => (files.includes(at) ? [] : [[at]]))];
  for (const members of pools) {
    if (members.length === 0 || signal.aborted) continue;
    await pool(options, own, members, (candidate, job, scores) => {
      tallies[candidate]?.set(job, scores);
      options.onProgress(++done, total);
    });
  }
  if (signal.aborted) return null;
  return tallies.map((found) =>
    plan.scenarios.map((_, scenario) =>
      lightScoresOf(
        own.flatMap(({ scenario: of, index }) => {
          const scores = of === scenario ? found.get(index) : undefined;
          return scores ? [scores] : [];
        }),
      ),
    ),
  );
}

async function pool(
  { candidates, plan, workers, cwd, signal, onOutput }: DrillOptions,
  own: Plan['jobs'],
  members: readonly number[],
  onDone: (candidate: number, job: number, tallies: Tallies) => void,
): Promise<void> {
  const [first = 0, ...others] = members;
  const fileOf = (at: number): string => candidates[at]?.file ?? '';
  // Long trials of one scenario lie side by side, and the last of all is not the longest alone.
  const jobs = own.flatMap((job) =>
    members.map((_, at): Job => {
      const other = at === 0 ? {} : { other: at - 1 };
      return { ...job, partFile: '', light: true, ...other };
    }),
  );
  const nameOf = ({ other }: Job): string =>
    candidates[members[other === undefined ? 0 : other + 1] ?? 0]?.name ?? '';
  await runPool({
    setup: {
      ...setupOf({ ...plan, chainFile: fileOf(first) }, cwd),
      others: others.map(fileOf),
    },
    jobs,
    workers,
    signal,
    ...(onOutput ? { onOutput } : {}),
    onDone: (job, { scores }) => {
      onDone(members[job.other === undefined ? 0 : job.other + 1] ?? 0, job.index, scores.tallies);
    },
    onSpin: (job) => {
      throw new HarnessError(
        `${nameOf(job)}, ${named(job)}: the chain spins: it never gives back control; firedrill run shows where`,
      );
    },
  });
}
