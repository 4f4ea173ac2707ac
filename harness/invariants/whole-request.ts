// I18: who stands in is asked the same question: with the tools, the schema, the pictures and the
// instructions that the first one got, in a form that it can read. Requests of one chain are
// compared with each other; what the first one lacks too is the chain's choice.
import type { HistoryEvent, Lack } from '../history.ts';
import type { AttemptRecord, CallRecord } from '../outcome/call-record.ts';
import { isStep } from '../outcome/session.ts';
import type { TrialView } from '../scorers/scorer.ts';
import { attemptName, attemptText, seconds } from './attempt-text.ts';
import type { Broken, Finding } from './call-rule.ts';
import { callRule } from './call-rule.ts';
import { failureOf } from './failure-kind.ts';
import { adapted, flawsOf } from './flaws.ts';
import { deaf } from './hopeless-request.ts';
import { follows, overlap } from './timeline.ts';
import type { Habit } from './usual-request.ts';
import { learn, noHabit, usuallyHas } from './usual-request.ts';
import type { Spaces } from './vector-spaces.ts';
import { mixedIn, noSpaces, searched, seeVectors } from './vector-spaces.ts';

interface Known {
  primary: string;
  spaces: Spaces;
  /** The width of the vectors of the primary; null where it was never asked for any. */
  width: number | null;
  /** Whose vectors of another width came once: after that a chain can know. */
  misfits: Set<string>;
  habit: Habit;
}

export const wholeRequest = callRule<Known>({
  id: 'I18',
  rule: 'Tools, history, schema, images and size reach the fallback in valid form, or it is skipped.',
  example: 'The fallback is asked without the JSON Schema of the question, and answers in prose.',
  know: ({ trial: { primary } }: TrialView) => ({
    primary,
    spaces: noSpaces(),
    width: null,
    misfits: new Set(),
    habit: noHabit(),
  }),
  event: (known, event) => see(known, event),
  judge(known, record) {
    const finding = judge(known, record);
    learn(known.habit, known.primary, record);
    return finding;
  },
});

function see(known: Known, event: HistoryEvent): void {
  seeVectors(known.spaces, event);
  if (event.e !== 'attempt' || event.width === undefined) return;
  if (`${event.provider}/${event.model}` === known.primary) known.width = event.width;
}

function judge(known: Known, record: CallRecord): Finding {
  const { attempts } = record;
  let finding: Finding = null;
  for (const attempt of attempts) {
    const broken = turnedDown(known.primary, attempt, attempts);
    if (broken) return broken;
    if (attempt.target !== known.primary) finding = 'held';
    const first =
      attempts.find((one) => standsInFor(attempt, one)) ??
      attempts.find((one) => one.target === known.primary && overtakes(attempt, one, record));
    if (!first) continue;
    finding = 'held';
    const lost = lostOn(first, attempt, record);
    if (lost) return lost;
  }
  const unlike = lostByHabit(known, record);
  if (unlike) return unlike;
  if (searched(record)) return vectorFinding(known, record) ?? finding;
  return heardNothing(attempts) ?? finding;
}

/** Of a request that failed, the same turn on another target. */
function standsInFor(attempt: AttemptRecord, first: AttemptRecord): boolean {
  return isSameTurn(first, attempt) && failureOf(first) !== null && follows(first, attempt);
}

/**
 * The same turn on another target, asked while the first one still said nothing: a hedge, a race.
 * What runs beside it may be a check or a draft as well, so only what was served is one for sure.
 */
function overtakes(
  attempt: AttemptRecord,
  first: AttemptRecord,
  { servedBy }: CallRecord,
): boolean {
  const { t } = attempt.start;
  if (attempt !== servedBy || !isSameTurn(first, attempt)) return false;
  const silent = (first.end?.first ?? Number.POSITIVE_INFINITY) > t;
  return first.start.t <= t && silent && overlap(first, attempt);
}

function isSameTurn(first: AttemptRecord, attempt: AttemptRecord): boolean {
  if (first.target === attempt.target || isStepAside(first) || isStepAside(attempt)) return false;
  return (first.start.turn ?? 1) === (attempt.start.turn ?? 1);
}

/** Vectors, and what does not ask the question of the call. */
function isStepAside({ start }: AttemptRecord): boolean {
  return start.vectors === true || start.beside === true;
}

/** Every model in use takes as much as this. */
const modestContext = 4_096;

function turnedDown(
  primary: string,
  attempt: AttemptRecord,
  attempts: readonly AttemptRecord[],
): Broken | null {
  const flaw = flawsOf(attempt).find(({ of }) => of !== 'parameters');
  if (!flaw || attempt.start.beside || adapted(attempt, attempts)) return null;
  // What the question itself needs has to be asked of somebody; what others left in it need not.
  if (flaw.of !== 'history' && attempt.target === primary) return null;
  if (flaw.size !== null && flaw.size <= modestContext) return null;
  const text = (): string =>
    `${attemptText(attempt)}. The request brought ${flaw.what}, which ${attempt.target} cannot ` +
    'take; it should have got a form that it takes, or have been skipped.';
  return { at: attempt.start.t, text };
}

const named: Readonly<Record<Lack, string>> = {
  question: 'the question',
  system: 'the system prompt of the question',
  tools: 'the tools of the question',
  parameters: 'the parameters of its tools',
  results: 'the results of its tools',
  schema: 'the JSON Schema of the question',
};

