// Histories written by hand: a call is a few words, its events are made from them in order of time.
import type {
  AnswerEvent,
  AttemptEvent,
  CallEvent,
  EndEvent,
  Ending,
  HistoryEvent,
  HungEvent,
  TextEvent,
} from '../../harness/history.ts';
import { defaultLimits } from '../../harness/limits.ts';
import type { CallRecord } from '../../harness/outcome/call-record.ts';
import { createJoin } from '../../harness/outcome/join.ts';
import type { Scorer, TrialView } from '../../harness/scorers/scorer.ts';
import type { Figures } from '../../harness/scoring/figures.ts';
import { createScoring, figuresOf } from '../../harness/scoring/score.ts';

export const primary = 'openai/gpt-4o';
export const second = 'anthropic/claude';
export const third = 'openai/mini';

/** Times are ms after the call's arrival. */
export interface AttemptSpec {
  target?: string;
  from?: number;
  to?: number;
  status?: number;
  /** Null: none. Default: the target's text for the sample, unless the status is an error. */
  text?: string | null;
  how?: Ending;
  /** Characters that went out; default all. */
  chars?: number;
  marker?: boolean;
  first?: number | null;
  inBand?: string;
  input?: number;
  output?: number;
  estimated?: boolean;
  effect?: unknown;
  /** Of no known call. */
  stray?: boolean;
  /** It asks for vectors, and has no text. */
  vectors?: true;
}

export interface CallSpec {
  due?: number;
  /** When the runner put it, where that was late. */
  t?: number;
  sample?: string;
  repeats?: number;
  attempts?: AttemptSpec[];
  /** Text that the caller got; null: none of the following. */
  text?: string;
  answer?: Partial<AnswerEvent>;
  /** When the answer came, after the arrival. */
  after?: number;
  score?: number | null;
  hung?: HungEvent['how'];
}

export function viewOf(
  over: Partial<Omit<TrialView, 'trial'>> & { trial?: object } = {},
): TrialView {
  return {
    limits: defaultLimits,
    deadlineMs: null,
    floor: 0,
    windows: [],
    price: () => null,
    family: () => null,
    critical: () => false,
    special: () => false,
    ...over,
    trial: {
      e: 'trial',
      v: 1,
      scenario: 'hand-made',
      description: '',
      chain: 'none',
      trial: 1,
      seed: 7,
      clock: 'virtual',
      primary,
      degradeText: null,
      twin: null,
      setting: {
        limits: defaultLimits,
        deadlineMs: null,
        floor: 0,
        windows: [],
        rules: [],
        thresholds: [],
        recordings: {},
        prices: {},
        families: {},
        critical: [],
      },
      ...over.trial,
    },
  };
}

export function textOf(
  target: string,
  text: string,
  { sample = 's1', score = 1, refusal = false }: Partial<TextEvent> = {},
): TextEvent {
  return {
    e: 'text',
    id: `${sample}~${target}`,
    sample,
    target,
    kind: 'authored',
    text,
    score,
    refusal,
  };
}

/** The events of all calls, in order of time, the texts first. Numbers start after `offset`. */
export function historyOf(calls: CallSpec[], texts: TextEvent[] = [], offset = 0): HistoryEvent[] {
  const timed: { t: number; event: HistoryEvent }[] = [];
  let attempts = offset;
  for (const [index, spec] of calls.entries()) {
    const call = offset + index + 1;
    const due = spec.due ?? index * 1_000;
    timed.push({ t: spec.t ?? due, event: callEvent(call, due, spec) });
    for (const attempt of spec.attempts ?? []) {
      attempts++;
      timed.push(...attemptEvents(attempts, call, due, spec.sample ?? 's1', attempt, texts));
    }
    const last = outcomeEvent(call, due, spec, texts);
    if (last) timed.push({ t: last.t, event: last });
  }
  timed.sort((a, b) => a.t - b.t);
  return [...texts, ...timed.map(({ event }) => event)];
}

