// The caches of a chain, in the order in which they are asked: the same words, then other words.
import type { CachedAnswer } from './answer-cache.ts';
import { AnswerCache } from './answer-cache.ts';
import { Breaker } from './breaker.ts';
import type { Question } from './chain.ts';
import type { Tell } from './chain-event.ts';
import type { Embedder } from './embedder.ts';
import { SemanticCache } from './semantic-cache.ts';
import type { ReferenceSettings } from './settings.ts';
import type { Walk } from './walk.ts';

export class Caches {
  readonly #exact: AnswerCache | null;
  readonly #semantic: SemanticCache | null;

  constructor(exact: AnswerCache | null, semantic: SemanticCache | null) {
    this.#exact = exact;
    this.#semantic = semantic;
  }

  /** Null where a chain has none. */
  static of({ cache, breaker }: ReferenceSettings, embedder: Embedder | null): Caches | null {
    if (!cache) return null;
    const { semantic } = cache;
    const exact = cache.exact ? new AnswerCache(cache) : null;
    if (!semantic || !embedder) return new Caches(exact, null);
    const { threshold, timeoutMs } = semantic;
    const own = breaker ? new Breaker(breaker, timeoutMs) : null;
    const likeness = new SemanticCache(cache, threshold, embedder, own);
    return new Caches(exact, likeness);
  }

  /** A promise only where there are vectors to wait for. */
  find(
    question: Question,
    signal: AbortSignal,
    walk: Walk,
    tell: Tell,
  ): CachedAnswer | null | Promise<CachedAnswer | null> {
    const same = this.#exact?.find(question) ?? null;
    if (same) tell({ kind: 'hit', reason: 'exact', ageMs: same.ageMs, similarity: 1 });
    if (same || !this.#semantic) return same;
    return this.#semantic.find(question, signal, walk, tell).then((near) => {
      if (near) {
        const { ageMs, similarity } = near;
        tell({ kind: 'hit', reason: 'semantic', ageMs, similarity });
      }
      return near;
    });
  }

  keep(question: Question, text: string): void {
    this.#exact?.keep(question, text);
    this.#semantic?.keep(question, text);
  }
}
