// One run in a process of its own, for determinism.ts: any Node, any number of workers, any order
// of trials. The only argument is JSON:
// { runs: [{ chain, out }], scenarios, trials, seed, workers, order }.
import { drill, shuffled } from '../../test/drills.ts';

interface Wanted {
  runs: { chain: string; out: string }[];
  scenarios: string[];
  trials: number;
  seed: number;
  workers: number;
  /** Names a shuffle of the trials; 0: as planned. */
  order: number;
}

const { runs, order, ...rest }: Wanted = JSON.parse(process.argv[2] ?? '{}');
for (const { chain, out } of runs) {
  const input = { ...rest, chain, out };
  await drill(order === 0 ? input : { ...input, order: (jobs) => shuffled(jobs, order) });
}
