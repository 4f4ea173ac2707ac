// Targets of one model that follow each other in the file are a pool: keys, accounts or regions
// with limits of their own. Each call draws the order in which it asks them, those that do well
// sooner: what has failed or was limited weighs less, and more again as time goes by.
import { isUnwell } from './breaker.ts';
import type { Failure } from './failure.ts';
import { poolsOf } from './pools.ts';
import type { Target } from './target.ts';
import { now } from './time.ts';

/** What half of a target's bad name is forgotten after, ms. */
const halfLifeMs = 20_000;
/** Never less: who is never asked is never found well. */
const leastWeight = 0.02;
/** While it asks to be left alone, it is last. */
const restingWeight = 1e-6;
const longestRestMs = 60_000;
/** So much of the way to the worst a failure goes, and an answer back to the best. */
const step = 0.5;

interface Standing {
  /** 0: well; 1: as bad as can be. */
  penalty: number;
  at: number;
  restsUntil: number;
}

export class Balance {
  readonly #standings = new Map<Target, Standing>();
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  answered(target: Target): void {
    this.#move(target, 0);
  }

  failed(target: Target, failure: Failure): void {
    const { meaning, hintMs } = failure;
    const isAccount = meaning === 'quota' || meaning === 'auth' || meaning === 'permission';
    if (!isAccount && meaning !== 'rate-limit' && !isUnwell(failure)) return;
    const standing = this.#move(target, 1);
    const restMs = isAccount ? longestRestMs : Math.min(hintMs ?? 0, longestRestMs);
    standing.restsUntil = Math.max(standing.restsUntil, now() + restMs);
  }

  /** Each pool in an order of its own; whoever is in none stays where it is. */
  order(targets: readonly Target[]): Target[] {
    return poolsOf(targets).flatMap((pool) => (pool.length === 1 ? pool : this.#drawn(pool)));
  }

  /** Without replacement, by weight (Efraimidis and Spirakis). */
  #drawn(pool: readonly Target[]): Target[] {
    return pool
      .map((target) => ({ target, rank: Math.log(1 - this.#random()) / this.#weightOf(target) }))
      .sort((a, b) => b.rank - a.rank)
      .map(({ target }) => target);
  }

  #weightOf(target: Target): number {
    const standing = this.#standings.get(target);
    if (!standing) return 1;
    if (now() < standing.restsUntil) return restingWeight;
    return Math.max(leastWeight, 1 - penaltyNow(standing));
  }

  #move(target: Target, to: 0 | 1): Standing {
    const standing = this.#standings.get(target) ?? { penalty: 0, at: now(), restsUntil: 0 };
    const before = penaltyNow(standing);
    standing.penalty = before + (to - before) * step;
    standing.at = now();
    this.#standings.set(target, standing);
    return standing;
  }
}

function penaltyNow({ penalty, at }: Standing): number {
  return penalty * 2 ** ((at - now()) / halfLifeMs);
}
