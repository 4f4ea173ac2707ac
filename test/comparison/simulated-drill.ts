// Sums by sample as drills make them, of chains whose true figures are known: what the intervals of
// compare and gate are tested on; tools/shown/compare-errors.ts measures them on real drills.
import type { CallSums, SumsBySample } from '../../harness/comparison/call-sums.ts';
import { noCallSums } from '../../harness/comparison/call-sums.ts';
import type { Rng } from '../../harness/rng.ts';
import { stream } from '../../harness/rng.ts';

export interface SimulatedChain {
  /** Share of calls that meet a fault; of these the share lost, and the further attempts. */
  hit: number;
  lost: number;
  attempts: number;
  /** Added to the wait of a call that meets a fault, ms. */
  waitMs: number;
}

export const usualChain: SimulatedChain = { hit: 0.3, lost: 0.1, attempts: 1, waitMs: 2_000 };

/** How good the answers to each sample are: the same for every drill of a workload. */
function easeOf(sample: number, workload: number): number {
  const ease = stream(workload, 'ease', sample).next();
  return ease < 0.1 ? 0.2 : ease < 0.3 ? 0.7 : 0.98;
}

/** `seed`: of what befalls the calls. Samples differ, and do so alike for every seed. */
export function simulatedDrill(
  chain: SimulatedChain,
  { samples, calls, seed }: { samples: number; calls: number; seed: number },
): SumsBySample {
  const rng = stream(seed, 'drill');
  return Object.fromEntries(
    Array.from({ length: samples }, (_, at) => {
      const sums = noCallSums();
      for (let call = 0; call < calls; call++) addCall(sums, chain, easeOf(at, samples), rng);
      sums.latency_ms.sort((a, b) => a - b);
      return [`sample-${at}`, sums];
    }),
  );
}

function addCall(sums: CallSums, chain: SimulatedChain, ease: number, rng: Rng): void {
  const isHit = rng.next() < chain.hit;
  const isLost = isHit && rng.next() < chain.lost;
  const isGood = rng.next() < ease;
  sums.calls++;
  sums.scored++;
  if (!isLost) sums.usable++;
  if (!isLost && isGood) sums.good++;
  sums.attempts += 1 + (isHit ? chain.attempts : 0);
  sums.micros += 1_000 * (1 + rng.next());
  if (!isLost) {
    sums.shown++;
    sums.healthy += 1_000_000;
    sums.served += isGood ? 1_000_000 : 500_000;
  }
  const wait = isHit ? chain.waitMs * (0.5 + rng.next()) : 0;
  sums.latency_ms.push(Math.round(600 + rng.exponential(400) + wait));
}
