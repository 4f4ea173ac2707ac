// What the caller got as an event of the history: text that a target is known to send is named, not
// written again.
import type { AnswerEvent, TextEvent } from '../history.ts';
import type { Grader, Scored } from '../judge/grader.ts';
import { byChecks } from '../judge/grader.ts';
import type { Sample } from '../workloads/workload.ts';
import type { Got } from './caller.ts';
import { isWellFormed } from './caller.ts';

export class AnswerEvents {
  readonly #degradeText: string | null;
  /** By sample, then by text. */
  readonly #known = new Map<string, Map<string, Known>>();
  readonly #grade: Grader;

  constructor(degradeText: string | null, grade: Grader = byChecks) {
    this.#degradeText = degradeText;
    this.#grade = grade;
  }

  know({ sample, text, id, score, unjudged, calls, unfinished }: TextEvent): void {
    // What goes with tool calls is no answer, whoever shows it as one.
    if (calls || unfinished) return;
    const known = this.#known.get(sample) ?? new Map();
    // As everywhere, white space at both ends is none of an answer.
    const words = text.trim();
    if (!known.has(words)) known.set(words, { id, score, ...(unjudged ? { unjudged } : {}) });
    this.#known.set(sample, known);
  }

  of(call: number, sample: Sample, got: Got): AnswerEvent {
    const { at, text, kind, first, error, meta } = got;
    const same = this.#known.get(sample.id)?.get(text.trim());
    // A polite reply is no malformed answer: it does not pretend to be one.
    const said = meta?.degraded === true || meta?.served === 'degraded';
    const polite = said || text.trim() === this.#degradeText?.trim();
    return {
      e: 'answer',
      t: at,
      call,
      kind,
      first,
      chars: text.length,
      ...(same ? { same: same.id } : text === '' ? {} : { text }),
      ...(same ? scoredAs(same) : this.#grade(sample, text)),
      ...(polite || isWellFormed(sample, text) ? {} : { wellFormed: false as const }),
      ...(error ? { error } : {}),
      ...(meta ? { meta } : {}),
    };
  }
}

type Known = Pick<TextEvent, 'id' | 'score' | 'unjudged'>;

function scoredAs({ score, unjudged }: Known): Scored {
  return unjudged ? { score, unjudged } : { score };
}
