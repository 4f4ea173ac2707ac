// What one trial of `portability` shows, from its history and from the requests beside it.
import type { JudgedEvent } from '../history.ts';
import { textHash } from '../judge/judged-check.ts';
import type { AttemptRecord, CallRecord } from '../outcome/call-record.ts';
import { effectMember } from '../outcome/effect-member.ts';
import { createJoin } from '../outcome/join.ts';
import { presentedAsSuccess, usable } from '../outcome/outcome-kinds.ts';
import { linesOf, readHistory } from '../run/history-file.ts';
import type { RequestLine } from '../run/request-file.ts';
import { viewOf } from '../trial/setting.ts';

/** Whom a chain asked in a trial in which nothing answered. */
export interface Asking {
  primary: string;
  /** As the chain itself says; else empty. */
  declared: string[];
  /** In the order in which they were first asked. */
  asked: string[];
}

export function readAsking(file: string): Asking {
  const asking: Asking = { primary: '', declared: [], asked: [] };
  const asked = new Set<string>();
  for (const event of readHistory(file)) {
    if (event.e === 'trial') {
      asking.primary = event.primary;
      asking.declared = event.targets ?? [];
    } else if (event.e === 'attempt' && !event.vectors) {
      asked.add(`${event.provider}/${event.model}`);
    }
  }
  return { ...asking, asked: [...asked] };
}

/**
 * answered: its answer reached the caller whole; damaged: a part of it, or another than it sent;
 * refused: it would not answer; failed: it was asked, and the caller got nothing of it;
 * not-asked: the chain never got to it; other: somebody else served.
 */
export type CellStatus = 'answered' | 'damaged' | 'refused' | 'failed' | 'not-asked' | 'other';

/** What came of one prompt where only one target is in reach. */
export interface Got {
  sample: string;
  status: CellStatus;
  /** What the user's answer is worth: 0 where nothing of use came; null where nothing can tell. */
  score: number | null;
  /** What the healthy primary would have sent for this very call; null where it is not scored. */
  healthy: number | null;
  /** As the caller got it. */
  text: string;
  /** What went wrong; null where nothing did. */
  why: string | null;
  wellFormed: boolean;
  /** What the judge said of this very text. */
  judged: JudgedEvent[];
  /** The provider's objection by attempt, for attempts at the target. */
  objections: Map<number, string>;
  attempts: number[];
}

export function* readAnswers(file: string, target: string): Generator<Got> {
  const done: Got[] = [];
  const verdicts: JudgedEvent[] = [];
  let join: ReturnType<typeof createJoin> | null = null;
  for (const event of readHistory(file)) {
    if (event.e === 'trial') {
      join = createJoin(viewOf(event), (record) => done.push(gotOf(record, target, verdicts)));
    } else if (event.e === 'judged') verdicts.push(event);
    join?.event(event);
    yield* done.splice(0);
  }
  join?.end();
  yield* done;
}

function gotOf(record: CallRecord, target: string, verdicts: readonly JudgedEvent[]): Got {
  const { answer, healthy, text, call } = record;
  const own = record.attempts.filter((attempt) => attempt.target === target);
  const status = statusOf(record, own, target);
  const hash = textHash(text);
  const objections = new Map<number, string>();
  for (const { effects, start } of own) {
    const message = effects.flatMap(objectionOf)[0];
    if (message !== undefined) objections.set(start.attempt, message);
  }
  return {
    sample: call.sample,
    status,
    score: scoreOf(status, answer?.score ?? null),
    healthy: healthy?.score ?? null,
    text: status === 'failed' || status === 'not-asked' ? '' : text,
    why: status === 'answered' ? null : whyOf(record, own, objections),
    wellFormed: answer?.wellFormed !== false,
    judged: verdicts.filter((one) => one.sample === call.sample && one.hash === hash),
    objections,
    attempts: own.map(({ start }) => start.attempt),
  };
}

function statusOf(record: CallRecord, own: AttemptRecord[], target: string): CellStatus {
  const { outcome, servedBy } = record;
  if (servedBy && servedBy.target !== target) return 'other';
  if (own.length === 0) return 'not-asked';
  if (usable.has(outcome)) return 'answered';
  if (outcome === 'refused') return 'refused';
  return presentedAsSuccess.has(outcome) ? 'damaged' : 'failed';
}

function scoreOf(status: CellStatus, score: number | null): number | null {
  if (status === 'not-asked' || status === 'other') return null;
  if (status === 'failed') return 0;
  return status === 'answered' ? score : (score ?? 0);
}

function whyOf(
  { because, answer, outcome, servedBy }: CallRecord,
  own: AttemptRecord[],
  objections: ReadonlyMap<number, string>,
): string {
  if (servedBy && own.length === 0) return `${servedBy.target} served it`;
  if (own.length === 0) return 'the chain never asked it';
  const [objection] = objections.values();
  if (objection !== undefined) return `rejected: ${objection}`;
  if (answer?.error) return `${answer.error.name}: ${answer.error.message}`;
  return `${outcome}: ${because}`;
}

/** What the provider itself held against a request. */
function objectionOf({ rule, effect }: { rule: number; effect: unknown }): string[] {
  if (rule !== -1) return [];
  const message = effectMember(effect, 'rejection', 'message');
  return [String(message ?? effectMember(effect, 'rejection', 'reason'))];
}

/** The requests of a trial by the number of their attempt, one after the other. */
export function* readRequests(file: string): Generator<RequestLine> {
  for (const line of linesOf(file)) yield JSON.parse(line);
}
