// What recording may cost, and has cost so far. The most that a request can cost is set aside
// before it is sent, so that a limit is never exceeded, whatever the answer.
import type { ModelPrice } from '../plan-view.ts';
import { microsOf } from '../plan-view.ts';

/** A limit would be exceeded by the next request: nothing was sent. */
export class LimitReached extends Error {
  override readonly name = 'LimitReached';
}

export interface Spent {
  requests: number;
  /** Input and output, as providers counted them. */
  tokens: number;
  /** Answers by their counts; what broke off at its most. */
  usd: number;
}

const nothingSpent: Readonly<Spent> = { requests: 0, tokens: 0, usd: 0 };

export class Budget {
  readonly spent: Spent;
  readonly #maxUsd: number;
  readonly #maxRequests: number;
  #asideUsd = 0;

  /** `spent`: before, which the limits hold for too. */
  constructor(maxUsd: number | null, maxRequests: number | null, spent: Spent = nothingSpent) {
    this.spent = { ...spent };
    this.#maxUsd = maxUsd ?? Number.POSITIVE_INFINITY;
    this.#maxRequests = maxRequests ?? Number.POSITIVE_INFINITY;
  }

  /** Throws LimitReached where a request that may cost so much must not be sent. */
  take(mostUsd: number): void {
    const { requests, usd } = this.spent;
    if (requests + 1 > this.#maxRequests) throw new LimitReached('--max-requests');
    if (usd + this.#asideUsd + mostUsd > this.#maxUsd) throw new LimitReached('--max-cost');
    this.spent.requests++;
    this.#asideUsd += mostUsd;
  }

  /** What is spent if all that is under way costs its most. */
  atMost(): Spent {
    return { ...this.spent, usd: this.spent.usd + this.#asideUsd };
  }

  /** What became of a request that was taken; `usage` null: nobody knows, so it cost its most. */
  settle(mostUsd: number, price: ModelPrice | null, usage: Tokens | null): void {
    this.#asideUsd -= mostUsd;
    this.spent.usd += usage ? costOf(price, usage) : mostUsd;
    this.spent.tokens += usage ? usage.input + usage.output : 0;
  }
}

/** What a request cost, in tokens. */
export interface Tokens {
  input: number;
  output: number;
}

/** USD. */
export function costOf(price: ModelPrice | null, usage: Tokens): number {
  return price ? microsOf(price, usage) / 1e6 : 0;
}

/** What providers add to a request with tools, in tokens, at most. */
export const added = 1_000;

/** The most that a request can cost, USD: no token is less than a byte of what was asked. */
export function mostOf(price: ModelPrice | null, asked: unknown, maxTokens: number): number {
  const input = Buffer.byteLength(JSON.stringify(asked)) + added;
  return costOf(price, { input, output: maxTokens });
}
