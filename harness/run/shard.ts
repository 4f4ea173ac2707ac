// A part of a run's trials, for machines side by side. Trials are dealt out like cards, in the order
// of the plan and each with its twins, so that every shard gets some of every long scenario and the
// whole run can be put together again.
import { InputError } from '../errors.ts';
import type { Plan } from './plan.ts';

/** `index` counts from 1. */
export interface Shard {
  index: number;
  of: number;
}

export function shardText({ index, of }: Shard): string {
  return `${index}/${of}`;
}

/** Of `2/3`; null where it is none. */
export function parseShard(text: string): Shard | null {
  const match = /^([1-9]\d{0,5})\/([1-9]\d{0,5})$/.exec(text);
  const shard = { index: Number(match?.[1] ?? 1), of: Number(match?.[2] ?? 0) };
  return shard.index <= shard.of ? shard : null;
}

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
