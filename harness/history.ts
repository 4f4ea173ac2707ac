// The history of a trial: everything that crossed the wire and everything that the caller saw,
// as events in the order of virtual time. The only source of scores. One JSON object a line.
import type { AttemptEvent, Lack } from './attempt-event.ts';
import type { CallerError, CallerEvent, CloseEvent, Hop, ReleasedEvent } from './caller-event.ts';
import type { EndEvent, Ending } from './end-event.ts';
import type { JudgedEvent, Unjudged } from './judged-event.ts';
import type { Limits } from './limits.ts';
import type { Setting } from './setting.ts';

export type {
  AttemptEvent,
  CallerError,
  CallerEvent,
  CloseEvent,
  EndEvent,
  Ending,
  Hop,
  JudgedEvent,
  Lack,
  ReleasedEvent,
  Unjudged,
};

/** ms since the start of the trial, an integer in virtual time. */
export type Ms = number;

/** The first line: what was drilled, and all that judging it needs beside the events. */
export interface TrialEvent {
  e: 'trial';
  v: 1;
  scenario: string;
  description: string;
  chain: string;
  /** Number of the trial of this scenario, from 1. */
  trial: number;
  seed: number;
  clock: 'virtual' | 'real';
  /** provider/model of the first target. */
  primary: string;
  /** provider/model of every target in order, where the chain says so. */
  targets?: string[];
  /** The limits that the chain itself declares; those of `setting` are at least as tight. */
  ownLimits?: Partial<Limits>;
  /** The reply of the chain's own making that it declares, if any. */
  degradeText: string | null;
  /** Which twin of the trial this is; null for the trial itself. */
  twin: string | null;
  setting: Setting;
}

/** An answer that a target has for a sample; written once, before it is first used. */
export interface TextEvent {
  e: 'text';
  id: string;
  sample: string;
  target: string;
  /**
   * continuation: the rest of an answer that broke off; altered: bent by a fault; live: what a
   * provider said during the trial, written once all of it is known.
   */
  kind: 'recorded' | 'recorded-text' | 'authored' | 'continuation' | 'altered' | 'live';
  text: string;
  /** 0..1, or null where the sample has no checks and no given score. */
  score: number | null;
  /** Why it has no score, where a judge should have given it. */
  unjudged?: Unjudged;
  refusal: boolean;
  /** The beginning of what the model thought before it, which is no part of the answer. */
  reasoning?: string;
  /** The turn of a session that it answers, from 2 on; absent for the first. */
  turn?: number;
  /** Only its beginning: a live answer that was cut, or that nobody read on. */
  unfinished?: true;
  /** The model that a live answer says it is of, where it says one. */
  model?: string;
  /** The tools that it calls; absent where it is an answer. */
  calls?: { name: string; arguments: string }[];
}

export interface CallEvent {
  e: 'call';
  t: Ms;
  /** From 1, in order of scheduled arrival. */
  call: number;
  sample: string;
  /** The scheduled arrival; earlier than t where a closed loop was late. */
  due: Ms;
  /** The call whose prompt this one repeats word for word; absent for a new question. */
  repeats?: number;
  /** The call whose asker comes back with this one, in other words; absent for all others. */
  follows?: number;
  /** Id of the TextEvent that a healthy primary sends for this call; absent where it has none. */
  healthy?: string;
  /** A healthy call beside the others: no fault touches it, and it is in no figure but its own. */
  canary?: true;
}

/** What was injected into an attempt, one event per effect. */
export interface EffectEvent {
  e: 'effect';
  t: Ms;
  attempt: number;
  /** Index into the scenario's `faults`; -1: the provider's own objection to the request. */
  rule: number;
  fault: string;
  effect: unknown;
}

export interface ReplyEvent {
  e: 'reply';
  t: Ms;
  attempt: number;
  status: number;
  /** Machine-readable class of an error (status or in-band), null for a success. */
  reason: string | null;
  /** The retry hint in ms, where one was sent that can be read; null where unusable or none. */
  hintMs?: number | null;
  shouldRetry?: boolean;
  /** Id of the TextEvent that this reply is the beginning of. */
  text?: string;
  /** How many tools it calls; absent where none. */
  calls?: number;
  /** Its frames come as recorded, or as fast; absent: at the target's pace. */
  times?: 'recorded' | 'recorded-speed';
}

/** The chain ran a tool for a call: a side effect. */
export interface ToolEvent {
  e: 'tool';
  t: Ms;
  call: number;
  name: string;
  /** As the chain gave them, as a JSON text. */
  arguments: string;
  /** False where the tool cannot take the arguments; nothing was run then. */
  ok: boolean;
}

/** What the caller of the chain got. */
export interface AnswerEvent {
  e: 'answer';
  t: Ms;
  call: number;
  kind: 'text' | 'error' | 'aborted';
  /** First payload character at the caller; null where none came. */
  first: Ms | null;
  /** Whether text had reached the caller before an error. */
  chars: number;
  /** Id of the TextEvent that it equals; else `text` has it. */
  same?: string;
  text?: string;
  /** 0..1 by the sample's checks, null where it is not scored. */
  score: number | null;
  /** Why it has no score, where a judge should have given it. */
  unjudged?: Unjudged;
  /** False where the sample demands a schema and the text does not parse. */
  wellFormed?: false;
  error?: CallerError;
  meta?: Meta;
}

/** What the chain declares about its answer. */
export interface Meta {
  /** provider/model that served; `cache`, or `degraded`. */
  served?: string;
  /** Age of a cached answer in ms. */
  cachedMs?: number;
  degraded?: boolean;
  /** The targets tried, in order. */
  hops?: Hop[];
  /** Tokens over all attempts that are billed, failed ones too. */
  usage?: DeclaredUsage | null;
  /** What they cost. */
  costUsd?: Counted;
}

/** A number that a chain gives. NaN is none in JSON, and is told from "not known". */
export type Counted = number | 'NaN' | null;

export interface DeclaredUsage {
  input?: Counted;
  output?: Counted;
}

/** A call that had no outcome when the trial ended. */
export interface HungEvent {
  e: 'hung';
  t: Ms;
  call: number;
  /** proven: nothing can end it; cut: open after the drain; spinning: ended by the watchdog. */
  how: 'proven' | 'cut' | 'spinning';
}

/** The chain threw where nothing catches it, or ended its process: every open call is lost. */
export type CrashEvent = { e: 'crash'; t: Ms; error: CallerError };

export type HistoryEvent =
  | TrialEvent
  | JudgedEvent
  | TextEvent
  | CallEvent
  | AttemptEvent
  | EffectEvent
  | ReplyEvent
  | EndEvent
  | ToolEvent
  | AnswerEvent
  | CallerEvent
  | ReleasedEvent
  | HungEvent
  | CrashEvent
  | CloseEvent;

/** Takes events in order. */
export type Recorder = (event: HistoryEvent) => void;
