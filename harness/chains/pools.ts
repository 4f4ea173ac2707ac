// Which targets of a chain are one pool: those of one model that follow each other in its file. A
// leaf.

/** Runs of targets with one name. */
export function poolsOf<T extends { name: string }>(targets: readonly T[]): T[][] {
  const pools: T[][] = [];
  for (const target of targets) {
    const pool = pools.at(-1);
    if (pool?.[0]?.name === target.name) pool.push(target);
    else pools.push([target]);
  }
  return pools;
}
