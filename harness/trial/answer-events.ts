// What the caller got as an event of the history: text that a target is known to send is named, not
// written again.
import { grade } from '../checks/grade.ts';
import type { AnswerEvent, TextEvent } from '../history.ts';
import type { Sample } from '../workloads/workload.ts';
import type { Got } from './caller.ts';
import { isWellFormed } from './caller.ts';

export class AnswerEvents {
  readonly #degradeText: string | null;
  /** By sample, then by text. */
  readonly #known = new Map<string, Map<string, Pick<TextEvent, 'id' | 'score'>>>();

  constructor(degradeText: string | null) {
    this.#degradeText = degradeText;
  }

  know({ sample, text, id, score, calls }: TextEvent): void {
    // What goes with tool calls is no answer, whoever shows it as one.
    if (calls) return;
    const known = this.#known.get(sample) ?? new Map();
    if (!known.has(text)) known.set(text, { id, score });
    this.#known.set(sample, known);
  }

  of(call: number, sample: Sample, got: Got): AnswerEvent {
    const { at, text, kind, first, error, meta } = got;
    const same = this.#known.get(sample.id)?.get(text);
    // A polite reply is no malformed answer: it does not pretend to be one.
    const said = meta?.degraded === true || meta?.served === 'degraded';
    const polite = said || text === this.#degradeText;
    return {
      e: 'answer',
      t: at,
      call,
      kind,
      first,
      chars: text.length,
      ...(same ? { same: same.id } : text === '' ? {} : { text }),
      score: same ? same.score : scoreOf(sample, text),
      ...(polite || isWellFormed(sample, text) ? {} : { wellFormed: false as const }),
      ...(error ? { error } : {}),
      ...(meta ? { meta } : {}),
    };
  }
}

/** An empty text is worth nothing; one without checks is not scored. */
function scoreOf({ checks }: Sample, text: string): number | null {
  return checks.length === 0 ? null : grade(checks, text).score;
}
