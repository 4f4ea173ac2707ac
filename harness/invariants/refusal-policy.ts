// I16: an explicit refusal is passed on, or another target is asked, as agreed; it is never hidden,
// and streaming changes nothing. Explicit is what a field says: `refusal`, a finish reason, a code.
// Within one trial: nothing is hidden, and like refusals are treated alike. Over twins: streamed or
// not. A switch that the caller can see is no breach of `surface`: nobody is kept in the dark.
import type { HistoryEvent } from '../history.ts';
import type { Limits } from '../limits.ts';
import type { AttemptRecord, CallRecord } from '../outcome/call-record.ts';
import { effectMember } from '../outcome/effect-member.ts';
import { isName } from '../outcome/target-name.ts';
import type { Decisions, Invariant, Violation } from './invariant.ts';
import { decisionText, note, stepAfter } from './next-step.ts';
import type { TargetsSeen } from './targets-left.ts';
import { noTargetsSeen, seeEvent, seeMoves, targetLeft } from './targets-left.ts';

interface State {
  policy: Limits['refusal'];
  seen: TargetsSeen;
  /** Ids of texts that refuse. */
  refusals: Set<string>;
  exercised: number;
  violations: number;
  first: Violation | null;
  decisions: Decisions;
  /** By kind of refusal: how many calls had it passed on, though a target was left. */
  passedOn: Map<string, number>;
}

export const refusalPolicy: Invariant<State> = {
  id: 'I16',
  rule: 'Explicit refusals follow one policy, the same when streaming.',
  example: 'A content filter ends the answer, and the caller gets an empty text.',
  twin: 'stream',
  start: (view) => ({
    policy: view.limits.refusal,
    seen: noTargetsSeen(view),
    refusals: new Set(),
    exercised: 0,
    violations: 0,
    first: null,
    decisions: {},
    passedOn: new Map(),
  }),
  event(state, event: HistoryEvent) {
    seeEvent(state.seen, event);
    if (event.e === 'text' && event.refusal) state.refusals.add(event.id);
  },
  call(state, record) {
    seeMoves(state.seen, record);
    const broken = record.attempts.map((attempt) => look(state, record, attempt));
    if (broken.every((one) => one === undefined)) return;
    state.exercised++;
    const found = broken.find((one) => one != null);
    if (found) breach(state, { call: record.call.call, ...found });
  },
  end(state) {
    const { exercised, policy, decisions, passedOn } = state;
    for (const [kind, calls] of passedOn) {
      const around = decisions[kind]?.[did.around];
      if (!around) continue;
      const text = `${around.first.text} Of the same refusals it passed ${calls} on to the caller, though a target was left; all should be treated alike.`;
      breach(state, { ...around.first, text });
    }
    const { violations, first } = state;
    return { exercised, violations, first, limit: `refusal: ${policy}`, decisions };
  },
};

function breach(state: State, violation: Violation): void {
  state.violations++;
  state.first ??= violation;
}

const did = {
  told: 'passed it on to the caller',
  around: 'asked for another answer',
  hidden: 'showed an empty answer',
} as const;

type Broken = Omit<Violation, 'call'>;

function toldText(form: string): string {
  return (
    ` The caller took the answer for an ordinary one; by "refusal: surface" the ${form} should ` +
    'have reached it, or at least who answered instead.'
  );
}

/** Undefined: no refusal, or nothing can be said of it. Null: treated as it should be. */
function look(state: State, record: CallRecord, attempt: AttemptRecord): Broken | null | undefined {
  const form = formOf(state.refusals, attempt);
  if (form === null || isGuard(state, record, attempt)) return undefined;
  const step = stepAfter(record, attempt);
  if (!step) return raceOn(state, record, attempt, form);
  if (step.name === 'never ended') return undefined;
  // Who asks once more, and then passes it on, does so each time.
  const before = record.attempts.filter(
    (one) => one.start.t < attempt.start.t && formOf(state.refusals, one) !== null,
  ).length;
  const kind = `${form} of ${attempt.target}, after ${before} others`;
  const { call, outcome } = record;
  const what = step.to ? 'around' : outcome === 'empty' ? 'hidden' : 'told';
  const { at } = step;
  const text = (more = ''): string => `${decisionText(attempt, did[what], at)}${more}`;
  note(state.decisions, kind, did[what], { call: call.call, at, text: () => text() });
  const left = what === 'told' ? leftOf(state.seen, record, attempt, at - call.t) : null;
  if (left !== null) state.passedOn.set(kind, (state.passedOn.get(kind) ?? 0) + 1);
  if (what === 'hidden') {
    return { at, text: text(` The ${form} should have been told, or another target asked.`) };
  }
  if (what === 'around' && state.policy === 'surface' && isHidden(record, attempt)) {
    return { at, text: text(toldText(form)) };
  }
  // One other target is enough to keep the word.
  if (left !== null && before === 0 && state.policy === 'fallback') {
    return { at, text: text(` By "refusal: fallback" it should have asked ${left}.`) };
  }
  return null;
}

