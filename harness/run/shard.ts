// A part of a run's trials, for machines side by side. A leaf.

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