function lostOn(first: AttemptRecord, attempt: AttemptRecord, record: CallRecord): Broken | null {
  if (!isAnswering(attempt, record)) return null;
  const { lacks = [], images = 0 } = attempt.start;
  const lost = lacks.filter(
    (lack) => !first.start.lacks?.includes(lack) && counts(lack, attempt, record),
  );
  const pictures = (first.start.images ?? 0) - images;
  const [what] = lost.map((lack) => named[lack]);
  if (what === undefined && pictures <= 0) return null;
  const text = (): string => {
    const more = `${pictures} more ${pictures === 1 ? 'image' : 'images'}`;
    const all = lost.map((lack) => named[lack]).join(' and ') || more;
    return (
      `${attemptText(first)}, and it had been asked with ${all}. ${attemptName(attempt)} was asked ` +
      'without; who stands in should get all of the question, or be skipped.'
    );
  };
  return { at: attempt.start.t, text };
}

/** The first target is left alone: who is asked in its place should get what it would have got. */
function lostByHabit({ primary, habit }: Known, record: CallRecord): Broken | null {
  const { attempts, servedBy } = record;
  if (!servedBy || attempts.some((one) => one.target === primary || isStepAside(one))) return null;
  const lost = (servedBy.start.lacks ?? []).filter(
    (lack) =>
      ofSample.has(lack) && counts(lack, servedBy, record) && usuallyHas(habit, lack, record),
  );
  if (lost.length === 0) return null;
  const text = (): string =>
    `${attemptText(servedBy)}. It was asked without ${lost.map((lack) => named[lack]).join(' and ')}, ` +
    `while ${primary} had failed and was left alone; all its requests of ${record.call.sample} had ` +
    'it. Who stands in should get all of the question, or be skipped.';
  return { at: servedBy.start.t, text };
}

/** What a question has in every turn and on any way. */
const ofSample: ReadonlySet<Lack> = new Set(['system', 'tools', 'parameters', 'schema']);

/** Whether it is the question that is asked here, and not something beside it. */
function isAnswering(attempt: AttemptRecord, record: CallRecord): boolean {
  if (attempt === record.servedBy || isStep(attempt)) return true;
  if (failureOf(attempt) === null || attempt.start.lacks?.includes('question')) return false;
  return !record.attempts.some((one) => isBehind(attempt, one));
}

/** Who is asked behind a whole answer to the question checks it, or says more of it. */
function isBehind({ start }: AttemptRecord, one: AttemptRecord): boolean {
  const isSame = (one.start.turn ?? 1) === (start.turn ?? 1);
  const isOver = one.end !== null && one.end.t <= start.t;
  return isSame && isOver && !isStepAside(one) && failureOf(one) === null;
}

function counts(lack: Lack, attempt: AttemptRecord, record: CallRecord): boolean {
  // Without the question it may be another one: a summary, a check, a title.
  if (lack === 'question') return attempt === record.servedBy && record.outcome === 'complete';
  if (attempt.start.lacks?.includes('question')) return false;
  // A schema is of the whole answer: the rest of one does not fit it.
  if (lack === 'schema' && goesOn(attempt, record)) return false;
  return true;
}

/** Whether a part of the answer is there already. */
function goesOn({ start }: AttemptRecord, { answer }: CallRecord): boolean {
  return start.brings !== undefined || (answer?.first ?? start.t) < start.t;
}

/** Who does not heed the schema has not got it in a form that it takes. */
function heardNothing(attempts: readonly AttemptRecord[]): Finding {
  const finding = deaf(attempts);
  if (finding === null || finding === 'held') return finding;
  return {
    at: finding.at,
    text: () => `${finding.text()} Somebody who heeds the schema should have been asked instead.`,
  };
}

function vectorFinding(known: Known, record: CallRecord): Finding {
  const mixed = mixedIn(known.spaces, record);
  if (mixed) {
    const { asked, among } = mixed;
    const text = (): string =>
      `${attemptText(asked)}, and the answer was found with its vector among documents whose ` +
      `vectors ${among.target} had made (attempt ${among.attempt}, ${seconds(among.at)}). The ` +
      'spaces of two models have nothing in common: each should have documents of its own.';
    return { at: asked.start.t, text };
  }
  return misfit(known, record);
}

/** Vectors came, and every search with them fails: the store was made for another width. */
function misfit({ width, primary, misfits }: Known, record: CallRecord): Broken | null {
  const { attempts, outcome, answer, caller } = record;
  const last = attempts.at(-1);
  if (!last || !answer || caller || outcome !== 'error' || last.target === primary) return null;
  const own = last.start.width ?? null;
  if (width === null || own === null || own === width) return null;
  if (attempts.some((one) => !one.start.vectors) || failureOf(last) !== null) return null;
  const before = misfits.has(last.target);
  misfits.add(last.target);
  // The first one shows it.
  if (!before) return null;
  const text = (): string =>
    `${attemptText(last)}. Its vectors are ${own} wide and those of ${primary} ${width}, and the ` +
    `call ended with "${answer.error?.message ?? 'an error'}", as one before. A model that does ` +
    'not fit should have been skipped.';
  return { at: answer.t, text };
}