function callEvent(call: number, due: number, { t, sample, repeats }: CallSpec): CallEvent {
  const event: CallEvent = { e: 'call', t: t ?? due, call, sample: sample ?? 's1', due };
  return repeats === undefined ? event : { ...event, repeats };
}

function attemptEvents(
  attempt: number,
  call: number,
  due: number,
  sample: string,
  spec: AttemptSpec,
  texts: TextEvent[],
): { t: number; event: HistoryEvent }[] {
  const { target = primary, from = 0, to = from + 100, status = 200, how = 'complete' } = spec;
  const start = due + from;
  const known = texts.find((text) => text.target === target && text.sample === sample);
  const id = spec.text === undefined ? (status < 400 ? known?.id : undefined) : spec.text;
  const text = texts.find((each) => each.id === id)?.text ?? '';
  const chars = spec.chars ?? (id ? text.length : 0);
  const cut = target.indexOf('/');
  const head: AttemptEvent = {
    e: 'attempt',
    t: start,
    attempt,
    call: spec.stray ? null : call,
    provider: target.slice(0, cut),
    model: target.slice(cut + 1),
    region: null,
    key: null,
    wire: 'openai-chat',
    stream: true,
    body: 'same',
    ...(spec.vectors ? { vectors: true } : {}),
  };
  const end: EndEvent = {
    e: 'end',
    t: due + to,
    attempt,
    how,
    marker: spec.marker ?? (how === 'complete' && status < 400),
    inBand: spec.inBand ?? null,
    first: spec.first === undefined ? (chars > 0 ? start + 10 : null) : spec.first,
    last: chars > 0 ? due + to : null,
    gap: 0,
    chars,
    input: spec.input ?? (status < 400 ? 10 : 0),
    output: spec.output ?? (status < 400 ? 5 : 0),
    estimated: spec.estimated ?? false,
  };
  const effect = spec.effect;
  const reason = status < 400 ? null : 'server-error';
  const reply = { e: 'reply' as const, t: start + 1, attempt, status, reason };
  return [
    { t: start, event: head },
    ...(effect === undefined
      ? []
      : [
          {
            t: start,
            event: { e: 'effect' as const, t: start, attempt, rule: 0, fault: 'x', effect },
          },
        ]),
    { t: start + 1, event: id ? { ...reply, text: id } : reply },
    { t: due + to, event: end },
  ];
}

function outcomeEvent(
  call: number,
  due: number,
  spec: CallSpec,
  texts: TextEvent[],
): AnswerEvent | HungEvent | null {
  const lastEnd = Math.max(0, ...(spec.attempts ?? []).map(({ from = 0, to }) => to ?? from + 100));
  const t = due + (spec.after ?? lastEnd);
  if (spec.hung) return { e: 'hung', t, call, how: spec.hung };
  if (spec.text === undefined && !spec.answer) return null;
  const same = texts.find((each) => each.text === spec.text)?.id;
  return {
    e: 'answer',
    t,
    call,
    kind: 'text',
    first: t,
    chars: 0,
    ...(same ? { same } : spec.text === undefined ? {} : { text: spec.text }),
    score: spec.score === undefined ? 1 : spec.score,
    ...spec.answer,
  };
}

/** The finished calls of a history, in the order in which they finish. */
export function recordsOf(events: HistoryEvent[], view = viewOf()): CallRecord[] {
  const records: CallRecord[] = [];
  const join = createJoin(view, (record) => records.push(record));
  for (const event of events) join.event(event);
  join.end();
  return records;
}

/** The figures of one scorer. */
export function figuresBy<State, Tally>(
  scorer: Scorer<State, Tally>,
  events: HistoryEvent[],
  view = viewOf(),
): Figures {
  const only = { [scorer.name]: scorer as Scorer<unknown, unknown> };
  const scoring = createScoring(view, only);
  for (const event of events) scoring.event(event);
  return figuresOf(only, scoring.end());
}
