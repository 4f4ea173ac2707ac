// Hand-made histories, in few words. Times are in ms; those of attempts are counted from the start
// of their call, so that a call reads like a timeline.
import type {
  AnswerEvent,
  AttemptEvent,
  CallEvent,
  CallerEvent,
  CloseEvent,
  EffectEvent,
  EndEvent,
  HistoryEvent,
  HungEvent,
  ReplyEvent,
  TextEvent,
} from '../../harness/history.ts';
import { invariants } from '../../harness/invariants/index.ts';
import type { InvariantTally } from '../../harness/invariants/invariant.ts';
import type { Limits } from '../../harness/limits.ts';
import { defaultLimits } from '../../harness/limits.ts';
import type { AttemptRecord, CallRecord, Outcome } from '../../harness/outcome/call-record.ts';
import type { FaultWindow } from '../../harness/plan-view.ts';
import type { TrialView } from '../../harness/scorers/scorer.ts';
import type { InvariantTallies } from '../../harness/scoring/judge-invariants.ts';
import { judgeInvariants } from '../../harness/scoring/judge-invariants.ts';
import type { TwinKind } from '../../harness/twin-kind.ts';

export const gpt = 'openai/gpt-4o';
export const mini = 'openai/gpt-4o-mini';
export const claude = 'anthropic/claude';

export interface AttemptSpec {
  target: string;
  /** From the call's start. */
  at: number;
  start?: Partial<AttemptEvent>;
  reply?: Partial<ReplyEvent>;
  end?: Partial<EndEvent> | null;
  effect?: unknown;
  /** Whose effect it is; without regard for most. */
  fault?: string;
  rule?: number;
}

type More = Omit<AttemptSpec, 'target' | 'at'>;

/** A whole answer of 400 characters: headers at once, payload from a tenth of the time on. */
export function ok(target: string, at: number, lasts = 1000, more: More = {}): AttemptSpec {
  const first = at + lasts / 10;
  const end = {
    t: at + lasts,
    marker: true,
    first,
    last: at + lasts,
    gap: lasts / 10,
    chars: 400,
    ...more.end,
  };
  return { target, at, ...more, reply: { t: at, ...more.reply }, end };
}

export function status(
  target: string,
  at: number,
  code: number,
  reply: Partial<ReplyEvent> = {},
  more: More = {},
): AttemptSpec {
  const t = at + 100;
  return { target, at, ...more, reply: { t, status: code, ...reply }, end: { t, ...more.end } };
}

/** A 200 with an error inside, before any payload unless `more` says so. */
export function inBand(target: string, at: number, reason: string, more: More = {}): AttemptSpec {
  return { target, at, ...more, end: { t: at + 200, inBand: reason, ...more.end } };
}

/** No reply at all. */
export function lost(
  target: string,
  at: number,
  how: EndEvent['how'] = 'reset',
  lasts = 100,
  more: More = {},
): AttemptSpec {
  return { target, at, reply: { status: 0 }, ...more, end: { t: at + lasts, how, ...more.end } };
}

/** Payload for a while (100 of 400 characters), then the given end, without a terminal marker. */
export function partly(
  target: string,
  at: number,
  flow: { from: number; to: number; until: number; how: EndEvent['how'] },
  more: More = {},
): AttemptSpec {
  const { from, to, until, how } = flow;
  const end = { t: until, how, first: from, last: to, gap: from - at, chars: 100, ...more.end };
  return { target, at, ...more, reply: { t: at, ...more.reply }, end };
}

export interface CallSpec {
  outcome: Outcome;
  /** From the call's start; default: the end of the last attempt. */
  ends?: number;
  answer?: Partial<AnswerEvent>;
  hung?: HungEvent['how'];
  sample?: string;
  /** What the caller got, and why that is the outcome. */
  text?: string;
  because?: string;
  /** Index of the attempt that served; default: the last, for outcomes that have one. */
  by?: number | null;
  cachedFrom?: number;
  /** From the start of the trial; default: 100 s a call. */
  starts?: number;
  /** From the call's start: when its caller left; released: when the chain let go, null: never. */
  left?: { at: number; did?: CallerEvent['did']; released?: number | null };
  call?: Partial<CallEvent>;
}

const served: ReadonlySet<Outcome> = new Set([
  'spliced',
  'leaked',
  'truncated',
  'empty',
  'malformed',
  'refused',
  'continued',
  'complete',
]);

