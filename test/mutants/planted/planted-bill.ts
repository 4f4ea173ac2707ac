// What a planted chain says that an answer took: the sum over all attempts, but for the mistakes
// with sums.
import type { Meta } from '../../../harness/chains/chain.ts';
import type { Usage } from '../../../harness/chains/target.ts';
import type { Mistake } from './mistakes.ts';

/** USD per million tokens, as the shipped targets file has them. */
const prices: Readonly<Record<string, Usage>> = {
  'openai/gpt-4o': { input: 2.5, output: 10 },
  'openai/gpt-4o-mini': { input: 0.15, output: 0.6 },
  'anthropic/claude-3-5-sonnet-latest': { input: 3, output: 15 },
};

/** What somebody thinks that a request costs which was turned down. */
const guessed = 400;

export class PlantedBill {
  readonly #mistake: Mistake | null;
  readonly #first: string;
  #attempts = 0;
  readonly #counted: { target: string; usage: Usage }[] = [];

  constructor(mistake: Mistake | null, first: string) {
    this.#mistake = mistake;
    this.#first = first;
  }

  asked(): void {
    this.#attempts++;
  }

  counted(target: string, usage: Usage): void {
    this.#counted.push({ target, usage });
  }

  failed(target: string): void {
    if (this.#mistake !== 'bills-failures') return;
    this.#counted.push({ target, usage: { input: guessed, output: 0 } });
  }

  meta(served: string | null): Pick<Meta, 'usage' | 'costUsd'> {
    const all = this.#mistake === 'counts-last-only' ? this.#counted.slice(-1) : this.#counted;
    return { usage: this.#usage(all), ...this.#cost(served) };
  }

  #usage(all: readonly { usage: Usage }[]): Usage {
    const sum = { input: 0, output: 0 };
    for (const { usage } of all) {
      sum.input += usage.input;
      sum.output += usage.output;
    }
    const absent = this.#attempts > this.#counted.length;
    if (absent && this.#mistake === 'adds-absent-usage') {
      return { input: Number.NaN, output: Number.NaN };
    }
    return sum;
  }

  #cost(served: string | null): Pick<Meta, 'costUsd'> {
    const asRequested = this.#mistake === 'prices-as-requested';
    if (this.#mistake === 'loses-cost' && served !== this.#first) return { costUsd: null };
    if (!asRequested && this.#mistake !== 'loses-cost') return {};
    let cost = 0;
    for (const { target, usage } of this.#counted) {
      const price = prices[asRequested ? this.#first : target];
      if (!price) return {};
      cost += (usage.input * price.input + usage.output * price.output) / 1e6;
    }
    return { costUsd: cost };
  }
}
