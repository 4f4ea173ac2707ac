// What the reference chain tells of itself while it works: a hook beside its answers, for logs,
// counters and spans. No decision rests on it. A leaf.
import type { Usage } from './target.ts';

/**
 * call: a question has come. hit: a cache answers it. no-vectors: the semantic cache could not
 * be asked. attempt, ended: one request to a target, and what came of it. retry: the same target
 * is asked again. fallback: another target is asked after one has failed. skip: a target is
 * passed over without being asked. breaker: a target's breaker has changed. The last one of a
 * call is hit, answered, degrade (it gets the polite reply) or failed.
 */
export type ChainEventKind =
  | 'call'
  | 'hit'
  | 'no-vectors'
  | 'attempt'
  | 'ended'
  | 'retry'
  | 'fallback'
  | 'skip'
  | 'breaker'
  | 'degrade'
  | 'answered'
  | 'failed';

/** Targets are labelled `provider/model`, further ones of the same name `provider/model #2`. */
export interface ChainEvent {
  /** Epoch ms. */
  at: number;
  kind: ChainEventKind;
  /** Which call of this chain it belongs to, from 1. */
  call: number;
  /** The target that was left, or passed over; null where none was. */
  from: string | null;
  /** The target that is asked, has ended, answered, or whose breaker it is. */
  to: string | null;
  /** Why: what the failure was, which cache, what the breaker is now. */
  reason: string | null;
  /** Of `ended`: whether it failed. */
  failed?: boolean;
  /** Of `ended` and `answered`: tokens, as far as they were counted. */
  usage?: Usage;
  /** Of `retry`: ms until it is asked. */
  waitMs?: number;
  /** Of `hit`: how old the answer is, and how near the question (1: the same words). */
  ageMs?: number;
  similarity?: number;
}

export type OnEvent = (event: ChainEvent) => void;

/** What a kind says beside the call that it belongs to. */
export type Told = Pick<ChainEvent, 'kind'> & Partial<Omit<ChainEvent, 'at' | 'call' | 'kind'>>;

/** Tells of one call. */
export type Tell = (told: Told) => void;

/**
 * For one call. A hook that throws is nobody's failure: it is not called for the sake of the
 * answer, and the answer does not depend on it.
 */
export function tellOf(onEvent: OnEvent | null, call: number, at: () => number): Tell {
  if (onEvent === null) return () => {};
  return (told) => {
    try {
      onEvent({ from: null, to: null, reason: null, ...told, at: at(), call });
    } catch {
      // It has its own ways to complain.
    }
  };
}
