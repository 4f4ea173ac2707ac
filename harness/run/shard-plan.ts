// The part of a plan that one shard drills. Trials are dealt out like cards, in the order of the
// plan and each with its twins, so that every shard gets some of every long scenario and the whole
// run can be put together again.
import { InputError } from '../errors.ts';
import type { Plan } from './plan.ts';
import type { Shard } from './shard.ts';
import { shardText } from './shard.ts';

/** The plan with its shard's trials only; its fingerprint stays that of the whole. */
export function shardOf(plan: Plan, shard: Shard): Plan {
  const units = new Map<string, number>();
  const jobs = plan.jobs.filter(({ scenario, trial }) => {
    const name = `${scenario} ${trial}`;
    const unit = units.get(name) ?? units.size;
    units.set(name, unit);
    return unit % shard.of === shard.index - 1;
  });
  if (jobs.length === 0) {
    throw new InputError(
      `--shard ${shardText(shard)}: there are ${units.size} trials to share out: write at most ${units.size} shards`,
    );
  }
  return { ...plan, jobs, shard };
}