/** Makes calls of one trial; numbers of calls and attempts go on. */
export class History {
  readonly records: CallRecord[] = [];
  /** The last line, where a rule reads it. */
  close: CloseEvent | null = null;
  readonly texts: TextEvent[] = [];
  #attempts = 0;

  /** An answer that a target has; attempts name it by `reply: { text: id }`. */
  says(id: string, text: string, more: Partial<TextEvent> = {}): this {
    const of = { sample: 's1', target: gpt, kind: 'authored', score: null } as const;
    this.texts.push({ e: 'text', id, text, refusal: false, ...of, ...more });
    return this;
  }

  call(attempts: AttemptSpec[], spec: CallSpec): this {
    const call = this.records.length + 1;
    const { sample = 's1', outcome } = spec;
    const t = spec.starts ?? call * 100_000;
    const records = attempts.map((attempt) => this.#attempt(attempt, call, t));
    const over = Math.max(0, ...records.map(({ end }) => (end ? end.t - t : 0)));
    const { left } = spec;
    const ends = t + (spec.ends ?? left?.at ?? over);
    const did = left?.did ?? 'abort';
    const caller: CallerEvent | null = left
      ? { e: 'caller', t: t + left.at, call, did, why: 'as it does' }
      : null;
    const released = left?.released === undefined ? (left?.at ?? null) : left.released;
    const by = spec.by === undefined ? records.length - 1 : spec.by;
    const servedBy = by === null || !served.has(outcome) ? null : (records[by] ?? null);
    const answer = spec.hung ? null : answerOf(call, ends, outcome, spec.answer);
    const hung: HungEvent | null = spec.hung ? { e: 'hung', t: ends, call, how: spec.hung } : null;
    this.records.push({
      call: { e: 'call', t, call, sample, due: t, ...spec.call },
      attempts: records,
      answer,
      hung,
      outcome: spec.hung ? 'hung' : outcome,
      because: spec.because ?? 'Made by hand.',
      text: spec.text ?? '',
      servedBy,
      cachedFrom: spec.cachedFrom ?? null,
      caller,
      releasedAt: released === null ? null : t + released,
      healthy: null,
    });
    return this;
  }

  /** The trial ends at this time. */
  over(t: number, more: Partial<CloseEvent> = {}): this {
    const { length } = this.records;
    this.close = { e: 'close', t, calls: length, attempts: this.#attempts, ...more };
    return this;
  }

  #attempt(spec: AttemptSpec, call: number, t: number): AttemptRecord {
    const attempt = ++this.#attempts;
    const [provider = '', model = ''] = spec.target.split('/');
    const start: AttemptEvent = {
      e: 'attempt',
      t: t + spec.at,
      attempt,
      call,
      provider,
      model,
      region: null,
      key: `key of ${provider}`,
      wire: provider === 'anthropic' ? 'anthropic-messages' : 'openai-chat',
      stream: true,
      body: `question ${call}`,
      ...spec.start,
    };
    const reply: ReplyEvent | null =
      spec.reply?.status === 0
        ? null
        : {
            e: 'reply',
            attempt,
            status: 200,
            reason: null,
            ...spec.reply,
            t: t + (spec.reply?.t ?? spec.at),
          };
    const effects: EffectEvent[] =
      spec.effect === undefined
        ? []
        : [
            {
              e: 'effect',
              t: start.t,
              attempt,
              rule: spec.rule ?? 0,
              fault: spec.fault ?? 'made',
              effect: spec.effect,
            },
          ];
    return { start, target: spec.target, effects, reply, end: endOf(spec, attempt, t) };
  }
}

function endOf({ at, end }: AttemptSpec, attempt: number, t: number): EndEvent | null {
  if (end === null) return null;
  const { first = null, last = null, ...rest } = end ?? {};
  return {
    e: 'end',
    attempt,
    how: 'complete',
    marker: false,
    inBand: null,
    gap: 0,
    chars: 0,
    input: 10,
    output: 10,
    estimated: false,
    ...rest,
    first: first === null ? null : t + first,
    last: last === null ? null : t + last,
    t: t + (end?.t ?? at),
  };
}

/** Times in `more` are from the start of the trial. */
function answerOf(
  call: number,
  t: number,
  outcome: Outcome,
  more: Partial<AnswerEvent> = {},
): AnswerEvent {
  const kind = outcome === 'error' || outcome === 'aborted' ? outcome : 'text';
  const error = { name: 'Error', message: 'all failed', causes: ['APIError: 503 server [503]'] };
  const base: AnswerEvent = {
    e: 'answer',
    t,
    call,
    kind,
    first: kind === 'text' ? t : null,
    chars: kind === 'text' ? 400 : 0,
    score: null,
    ...(kind === 'error' ? { error } : {}),
  };
  return { ...base, ...more };
}

export interface ViewSpec {
  limits?: Partial<Limits>;
  ownLimits?: Partial<Limits>;
  targets?: string[];
  twin?: TwinKind;
  degradeText?: string;
  trial?: number;
  clock?: 'virtual' | 'real';
  families?: Record<string, string>;
  critical?: string[];
  special?: string[];
  deadlineMs?: number;
  windows?: FaultWindow[];
}

export function viewOf(spec: ViewSpec = {}): TrialView {
  const limits = { ...defaultLimits, ...spec.limits };
  const { deadlineMs = null } = spec;
  return {
    trial: {
      e: 'trial',
      v: 1,
      scenario: 'made',
      description: 'made by hand',
      chain: 'made',
      trial: spec.trial ?? 1,
      seed: 1,
      clock: spec.clock ?? 'virtual',
      primary: gpt,
      ...(spec.targets ? { targets: spec.targets } : {}),
      ...(spec.ownLimits ? { ownLimits: spec.ownLimits } : {}),
      degradeText: spec.degradeText ?? null,
      twin: spec.twin ?? null,
      setting: {
        limits,
        deadlineMs,
        floor: 0,
        windows: [],
        rules: [],
        thresholds: [],
        recordings: {},
        prices: {},
        families: {},
        critical: [],
      },
    },
    limits,
    deadlineMs,
    floor: 0,
    windows: spec.windows ?? [],
    price: () => null,
    family: (sample) => spec.families?.[sample] ?? null,
    critical: (sample) => spec.critical?.includes(sample) ?? false,
    special: (sample) => spec.special?.includes(sample) ?? false,
  };
}

/** The events of a history in order of time, as far as invariants look at them. */
export function eventsOf({ records, texts, close }: History): HistoryEvent[] {
  const events: HistoryEvent[] = [...texts];
  for (const { call, attempts, answer, hung, caller } of records) {
    events.push(call);
    if (caller) events.push(caller);
    for (const { start, effects, reply, end } of attempts) {
      events.push(start, ...effects);
      if (reply) events.push(reply);
      if (end) events.push(end);
    }
    if (answer) events.push(answer);
    if (hung) events.push(hung);
  }
  if (close) events.push(close);
  return events
    .map((event, index) => ({ event, index, t: 't' in event ? event.t : 0 }))
    .sort((a, b) => a.t - b.t || a.index - b.index)
    .map(({ event }) => event);
}

/** Judges by all invariants, in the order in which a join would hand the events and calls on. */
export function judgeAll(history: History, spec: ViewSpec = {}): InvariantTallies {
  const state = judgeInvariants.start(viewOf(spec));
  const waiting = history.records.map((record) => ({ record, over: overAt(record) }));
  waiting.sort((a, b) => a.over - b.over);
  for (const event of eventsOf(history)) {
    const t = 't' in event ? event.t : 0;
    while (waiting[0] && waiting[0].over < t) {
      judgeInvariants.call?.(state, (waiting.shift() as (typeof waiting)[0]).record);
    }
    judgeInvariants.event?.(state, event);
  }
  for (const { record } of waiting) judgeInvariants.call?.(state, record);
  return judgeInvariants.end(state);
}

function overAt({ call, attempts, answer, hung, releasedAt }: CallRecord): number {
  const ends = attempts.map(({ end }) => end?.t ?? Number.MAX_VALUE);
  return Math.max(call.t, releasedAt ?? 0, answer?.t ?? hung?.t ?? Number.MAX_VALUE, ...ends);
}

export function judgeOne(id: string, history: History, spec: ViewSpec = {}): InvariantTally {
  const tally = judgeAll(history, spec)[id];
  if (!tally || !invariants[id]) throw new Error(`no invariant ${id}`);
  return tally;
}

/** "held 2", "violated 1/2" or "not-applicable", for short expectations. */
export function verdict(id: string, history: History, spec: ViewSpec = {}): string {
  const { exercised, violations } = judgeOne(id, history, spec);
  if (exercised === 0 && violations === 0) return 'not-applicable';
  return violations === 0 ? `held ${exercised}` : `violated ${violations}/${exercised}`;
}

/** One call on its own. */
export function one(attempts: AttemptSpec[], spec: CallSpec): History {
  return new History().call(attempts, spec);
}
