import { resolve } from 'node:path';
import type { DrillWords } from '../command-words.ts';
import { targetsFiles } from '../project.ts';
import type { Plan, PlanInput } from './plan.ts';
import { makePlan } from './plan.ts';

/**
 * The plan that a command's words mean; its paths are from `cwd`. `live`: of a run that asks real
 * providers. Throws InputError.
 */
export function wordedPlan(
  words: DrillWords & { trials: number },
  scenarioFiles: Iterable<string>,
  cwd: string,
  live?: PlanInput['live'],
): Plan {
  const { chain, through, seed, targets, trials } = words;
  return makePlan({
    chainFile: resolve(cwd, chain),
    through,
    scenarioFiles: [...scenarioFiles],
    targetsFiles: targetsFiles(cwd, targets),
    seed,
    trials,
    cwd,
    ...(live ? { live } : {}),
  });
}
