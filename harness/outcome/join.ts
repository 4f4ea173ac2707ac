// The history joined into calls: events come in order of time, a finished call goes out whole and
// is forgotten. Kept are open calls, the texts of targets, and which call got which text, so that
// cached answers are known.
import { HarnessError } from '../errors.ts';
import type {
  AnswerEvent,
  AttemptEvent,
  CallEvent,
  CallerEvent,
  HistoryEvent,
  HungEvent,
  ToolEvent,
} from '../history.ts';
import { aftermathMs } from '../limits.ts';
import { OpenMap } from '../open-map.ts';
import type { TrialView } from '../scorers/scorer.ts';
import type { AnswerMemory } from './answer-memory.ts';
import { createAnswerMemory } from './answer-memory.ts';
import type { AnswerShelf } from './answer-shelf.ts';
import { createAnswerShelf } from './answer-shelf.ts';
import type { AttemptRecord, CallRecord } from './call-record.ts';
import { isOverBy } from './evidence.ts';
import { judge } from './outcome.ts';

export interface Join {
  event(event: HistoryEvent): void;
  /** The trial is over: calls that are still open go out as they are. Idempotent. */
  end(): void;
}

interface OpenCall {
  call: CallEvent;
  attempts: AttemptRecord[];
  answer: AnswerEvent | null;
  hung: HungEvent | null;
  caller: CallerEvent | null;
  releasedAt: number | null;
  tools: ToolEvent[];
  /** Attempts that have not ended. */
  running: number;
  /** When it may go out, of a call that its caller left: the last word counts. */
  outAtMs: number | null;
}

interface OpenAttempt {
  record: AttemptRecord;
  /** Null where the attempt has no call, or began after its call had gone out. */
  of: OpenCall | null;
}

interface State {
  calls: OpenMap<OpenCall>;
  attempts: OpenMap<OpenAttempt>;
  /** Calls that nobody waits for any more, in the order in which they may go out. */
  left: { open: OpenCall; atMs: number }[];
  shelf: AnswerShelf;
  memory: AnswerMemory;
  /** By text: the last attempt of no known call that sent it whole. */
  strays: Map<string, AttemptRecord>;
  degradeText: string | null;
  grainMs: number;
  onCall(record: CallRecord): void;
}

/** Timers of a real clock may fire a step early; those of virtual time never do. */
const realGrainMs = 2;

/**
 * `onCall` gets every call once: when it has its answer (or hung event) and all its attempts have
 * ended, or at the close. A call that its caller left stays a while longer, for what the chain does
 * behind its back. Attempts that begin after that belong to no record; scorers see them as events.
 */
export function createJoin(view: TrialView, onCall: (record: CallRecord) => void): Join {
  const state: State = {
    calls: new OpenMap(),
    attempts: new OpenMap(),
    left: [],
    shelf: createAnswerShelf(view.trial.primary),
    memory: createAnswerMemory(),
    strays: new Map(),
    degradeText: view.trial.degradeText,
    grainMs: view.trial.clock === 'real' ? realGrainMs : 0,
    onCall,
  };
  return { event: (event) => take(state, event), end: () => endOf(state) };
}

function take(state: State, event: HistoryEvent): void {
  if (state.left.length > 0 && 't' in event) dropLeft(state, event.t);
  switch (event.e) {
    case 'trial':
    case 'judged':
    case 'crash':
      return;
    case 'text':
      state.shelf.put(event);
      return;
    case 'call': {
      const none = { answer: null, hung: null, caller: null, releasedAt: null, running: 0 };
      const open = { attempts: [], tools: [], ...none, outAtMs: null };
      state.calls.set(event.call, { call: event, ...open });
      return;
    }
    case 'caller':
    case 'released': {
      const open = state.calls.get(event.call);
      if (!open) return;
      if (event.e === 'caller') open.caller = event;
      else open.releasedAt = event.t;
      settle(state, open, event.t);
      return;
    }
    case 'attempt':
      begin(state, event);
      return;
    case 'effect':
      state.attempts.get(event.attempt)?.record.effects.push(event);
      return;
    case 'reply': {
      const open = state.attempts.get(event.attempt);
      if (open) open.record.reply = event;
      return;
    }
    case 'end': {
      const open = state.attempts.get(event.attempt);
      if (!open) return;
      open.record.end = event;
      if (event.calls && open.record.reply) {
        open.record.reply = { ...open.record.reply, calls: event.calls };
      }
      over(state, open, event.t);
      return;
    }
    case 'tool':
      state.calls.get(event.call)?.tools.push(event);
      return;
    case 'answer':
    case 'hung': {
      const open = state.calls.get(event.call);
      if (!open) return;
      if (event.e === 'answer') open.answer = event;
      else open.hung = event;
      settle(state, open, event.t);
      return;
    }
    case 'close':
      endOf(state);
      return;
    default:
      unknownEvent(event);
  }
}

