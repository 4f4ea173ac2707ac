// How long an attempt of a planted chain may take, but for the mistakes about time.
import type { LimitSettings } from '../../../harness/chains/attempt-limits.ts';
import type { Mistake } from './mistakes.ts';

const unlimited = 2 ** 31 - 1;
const usual: LimitSettings = {
  headersMs: 9_000,
  firstTokenMs: 9_000,
  idleMs: 8_000,
  totalMs: 25_000,
};

/** `left`: ms until the deadline of the call; `after`: how many targets may follow. */
export function plantedLimits(mistake: Mistake | null, left: number, after: number): LimitSettings {
  const share = after === 0 ? left : Math.max(left / 2, left - after * 9_000);
  const fair = (ms: number): number => Math.max(1, Math.min(ms, share));
  const { headersMs, firstTokenMs, idleMs, totalMs } = usual;
  const right: LimitSettings = {
    headersMs: fair(headersMs),
    firstTokenMs: fair(firstTokenMs),
    idleMs,
    totalMs: Math.max(1, Math.min(totalMs, left)),
  };
  switch (mistake) {
    case 'no-idle-limit':
      return { ...right, idleMs: unlimited };
    case 'cuts-steady-streams':
      return { ...right, totalMs: 5_000 };
    case 'no-attempt-limit':
      return { headersMs: unlimited, firstTokenMs: unlimited, idleMs, totalMs: unlimited };
    case 'lax-attempt-limit':
      return { ...right, headersMs: 24_000, firstTokenMs: 24_000 };
    case 'fair-share-stays':
      return after === 0 ? right : { ...right, totalMs: right.firstTokenMs };
    case 'limit-ends-at-headers':
      return { ...right, firstTokenMs: unlimited, idleMs: unlimited, totalMs: unlimited };
    case 'no-deadline':
      return { headersMs: 25_000, firstTokenMs: 25_000, idleMs, totalMs };
    case 'primary-eats-deadline':
      return { headersMs: left, firstTokenMs: left, idleMs, totalMs: left };
    default:
      return right;
  }
}
