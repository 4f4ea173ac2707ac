// Answers to questions that were asked before in other words: near enough by the vectors of an
// embedding model, and alike in what vectors are blind to. Two questions with other numbers in them
// are two questions, however near they are, and so are two under other instructions; a critical
// question is never answered by likeness.
//
// Nobody waits for vectors without a question to compare with: those of earlier questions are
// fetched together with the first one that may be like them. Where that fails, the call goes on.
import { LRUCache } from 'lru-cache';
import type { CachedAnswer } from './answer-cache.ts';
import type { Breaker } from './breaker.ts';
import { isUnwell } from './breaker.ts';
import type { Question } from './chain.ts';
import type { Tell } from './chain-event.ts';
import type { Deadline } from './deadline.ts';
import type { Embedder } from './embedder.ts';
import { cosine } from './embedder.ts';
import { failureOf } from './failure.ts';
import type { CacheSettings } from './settings.ts';
import { now } from './time.ts';
import type { Walk } from './walk.ts';

interface Kept {
  prompt: string;
  text: string;
  at: number;
  vector: Float32Array | null;
}

/** The call that looks for an answer. */
export interface Looking {
  question: Question;
  signal: AbortSignal;
  walk: Walk;
  deadline: Deadline;
  tell: Tell;
}

/** Of questions that are alike but for their words, the newest. */
const mostAlike = 32;

export class SemanticCache {
  /** By what must be the same; the newest last. */
  readonly #kept: LRUCache<string, Kept[]>;
  readonly #ttlMs: number;
  readonly #threshold: number;
  readonly #embedder: Embedder;
  readonly #breaker: Breaker | null;

  /** `breaker`: the embedding model's own; null: it is asked whatever became of it. */
  constructor(
    { ttlMs, maxEntries }: CacheSettings,
    threshold: number,
    embedder: Embedder,
    breaker: Breaker | null,
  ) {
    this.#kept = new LRUCache({ maxSize: maxEntries, sizeCalculation: ({ length }) => length });
    this.#ttlMs = ttlMs;
    this.#threshold = threshold;
    this.#embedder = embedder;
    this.#breaker = breaker;
  }

  /** The answer to the nearest question. Throws only the caller's own reason. */
  async find(call: Looking): Promise<(CachedAnswer & { similarity: number }) | null> {
    const { question, deadline } = call;
    if (question.critical || deadline.leftMs() <= 0) return null;
    const alike = this.#alike(question);
    if (alike.length === 0) return null;
    const own = await this.#vectorsFor(call, alike);
    if (!own) return null;
    let best: { kept: Kept; similarity: number } | null = null;
    for (const kept of alike) {
      if (kept.vector?.length !== own.length) continue;
      const similarity = cosine(own, kept.vector);
      if (similarity >= Math.max(this.#threshold, best?.similarity ?? 0)) {
        best = { kept, similarity };
      }
    }
    if (!best) return null;
    const { kept, similarity } = best;
    return { text: kept.text, ageMs: Math.round(now() - kept.at), similarity };
  }

  /** A whole answer of one target. */
  keep(question: Question, text: string): void {
    if (question.critical) return;
    const { prompt } = question;
    const others = this.#alike(question).filter((kept) => kept.prompt !== prompt);
    const kept = { prompt, text, at: now(), vector: null };
    this.#kept.set(scopeOf(question), [...others, kept].slice(-mostAlike));
  }

  #alike(question: Question): Kept[] {
    const kept = this.#kept.get(scopeOf(question)) ?? [];
    return kept.filter(({ at }) => now() - at <= this.#ttlMs);
  }

  /** The vector of a question, with those that its like still lack; null: there are none. */
  async #vectorsFor(
    { question: { prompt }, signal, walk, deadline, tell }: Looking,
    alike: readonly Kept[],
  ): Promise<Float32Array | null> {
    const { name } = this.#embedder;
    const lacking = alike.filter(({ vector }) => vector === null);
    const change = (state: string): void => tell({ kind: 'breaker', to: name, reason: state });
    const watch = this.#breaker?.begin(change) ?? null;
    if (this.#breaker && !watch) {
      tell({ kind: 'no-vectors', to: name, reason: `breaker open: ${this.#breaker.reason}` });
      return null;
    }
    try {
      const texts = [prompt, ...lacking.map((kept) => kept.prompt)];
      const { vectors, usage } = await this.#embedder.embed(texts, signal, deadline.leftMs());
      if (usage) walk.billed(usage);
      watch?.answered();
      const [own, ...others] = vectors;
      lacking.forEach((kept, index) => {
        kept.vector = others[index] ?? null;
      });
      return own ?? null;
    } catch (error) {
      if (signal.aborted) {
        watch?.nothing();
        throw signal.reason;
      }
      const failure = failureOf(error);
      if (isUnwell(failure)) watch?.ill(failure.outcome);
      else watch?.replied();
      walk.hops.push({ target: name, outcome: failure.outcome });
      tell({ kind: 'no-vectors', to: name, reason: failure.outcome });
      return null;
    }
  }
}

const numbers = /\p{N}+/gu;

/** What two questions must have in common, whatever their words. */
function scopeOf({ system, prompt, schema }: Question): string {
  return JSON.stringify([system, schema, (prompt.match(numbers) ?? []).sort()]);
}
