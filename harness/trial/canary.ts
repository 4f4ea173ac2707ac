// Canary calls: a healthy call every so often beside the others. They are counted apart, so that
// ordinary calls have the numbers, questions and draws that they have without them.
import type { Scenario } from '../scenario/scenario.ts';

/** Beyond the number of any other call. */
const numbersFrom = 10_000_000;

/** `nth` is from 1. */
export function canaryNumber(nth: number): number {
  return numbersFrom + nth;
}

/** From 1; null for the number of another call. */
export function nthCanary(call: number): number | null {
  return call > numbersFrom ? call - numbersFrom : null;
}

/** When canaries are due, ms since the trial's start: as long as other calls come. */
export function* canaryDues(
  { arrival, canary }: Pick<Scenario, 'arrival' | 'canary'>,
  samples: number,
): Generator<number> {
  if (!canary) return;
  const end = 'each' in arrival ? (samples - 1) * arrival.gap + 1 : arrival.for;
  for (let at = canary.every; at < end; at += canary.every) yield at;
}
