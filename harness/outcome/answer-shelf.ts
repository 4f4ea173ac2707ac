// The answers that targets have, as far as a history has told; a leaf of the join.
import type { CallEvent, TextEvent } from '../history.ts';

export interface AnswerShelf {
  put(event: TextEvent): void;
  get(id: string): TextEvent | undefined;
  /** Whether some target has this text, without white space at both ends, as an answer. */
  has(text: string): boolean;
  answersTo(sample: string): readonly TextEvent[];
  /** What the primary sends for a call when it is well. */
  healthy(call: CallEvent): TextEvent | null;
}

/** `primary`: provider/model. */
export function createAnswerShelf(primary: string): AnswerShelf {
  const byId = new Map<string, TextEvent>();
  const bySample = new Map<string, TextEvent[]>();
  const texts = new Set<string>();
  const answersTo = (sample: string): readonly TextEvent[] => bySample.get(sample) ?? [];
  return {
    put(event) {
      if (byId.has(event.id)) return;
      byId.set(event.id, event);
      // What goes with tool calls is not yet an answer to the sample, and half of one is none.
      if (event.calls || event.unfinished) return;
      texts.add(event.text.trim());
      const list = bySample.get(event.sample);
      if (list) list.push(event);
      else bySample.set(event.sample, [event]);
    },
    get: (id) => byId.get(id),
    has: (text) => texts.has(text),
    answersTo,
    healthy({ sample, healthy }) {
      const own = healthy === undefined ? undefined : byId.get(healthy);
      const isOwn = (event: TextEvent): boolean =>
        event.target === primary && event.kind !== 'altered' && event.kind !== 'continuation';
      return own ?? answersTo(sample).findLast(isOwn) ?? null;
    },
  };
}
