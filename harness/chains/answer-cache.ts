// Answers to questions that were asked before, word for word. Only what a model finished by itself
// is kept: a broken, cut, refused or polite reply would be served long after the outage.
import { LRUCache } from 'lru-cache';
import type { Question } from './chain.ts';
import type { CacheSettings } from './settings.ts';
import { now } from './time.ts';

export interface CachedAnswer {
  text: string;
  ageMs: number;
}

export class AnswerCache {
  readonly #answers: LRUCache<string, { text: string; at: number }>;

  constructor({ ttlMs, maxEntries }: CacheSettings) {
    // The cache looks at the clock at every use: by default it would keep timers of its own.
    this.#answers = new LRUCache({ max: maxEntries, ttl: ttlMs, ttlResolution: 0, perf: { now } });
  }

  find(question: Question): CachedAnswer | null {
    const answer = this.#answers.get(keyOf(question));
    return answer ? { text: answer.text, ageMs: Math.round(now() - answer.at) } : null;
  }

  keep(question: Question, text: string): void {
    this.#answers.set(keyOf(question), { text, at: now() });
  }
}

function keyOf({ system, prompt, schema }: Question): string {
  return JSON.stringify([system, prompt, schema]);
}
