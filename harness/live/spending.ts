// What live attempts may cost: the budget of a command, around each request that is sent. What a
// chain asks for tells the most that it can cost; where nobody can tell, nothing is sent.
import { HarnessError } from '../errors.ts';
import type { Spent } from '../recordings/budget.ts';
import { Budget, LimitReached } from '../recordings/budget.ts';
import type { Priced } from '../recordings/request-cost.ts';
import { countedOf, mostOfRequest } from '../recordings/request-cost.ts';
import { RunStopped } from '../upstream/live.ts';
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

export class Spending {
  readonly #of: SpendingOptions;
  readonly #budget: Budget;
  readonly #targets: Priced;

  constructor(options: SpendingOptions, targets: Priced) {
    const { maxUsd, maxRequests, spent } = options;
    this.#of = options;
    this.#targets = targets;
    this.#budget = new Budget(maxUsd, maxRequests, spent);
  }

  /**
   * Throws RunStopped where a limit would be exceeded; HarnessError where nobody knows what the
   * request may cost, and there is a limit of it.
   */
  take(target: string, asked: Asked, body: string, call: number | null): Aside {
    const known = mostOfRequest(asked, body, target, this.#targets);
    if (typeof known === 'string' && this.#of.maxUsd !== null) {
      throw new HarnessError(noLimit(`a request to ${target}: ${known}`));
    }
    const most = typeof known === 'string' ? null : known;
    const mostUsd = most?.usd ?? 0;
    try {
      this.#budget.take(mostUsd);
    } catch (error) {
      if (error instanceof LimitReached) throw new RunStopped(error.message, call);
      throw error;
    }
    this.#tell();
    const price = most?.price ?? this.#targets.price(target);
    return {
      settle: (usage) => {
        this.#budget.settle(mostUsd, price, usage && countedOf(most, usage));
        this.#tell();
      },
    };
  }

  #tell(): void {
    this.#of.onSpent(this.#budget.atMost());
  }
}

export function unpriced(target: string): string {
  const how = 'write it under models in firedrill/targets.yaml';
  return noLimit(`nobody knows the price of ${target}: ${how}`);
}

const noLimit = (why: string): string => `--max-cost: ${why}; or give --max-requests instead`;
