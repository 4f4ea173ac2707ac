// Answers for whatever a command asks: those of the workload where it asks one of its questions,
// and an authored one for any other. Every target has one: what is drilled is the way there.
import type { AnswerBook, KnownAnswer } from '../upstream/answer-book.ts';
import { createAnswerBook } from '../upstream/answer-book.ts';
import type { Sample } from '../workloads/workload.ts';
import { plainSample } from '../workloads/workload.ts';
import { anything } from './lanes.ts';

const sample: Sample = { ...plainSample, id: anything };

const text =
  'This is an authored answer: no model has seen the question. It has a few sentences, so that a ' +
  'stream can break off in the middle of them. What comes before its end is only a part of it.';

export function anyAnswer(book: AnswerBook): AnswerBook {
  const made = new Map<string, AnswerBook>();
  const standIn = (target: string): KnownAnswer | null => {
    const own = made.get(target) ?? bookOf(target);
    made.set(target, own);
    return own.find(anything, target, 0);
  };
  return {
    ...book,
    sample: (id) => (id === anything ? sample : book.sample(id)),
    turns: (id, target) => {
      const known = book.turns(id, target);
      return known.length > 0 ? known : [1];
    },
    find: (id, target, draw, turn) => book.find(id, target, draw, turn) ?? standIn(target),
  };
}

function bookOf(target: string): AnswerBook {
  return createAnswerBook({
    name: anything,
    provenance: 'authored',
    samples: [sample],
    recordings: [{ kind: 'authored', sample: anything, target, text, finish: 'stop' }],
  });
}
