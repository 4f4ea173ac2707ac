// Runs jobs of a plan where its chain runs: in workers and virtual time, or in real time beside
// processes of their own.
import type { LiveSetup } from '../live/live-setup.ts';
import type { Plan } from './plan.ts';
import { setupOf } from './plan.ts';
import type { PoolOptions } from './pool.ts';
import { runPool } from './pool.ts';

export interface JobsOptions extends Omit<PoolOptions, 'setup'> {
  plan: Plan;
  cwd: string;
  /** Where systems in processes of their own keep what they were told and printed. */
  logs: string;
  /** Absent: recordings answer. */
  live?: LiveSetup;
}

/** Rejects with HarnessError at the first failure. */
export async function runJobs({ plan, cwd, logs, live, ...pool }: JobsOptions): Promise<void> {
  // One after the other: all share one budget.
  const workers = live ? 1 : pool.workers;
  if (!plan.real) return runPool({ ...pool, workers, setup: setupOf(plan, cwd, live) });
  // It loads what only real time needs.
  const { runRealPool } = await import('../realtime/real-pool.ts');
  return runRealPool({
    ...pool,
    system: plan.real,
    scenarios: plan.scenarios.map(({ scenario }) => scenario),
    targetsFiles: plan.targetsFiles,
    seed: plan.seed,
    cwd,
    logs,
  });
}
