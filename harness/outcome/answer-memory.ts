// Which earlier call got which text: how a cached answer is known. Answers of targets are few
// and all kept; words that no target sent may differ from call to call, so only the last are kept.
import { LRUCache } from 'lru-cache';
import type { Outcome } from './call-record.ts';

export interface Earlier {
  call: number;
  sample: string;
  outcome: Outcome;
  /** Whether a target has the text as an answer; else it is the chain's making. */
  known: boolean;
}

export interface AnswerMemory {
  put(text: string, earlier: Earlier): void;
  /** The last call of this sample that got the text, else of any. */
  find(text: string, sample: string): Earlier | null;
}

const oddOnesKept = 4_096;

export function createAnswerMemory(): AnswerMemory {
  const bySample = new Map<string, Map<string, Earlier>>();
  const any = new Map<string, Earlier>();
  // Most trials have none, and making one takes room for all.
  let odd: LRUCache<string, Earlier> | null = null;
  return {
    put(text, earlier) {
      if (!earlier.known) {
        odd ??= new LRUCache({ max: oddOnesKept });
        odd.set(text, earlier);
        return;
      }
      any.set(text, earlier);
      const own = bySample.get(earlier.sample);
      if (own) own.set(text, earlier);
      else bySample.set(earlier.sample, new Map([[text, earlier]]));
    },
    find(text, sample) {
      return bySample.get(sample)?.get(text) ?? odd?.get(text) ?? any.get(text) ?? null;
    },
  };
}
