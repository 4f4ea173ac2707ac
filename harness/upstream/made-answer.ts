// An answer that the harness makes itself, where a wire gives vectors and no text. It is authored:
// no provider ever sent it. The history has no text of it, since no caller could have read it.
import type { Answer } from '../wires/wire.ts';
import type { KnownAnswer } from './answer-book.ts';

export function madeAnswer(answer: Answer, target: string): KnownAnswer {
  return {
    answer,
    event: {
      e: 'text',
      id: answer.id,
      sample: '',
      target,
      kind: 'authored',
      text: '',
      score: null,
      refusal: false,
    },
    exact: null,
    failure: null,
    vectors: true,
  };
}

/**
 * What whoever asks outside every call is told, where that is no mistake: a process of somebody's
 * may probe its providers, and finish for a caller of an earlier trial.
 */
export function strayAnswer(target: string): KnownAnswer {
  const usage = { input: 1, output: 8, estimated: true };
  const text = 'No call of this drill asked that.';
  const answer = { id: 'stray', text, reasoning: '', toolCalls: [], refusal: null, usage };
  return madeAnswer({ ...answer, finish: 'stop' }, target);
}
