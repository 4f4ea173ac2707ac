import type { Hop } from '../../../harness/chains/chain.ts';

/** What a chain says that tells of its primary alone, whoever served. */
export function inNameOf(primary = ''): { served: string; hops: Hop[] } {
  return { served: primary, hops: [{ target: primary, outcome: 'complete' }] };
}
