// One finished call as the scorers see it: its events joined, its outcome judged.
// Built by join.ts from the history; dropped as soon as every scorer has seen it.
import type {
  AnswerEvent,
  AttemptEvent,
  CallEvent,
  CallerEvent,
  EffectEvent,
  EndEvent,
  HungEvent,
  ReplyEvent,
  TextEvent,
  ToolEvent,
} from '../history.ts';
import type { Outcome } from './outcomes.ts';

export type { Outcome };

export interface AttemptRecord {
  start: AttemptEvent;
  /** provider/model */
  target: string;
  effects: EffectEvent[];
  reply: ReplyEvent | null;
  end: EndEvent | null;
}

export interface CallRecord {
  call: CallEvent;
  attempts: AttemptRecord[];
  answer: AnswerEvent | null;
  hung: HungEvent | null;
  /** What the caller did instead of waiting for the outcome; null: it waited. */
  caller: CallerEvent | null;
  /** When the chain let go of a call that its caller had left; null: never, or nobody left. */
  releasedAt: number | null;
  outcome: Outcome;
  /** One sentence: why this outcome. */
  because: string;
  /** The text that the caller got, '' where none. */
  text: string;
  /** The attempt whose answer the caller got; null for errors, cache, degradation, own finds. */
  servedBy: AttemptRecord | null;
  /** The call whose answer a cached one is; null where it is not cached or not known. */
  cachedFrom: number | null;
  /** What the primary would have sent for this sample; null where it has no answer. */
  healthy: TextEvent | null;
  /** The tools that the chain ran for it, in order; absent where none. */
  tools?: ToolEvent[];
}
