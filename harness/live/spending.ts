// What live attempts may cost: the budget of a command, around each request that is sent. What a
// chain asks for tells the most that it can cost; where nobody can tell, nothing is sent.
import { HarnessError } from '../errors.ts';
import type { Spent } from '../recordings/budget.ts';
import { Budget, costOf, LimitReached, mostOf } from '../recordings/budget.ts';
import { answersOf, bringsReferences, hasPaidTools } from '../recordings/request-cost.ts';
import { RunStopped } from '../upstream/live.ts';
import type { Targets } from '../upstream/targets.ts';
import type { Asked, Usage } from '../wires/wire.ts';

export interface SpendingOptions {
  /** USD; null: no limit. */
  maxUsd: number | null;
  maxRequests: number | null;
  /** By workers before this one. */
  spent: Spent;
  /** What is spent if all that is under way costs its most. */
  onSpent(spent: Spent): void;
}

/** A request whose cost is set aside. */
export interface Aside {
  /** Once; `usage` null: nobody knows, so it cost its most. */
  settle(usage: Usage | null): void;
}

type Known = Pick<Targets, 'price' | 'hasPrice' | 'context'>;

/** No image is more, whatever its detail. */
const tokensOfImage = 50_000;

export class Spending {
  readonly #of: SpendingOptions;
  readonly #budget: Budget;
  readonly #targets: Known;
  #asideUsd = 0;

  constructor(options: SpendingOptions, targets: Known) {
    this.#of = options;
    this.#targets = targets;
    this.#budget = new Budget(options.maxUsd, options.maxRequests);
    Object.assign(this.#budget.spent, options.spent);
  }

  /**
   * Throws RunStopped where a limit would be exceeded; HarnessError where nobody knows what the
   * request may cost, and there is a limit of it.
   */
  take(target: string, asked: Asked, body: string, images: number, call: number | null): Aside {
    const price = this.#targets.price(target);
    const mostUsd = this.#most(target, asked, body, images);
    try {
      this.#budget.take(mostUsd);
    } catch (error) {
      if (error instanceof LimitReached) throw new RunStopped(error.message, call);
      throw error;
    }
    this.#asideUsd += mostUsd;
    this.#tell();
    return {
      settle: (usage) => {
        this.#asideUsd -= mostUsd;
        this.#budget.settle(mostUsd, price, usage);
        this.#tell();
      },
    };
  }

  #most(target: string, asked: Asked, body: string, images: number): number {
    const { maxTokens } = asked;
    if (this.#of.maxUsd !== null) {
      if (!this.#targets.hasPrice(target)) throw new HarnessError(unpriced(target));
      if (maxTokens === null) throw new HarnessError(unbounded(target));
    }
    const pictures = 'x'.repeat(images * tokensOfImage);
    const output = (maxTokens ?? 0) * answersOf(asked.body);
    const price = this.#targets.price(target);
    return Math.max(
      mostOf(price, [body, pictures], output),
      costOf(price, { input: this.#elsewhere(target, asked, body), output }),
    );
  }

  /** Tokens that a request may bring without a byte of them: no more than the window takes. */
  #elsewhere(target: string, asked: Asked, body: string): number {
    if (this.#of.maxUsd === null) return 0;
    if (hasPaidTools(asked.body)) throw new HarnessError(paidTools(target));
    if (!bringsReferences(body)) return 0;
    const window = this.#targets.context(target);
    if (window === null) throw new HarnessError(windowless(target));
    return window.tokens;
  }

  #tell(): void {
    const { requests, tokens, usd } = this.#budget.spent;
    this.#of.onSpent({ requests, tokens, usd: usd + this.#asideUsd });
  }
}

export function unpriced(target: string): string {
  const how = 'write it under models in firedrill/targets.yaml, or give --max-requests';
  return `--max-cost: nobody knows the price of ${target}: ${how}`;
}

function unbounded(target: string): string {
  const how = 'let the chain ask for max_tokens, or give --max-requests instead';
  return `--max-cost: a request to ${target} has no limit of tokens, so nobody knows what it may cost: ${how}`;
}

function paidTools(target: string): string {
  const how = 'leave them out, or give --max-requests instead';
  return `--max-cost: a request to ${target} has tools that the provider runs, at prices of their own: ${how}`;
}

function windowless(target: string): string {
  const how = 'write it under models in firedrill/targets.yaml, or give --max-requests instead';
  return `--max-cost: a request to ${target} brings files or an earlier answer by name, and nobody knows its context window: ${how}`;
}
