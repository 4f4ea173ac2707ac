// What happened to one call: every attempt in order, for the caller and for the error.
import type { Hop, Meta } from '../../../harness/api.ts';
import type { Failure } from './failure.ts';

export class Story {
  readonly hops: Hop[] = [];
  served: string | null = null;
  #primary: Failure | null = null;
  #last: Failure | null = null;

  /** Notes a failed attempt, and gives it back. */
  failed(target: string, failure: Failure): Failure {
    this.hops.push({ target, outcome: failure.outcome });
    this.#primary ??= failure;
    this.#last = failure;
    return failure;
  }

  /** A target was not asked, because of what earlier calls had seen of it. */
  skipped(target: string, because: Failure | null): void {
    this.hops.push({ target, outcome: `skipped after ${because?.outcome ?? 'failures'}` });
    this.#primary ??= because;
  }

  answered(target: string, outcome = 'complete'): void {
    this.hops.push({ target, outcome });
    this.served = target;
  }

  meta(): Meta {
    return { ...(this.served ? { served: this.served } : {}), hops: this.hops };
  }

  /** The one error for a caller who gets no answer: the first target's cause, and all attempts. */
  error(): NoAnswer {
    const tried = this.hops.map(({ target, outcome }) => `${target} (${outcome})`).join(', ');
    return new NoAnswer(
      `no target answered: ${tried || 'none was asked'}`,
      this.#primary,
      this.hops,
    );
  }

  /** The one error for a caller who has read a part of an answer that broke off. */
  brokenOff(): NoAnswer {
    const { target = 'the target', outcome } = this.hops.at(-1) ?? {};
    return new NoAnswer(`the answer of ${target} broke off (${outcome})`, this.#last, this.hops);
  }
}

export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  readonly attempts: Hop[];

  constructor(message: string, failure: Failure | null, attempts: Hop[]) {
    super(message, { cause: failure?.cause });
    this.attempts = attempts;
  }
}
