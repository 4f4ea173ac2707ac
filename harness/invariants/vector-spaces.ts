// Which model has made vectors of what. Two models have nothing in common but perhaps the width: a
// text of the one is found by a question in the other only by chance. A chain that keeps its
// documents elsewhere shows none of them; then nothing can be said.
import type { AttemptEvent, EndEvent, HistoryEvent } from '../history.ts';
import { OpenMap } from '../open-map.ts';
import type { AttemptRecord, CallRecord } from '../outcome/call-record.ts';
import { usable } from '../outcome/outcome-kinds.ts';
import { broughtSoundVectors } from '../outcome/steps.ts';

/** The documents of one model: a list of texts, or what was asked for before any call. */
export interface Documents {
  target: string;
  /** When they were first there, ms since the trial's start, and by which attempt. */
  at: number;
  attempt: number;
  /** Whether another model had just failed that was asked before. */
  standIn: string | null;
}

export interface Spaces {
  open: OpenMap<AttemptEvent>;
  /** By provider/model. */
  documents: Map<string, Documents>;
  /** Who failed to give vectors last, and has given none since; null: nobody. */
  failed: string | null;
}

export function noSpaces(): Spaces {
  return { open: new OpenMap(), documents: new Map(), failed: null };
}

export function seeVectors(spaces: Spaces, event: HistoryEvent): void {
  if (event.e === 'attempt') {
    if (event.vectors) spaces.open.set(event.attempt, event);
    return;
  }
  if (event.e !== 'end') return;
  const start = spaces.open.get(event.attempt);
  if (!start) return;
  spaces.open.delete(event.attempt);
  take(spaces, start, event);
}

function take(spaces: Spaces, start: AttemptEvent, { marker, t }: EndEvent): void {
  const target = `${start.provider}/${start.model}`;
  const { documents, failed } = spaces;
  if (!marker) {
    spaces.failed = target;
    return;
  }
  const isList = (start.inputs ?? 1) > 1 || start.call === null;
  if (isList && !documents.has(target)) {
    const standIn = failed === null || failed === target ? null : failed;
    documents.set(target, { target, at: t, attempt: start.attempt, standIn });
  }
  if (failed === target) spaces.failed = null;
}

/** A question in one space whose answer was found among documents of another. */
export interface Mixed {
  asked: AttemptRecord;
  among: Documents;
}

/** Null where the question's own model has documents, or nobody has any that one knows of. */
export function mixedIn({ documents }: Spaces, record: CallRecord): Mixed | null {
  const { attempts, outcome } = record;
  const asked = attempts.findLast(broughtSoundVectors);
  if (!asked || !usable.has(outcome) || documents.has(asked.target)) return null;
  // Who wrote the answer with a model may have looked elsewhere.
  if (attempts.some(({ start }) => !start.vectors)) return null;
  const among = [...documents.values()].findLast(({ at }) => at <= asked.start.t);
  return among ? { asked, among } : null;
}

/** How many vectors were asked for at all, so that a rule knows whether it was put to the test. */
export function searched({ attempts }: CallRecord): boolean {
  return attempts.some(({ start }) => start.vectors === true);
}
