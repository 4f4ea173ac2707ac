// The caches of a chain: the same words before any target is asked, and other words before them or
// behind them all. By likeness a near miss is taken for the same question now and then, so that
// such an answer is better than none and worse than asking: `last` is the rule.
import type { CachedAnswer } from './answer-cache.ts';
import { AnswerCache } from './answer-cache.ts';
import { Breaker } from './breaker.ts';
import type { Question } from './chain.ts';
import type { Embedder } from './embedder.ts';
import type { Looking } from './semantic-cache.ts';
import { SemanticCache } from './semantic-cache.ts';
import type { ReferenceSettings } from './settings.ts';

type Found = CachedAnswer | null;

export class Caches {
  readonly #exact: AnswerCache | null;
  readonly #semantic: SemanticCache | null;
  readonly #asksFirst: boolean;

  constructor(exact: AnswerCache | null, semantic: SemanticCache | null, asksFirst: boolean) {
    this.#exact = exact;
    this.#semantic = semantic;
    this.#asksFirst = asksFirst;
  }

  /** Null where a chain has none. */
  static of({ cache, breaker }: ReferenceSettings, embedder: Embedder | null): Caches | null {
    if (!cache) return null;
    const { semantic } = cache;
    const exact = cache.exact ? new AnswerCache(cache) : null;
    if (!semantic || !embedder) return new Caches(exact, null, false);
    const { threshold, timeoutMs, ask } = semantic;
    const own = breaker ? new Breaker(breaker, timeoutMs) : null;
    const likeness = new SemanticCache(cache, threshold, embedder, own);
    return new Caches(exact, likeness, ask === 'first');
  }

  /** Before any target is asked. A promise only where there are vectors to wait for. */
  first(call: Looking): Found | Promise<Found> {
    const same = this.#exact?.find(call.question) ?? null;
    if (same) call.tell({ kind: 'hit', reason: 'exact', ageMs: same.ageMs, similarity: 1 });
    return same || !this.#asksFirst ? same : this.#near(call);
  }

  /** Once no target has answered. */
  last(call: Looking): Promise<Found> {
    return this.#asksFirst ? Promise.resolve(null) : this.#near(call);
  }

  keep(question: Question, text: string): void {
    this.#exact?.keep(question, text);
    this.#semantic?.keep(question, text);
  }

  async #near(call: Looking): Promise<Found> {
    const near = (await this.#semantic?.find(call)) ?? null;
    if (near) {
      const { ageMs, similarity } = near;
      call.tell({ kind: 'hit', reason: 'semantic', ageMs, similarity });
    }
    return near;
  }
}
