// A call whose answers call tools is a session of several turns. A step is a turn that a target
// brought whole and that asks for tools. What it says beside may be shown to the caller before the
// answer: in order and once, that is no answer glued to another.
import type { TextEvent } from '../history.ts';
import type { AttemptRecord, CallRecord } from './call-record.ts';
import type { Evidence } from './evidence.ts';
import { isOverBy, textOf } from './evidence.ts';

/** Whether an attempt brought tool calls to their end, for all that one saw of it. */
export function isStep({ reply, end }: AttemptRecord): boolean {
  if ((reply?.calls ?? 0) === 0) return false;
  return end === null || (end.marker && end.inBand === null);
}

/** The steps that the serving attempt rests on: the last one of each turn before its own. */
export function stepsOf({ attempts, servedBy }: CallRecord): AttemptRecord[] {
  const until = servedBy?.start.turn ?? 1;
  if (until === 1) return [];
  const steps = new Map<number, AttemptRecord>();
  for (const attempt of attempts) {
    const { turn = 1 } = attempt.start;
    if (turn < until && isStep(attempt)) steps.set(turn, attempt);
  }
  return [...steps.values()];
}

interface Shown {
  attempt: AttemptRecord;
  turn: number;
  text: string;
}

/** A text without what went with tool calls, and the attempts that the rest may be of. */
export interface WithoutSteps {
  rest: string;
  others: readonly AttemptRecord[];
  /** Where what two attempts said in the same turn was shown one after the other. */
  twice: { because: string; by: AttemptRecord } | null;
}

export function withoutSteps(evidence: Evidence, text: string): WithoutSteps {
  const { attempts, until } = evidence;
  const all: WithoutSteps = { rest: text, others: attempts, twice: null };
  if (!attempts.some(({ reply }) => reply?.calls)) return all;
  // An answer may begin as a step does.
  if (attempts.some((attempt) => isAnswer(textOf(evidence, attempt), text))) return all;
  const steps = attempts.filter((attempt) => isStep(attempt) && isOverBy(attempt, until));
  const shown: Shown[] = [];
  let rest = text;
  for (const attempt of steps) {
    const said = saidIn(evidence, attempt).find((one) => one !== '' && placeOf(one, rest) >= 0);
    if (said === undefined) continue;
    const at = placeOf(said, rest);
    shown.push({ attempt, turn: attempt.start.turn ?? 1, text: said });
    rest = `${rest.slice(0, at).trimEnd()}\n${rest.slice(at + said.length).trimStart()}`.trim();
  }
  const twice = twiceIn(shown);
  // Nothing but steps: what was shown as the answer is a part of what should have come.
  if (rest === '') return { ...all, rest: shown.at(-1)?.text ?? text, twice };
  return { rest, others: attempts.filter((attempt) => !steps.includes(attempt)), twice };
}

/** What a step said; first with its beginning, where another attempt of the turn broke off. */
function saidIn(evidence: Evidence, step: AttemptRecord): string[] {
  const event = textOf(evidence, step);
  const said = event?.text ?? '';
  if (event?.kind !== 'continuation') return [said.trim()];
  let begun = '';
  for (const attempt of evidence.attempts) {
    if (attempt === step) break;
    const other = textOf(evidence, attempt);
    if (!other || attempt.start.turn !== step.start.turn || isStep(attempt)) continue;
    const sent = other.text.slice(0, attempt.end?.chars);
    begun = other.kind === 'continuation' ? begun + sent : sent;
  }
  return [(begun + said).trim(), said.trim()];
}

function isAnswer(event: TextEvent | undefined, text: string): boolean {
  return event !== undefined && !event.calls && event.text.trim() === text;
}

/** Fewer letters are found in any text by chance; at its beginning they stand for themselves. */
const leastFound = 8;

function placeOf(said: string, text: string): number {
  if (text.startsWith(said)) return 0;
  return said.length >= leastFound ? text.indexOf(said) : -1;
}

function twiceIn(shown: readonly Shown[]): WithoutSteps['twice'] {
  for (const [index, { turn, attempt }] of shown.entries()) {
    const first = shown.slice(0, index).find((other) => other.turn === turn);
    if (!first) continue;
    const of = `turn ${turn} of its session`;
    const because = `What ${first.attempt.target} said in ${of} stands before what ${attempt.target} said in it.`;
    return { because, by: attempt };
  }
  return null;
}
