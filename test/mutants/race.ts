// A desk that asks several targets side by side and shows the first whole answer.
import type { ChainAnswer, Question } from '../../harness/api.ts';
import type { Answer, Call } from './desk.ts';
import { Desk } from './desk.ts';

export abstract class Race extends Desk {
  override async answer(question: Question, signal: AbortSignal): Promise<ChainAnswer> {
    signal.throwIfAborted();
    const over = new AbortController();
    const call = this.begun(question, AbortSignal.any([signal, over.signal]));
    try {
      const { text } = await Promise.any(this.lanes(call));
      return { text, meta: {} };
    } catch (error) {
      throw error instanceof AggregateError ? error.errors[0] : error;
    } finally {
      over.abort();
    }
  }

  abstract lanes(call: Call): Promise<Answer>[];
}