function begin(state: State, start: AttemptEvent): void {
  const target = `${start.provider}/${start.model}`;
  const record: AttemptRecord = { start, target, effects: [], reply: null, end: null };
  const of = start.call === null ? null : (state.calls.get(start.call) ?? null);
  if (of) {
    of.attempts.push(record);
    of.running++;
  }
  state.attempts.set(start.attempt, { record, of });
}

function over(state: State, { record, of }: OpenAttempt, t: number): void {
  state.attempts.delete(record.start.attempt);
  if (of) {
    of.running--;
    settle(state, of, t);
  } else if (record.start.call === null) {
    const id = record.reply?.text;
    const event = id === undefined ? undefined : state.shelf.get(id);
    const whole = event && !event.unfinished && (record.end?.chars ?? -1) >= event.text.length;
    if (whole) state.strays.set(event.text.trim(), record);
  }
}

function settle(state: State, open: OpenCall, t: number): void {
  if (!isOver(open)) return;
  if (!open.caller) {
    finish(state, open);
    return;
  }
  open.outAtMs = t + aftermathMs;
  state.left.push({ open, atMs: open.outAtMs });
}

function isOver({ answer, hung, running, caller, releasedAt }: OpenCall): boolean {
  return (answer ?? hung) !== null && running === 0 && (caller === null || releasedAt !== null);
}

/** An attempt that began meanwhile puts its call off until it has ended. */
function dropLeft(state: State, nowMs: number): void {
  for (let [first] = state.left; first && first.atMs <= nowMs; [first] = state.left) {
    state.left.shift();
    const { open, atMs } = first;
    if (isOver(open) && open.outAtMs === atMs) finish(state, open);
  }
}

function endOf(state: State): void {
  for (const open of state.calls.values()) finish(state, open);
  state.left.length = 0;
  state.attempts.clear();
}

function finish(state: State, open: OpenCall): void {
  const { shelf, memory, strays, degradeText, grainMs } = state;
  const { call, attempts, answer, hung, caller, releasedAt } = open;
  state.calls.delete(call.call);
  const until = (answer?.t ?? Number.POSITIVE_INFINITY) + grainMs;
  const verdict = judge({
    call,
    attempts,
    answer,
    hung,
    degradeText,
    textOf: shelf.get,
    answersTo: shelf.answersTo,
    earlier: (text) => memory.find(text, call.sample),
    stray(text) {
      const record = strays.get(text);
      return record && record.start.t >= call.t && isOverBy(record, until) ? record : null;
    },
    until,
  });
  const { outcome } = verdict;
  if (answer?.kind === 'text' && outcome !== 'cached') {
    const text = verdict.text.trim();
    const known = shelf.has(text);
    memory.put(text, { call: call.call, sample: call.sample, outcome, known });
  }
  const ran = open.tools.length > 0 ? { tools: open.tools } : {};
  const seen = { call, attempts, answer, hung, caller, releasedAt, ...ran };
  state.onCall({ ...seen, ...verdict, healthy: shelf.healthy(call) });
}

function unknownEvent(event: never): never {
  throw new HarnessError(`The history has an event of an unknown kind: ${JSON.stringify(event)}`);
}
