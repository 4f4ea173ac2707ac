// What live attempts may cost: the budget of a command, around each request that is sent. What a
// chain asks for tells the most that it can cost; where nobody can tell, nothing is sent.
import { HarnessError } from '../errors.ts';
import type { Spent } from '../recordings/budget.ts';
import { Budget, LimitReached, mostOf } from '../recordings/budget.ts';
import { RunStopped } from '../upstream/live.ts';
import type { Targets } from '../upstream/targets.ts';
import { number, record } from '../wires/json.ts';
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

/** No image is more, whatever its detail. */
const tokensOfImage = 50_000;

export class Spending {
  readonly #of: SpendingOptions;
  readonly #budget: Budget;
  readonly #targets: Pick<Targets, 'price' | 'hasPrice'>;
  #asideUsd = 0;

  constructor(options: SpendingOptions, targets: Pick<Targets, 'price' | 'hasPrice'>) {
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
    const output = (maxTokens ?? 0) * choicesIn(asked);
    return mostOf(this.#targets.price(target), [body, pictures], output);
  }

  #tell(): void {
    const { requests, tokens, usd } = this.#budget.spent;
    this.#of.onSpent({ requests, tokens, usd: usd + this.#asideUsd });
  }
}

/** Every one of them may be as long as the limit allows. */
function choicesIn({ body }: Asked): number {
  const config = record(body.generationConfig);
  const many = number(body.n) ?? number(config?.candidateCount) ?? 1;
  return Math.max(1, many);
}

export function unpriced(target: string): string {
  const how = 'write it under models in firedrill/targets.yaml, or give --max-requests';
  return `--max-cost: nobody knows the price of ${target}: ${how}`;
}

function unbounded(target: string): string {
  const how = 'let the chain ask for max_tokens, or give --max-requests instead';
  return `--max-cost: a request to ${target} has no limit of tokens, so nobody knows what it may cost: ${how}`;
}
