// Answers that a fault bends: another sample's, garbled ones, none at all. The harness knows them
// as it knows the answers that it bends: ids, texts and scores of their own are in the history.
import type { AnswerChange, DegenerateForm, Effect, Quirks } from '../faults/effect.ts';
import type { Grader, Scored } from '../judge/grader.ts';
import { byChecks } from '../judge/grader.ts';
import type { Rng } from '../rng.ts';
import { stream } from '../rng.ts';
import type { Answer } from '../wires/wire.ts';
import type { Sample } from '../workloads/workload.ts';
import type { KnownAnswer } from './answer-book.ts';
import { garbled, proseOf, reasoningOf, spoiltJson } from './bent-text.ts';
import { limitedAnswer } from './limited-answer.ts';
import { inOtherLanguage } from './other-language.ts';
import { thoughtIn } from './thought-in.ts';
import { tokensOf } from './tokens.ts';
import { callsOf } from './tool-recording.ts';

/** Where answers to other questions and of other targets are to be had. */
export interface Others {
  /** The same target's answer to another question; null where there is none. */
  toAnother(): KnownAnswer | null;
  /** Another target's answer to the same question; throws where there is none. */
  of(target: string): KnownAnswer;
  /** What a bent text is worth; by plain checks where nothing else is said. */
  grade?: Grader;
}

/** An answer, and what has fired on it: without the changes that left it as it was. */
export interface Given<Rule extends { effect: Effect }> {
  known: KnownAnswer;
  fired: readonly Rule[];
}

/** The answer after every effect that changes what is said, in file order. */
export function changedAnswer<Rule extends { effect: Effect }>(
  known: KnownAnswer,
  sample: Sample,
  fired: readonly Rule[],
  others: Others,
): Given<Rule> {
  const worth: Worth = (text) => scoredBent(sample, text, others.grade ?? byChecks);
  let result = known;
  const kept = fired.filter(({ effect }) => {
    if (effect.kind === 'degenerate') result = degenerated(result, effect.form, worth);
    if (effect.kind !== 'answer') return true;
    const before = result;
    result = changed(result, effect.change, others, worth);
    return result !== before;
  });
  return { known: result, fired: kept };
}

/** An answer that no effect can change: one that the harness makes, or a recorded error. */
export function fixedAnswer<Rule extends { effect: Effect }>(
  known: KnownAnswer,
  fired: readonly Rule[],
): Given<Rule> {
  return { known, fired: fired.filter(({ effect }) => effect.kind !== 'answer') };
}

/** The score of a bent text. */
type Worth = (text: string) => Scored;

function changed(
  known: KnownAnswer,
  change: AnswerChange,
  others: Others,
  worth: Worth,
): KnownAnswer {
  const { answer } = known;
  const rng = stream(0, known.event.id, change.to);
  switch (change.to) {
    case 'other-sample': {
      const other = others.toAnother();
      return other ? reworded(known, other.answer.text, change.to, worth) : known;
    }
    case 'of': {
      const other = others.of(change.target);
      return reworded(known, other.answer.text, `of ${change.target}`, worth);
    }
    case 'garbled':
    case 'other-language':
    case 'invalid-json':
    case 'prose':
      return reworded(known, bendings[change.to](answer.text, rng), change.to, worth);
    case 'reasoned': {
      const reasoning = reasoningOf(change.tokens);
      const output = answer.usage.output + change.tokens;
      return withAnswer(known, 'reasoned', { reasoning, usage: { ...answer.usage, output } });
    }
    case 'limited': {
      const limited = limitedAnswer(answer, change.tokens);
      if (limited === null) return known;
      const spoken = limited.refusal ?? limited.text ?? '';
      return withAnswer(known, 'limited', limited, worth(spoken));
    }
    default:
      return change satisfies never;
  }
}

type Bending = 'garbled' | 'other-language' | 'invalid-json' | 'prose';

const bendings: Readonly<Record<Bending, (text: string, rng: Rng) => string>> = {
  garbled,
  'other-language': inOtherLanguage,
  'invalid-json': spoiltJson,
  prose: proseOf,
};

/** What the forms do to the answer; what they do to its rendering: `quirksOf`. */
function degenerated(known: KnownAnswer, form: DegenerateForm, worth: Worth): KnownAnswer {
  const silent = { text: '', toolCalls: [], refusal: null } as const;
  switch (form) {
    case 'empty':
    case 'null':
    case 'no-choices':
    case 'unknown-finish':
      return withAnswer(known, form, { ...silent, toolCalls: [], finish: 'stop' });
    case 'reasoning-only':
      return withAnswer(known, form, { ...thinking(known), finish: 'stop' });
    case 'length':
      return withAnswer(known, form, { ...thinking(known), finish: 'length' });
    case 'content-filter':
      return withAnswer(known, form, { ...silent, toolCalls: [], finish: 'content-filter' });
    case 'refusal': {
      const refused: Partial<Answer> = { text: '', toolCalls: [], refusal, finish: 'refusal' };
      return withAnswer(known, form, refused, worth(refusal));
    }
    case 'no-events':
    case 'html':
    case 'json':
    case 'wrong-width':
      return known;
    default:
      return form satisfies never;
  }
}

const refusal = "I'm sorry, but I can't help with that.";

function thinking({ answer }: KnownAnswer): Partial<Answer> {
  const reasoning = reasoningOf(Math.max(64, answer.usage.output));
  const usage = { ...answer.usage, output: tokensOf(reasoning) };
  return { text: '', toolCalls: [], refusal: null, reasoning, usage };
}

/** How a degenerate answer is rendered, beside what it says. */
export function quirksOf(form: DegenerateForm): Quirks {
  if (form === 'null') return { content: 'null' };
  if (form === 'no-choices') return { content: 'no-choices' };
  if (form === 'empty') return { vectors: 'empty' };
  if (form === 'wrong-width') return { vectors: 'half' };
  return form === 'unknown-finish' ? { finish: 'MALFORMED_FUNCTION_CALL' } : {};
}

/** Graded by the sample's checks; what only a person can grade is worth nothing once bent. */
function reworded(known: KnownAnswer, text: string, how: string, worth: Worth): KnownAnswer {
  if (text === known.answer.text) return known;
  return withAnswer(known, how, { text }, worth(text));
}

function scoredBent(sample: Sample, text: string, grade: Grader): Scored {
  return sample.checks.length > 0 || sample.judged ? grade(sample, text) : { score: 0 };
}

function withAnswer(
  { answer, event, span }: KnownAnswer,
  how: string,
  change: Partial<Answer>,
  scored: Scored = event,
): KnownAnswer {
  const id = `${event.id}!${how}`;
  const bent: Answer = { ...answer, ...change, id };
  const spoken = bent.refusal ?? bent.text;
  const { calls: _whole, unjudged: _nor, ...own } = event;
  const { score, unjudged } = scored;
  return {
    answer: bent,
    event: {
      ...own,
      ...callsOf(bent),
      ...thoughtIn(bent),
      id,
      kind: 'altered',
      text: spoken,
      refusal: bent.refusal !== null,
      score: spoken === '' ? null : score,
      ...(unjudged && spoken !== '' ? { unjudged } : {}),
    },
    exact: null,
    failure: null,
    ...(span ? { span } : {}),
  };
}