/** Beside its targets a chain may ask a model what it thinks of the question. */
function isGuard({ seen }: State, { attempts }: CallRecord, { target }: AttemptRecord): boolean {
  const { targets = [] } = seen.view.trial;
  return !targets.includes(target) && attempts.some((one) => targets.includes(one.target));
}

/** Of a race: who waits for another lane, once this one has refused, has asked around. */
function raceOn(
  { policy }: State,
  record: CallRecord,
  attempt: AttemptRecord,
  form: string,
): Broken | null | undefined {
  const { servedBy, caller } = record;
  if (policy !== 'surface' || caller || !servedBy || servedBy.target === attempt.target) {
    return undefined;
  }
  const at = attempt.end?.t ?? Number.POSITIVE_INFINITY;
  // What had begun to speak was taken before this one was heard to its end.
  if ((servedBy.end?.first ?? 0) <= at) return undefined;
  if (!isHidden(record, attempt)) return null;
  const done = decisionText(attempt, 'waited for another lane of the race', at);
  return { at, text: `${done}${toldText(form)}` };
}

/** A target that could have been asked instead, early in the call and with attempts to spare. */
function leftOf(
  seen: TargetsSeen,
  record: CallRecord,
  attempt: AttemptRecord,
  elapsed: number,
): string | null {
  const { limits } = seen.view;
  if (record.attempts.length >= limits.attempts || elapsed > limits.deadlineMs / 2) return null;
  return targetLeft(seen, record, attempt, elapsed);
}

/** Whether the caller cannot know that somebody else answered. */
function isHidden({ outcome, answer, servedBy }: CallRecord, { target }: AttemptRecord): boolean {
  if (outcome !== 'complete' || !servedBy || answer?.kind !== 'text') return false;
  const { served, hops = [] } = answer.meta ?? {};
  if (servedBy.target !== target && served !== undefined && isName(served, servedBy.target))
    return false;
  return !hops.some((hop) => isName(hop.target, target) && hop.outcome !== 'complete');
}

/** How a target refused, where a field says so; null where none does. */
function formOf(refusals: ReadonlySet<string>, attempt: AttemptRecord): string | null {
  const { start, reply, end, effects } = attempt;
  // A ping or a guard was not asked the question, and refuses something else.
  if (start.beside || !reply || !end) return null;
  if (reply.status >= 300) return reply.reason === 'content-policy' ? byCode(attempt) : null;
  if (end.inBand !== null) return end.inBand === 'content-policy' ? byCode(attempt) : null;
  if (!end.marker) return null;
  if (reply.text !== undefined && refusals.has(reply.text)) return 'refusal';
  const filtered = effects.some(({ effect }) => effectMember(effect, 'form') === 'content-filter');
  return filtered ? 'content filter' : null;
}

/** Providers whose errors have a code for it, where nothing stands between them and the chain. */
const coded: ReadonlySet<string> = new Set(['openai', 'azure']);

function byCode({ start, reply, effects }: AttemptRecord): string | null {
  const status = reply?.status ?? 200;
  if (!coded.has(start.provider) || (status !== 400 && status >= 300)) return null;
  const plain = effects.some(({ effect }) => {
    if (effectMember(effect, 'rejection', 'reason') !== 'content-policy') return false;
    const { body, code, form } = {
      body: effectMember(effect, 'rejection', 'body') ?? 'own',
      code: effectMember(effect, 'rejection', 'code') ?? 'invalid_prompt',
      form: effectMember(effect, 'form') ?? 'own',
    };
    const says = /content_?(?:filter|policy)|invalid_prompt/.test(String(code));
    return body === 'own' && says && form !== 'finish-reason';
  });
  return plain ? 'refusal by its content policy' : null;
}
