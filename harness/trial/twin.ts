// Twins: a trial run once more with one thing changed, so that two decisions can be compared that
// ought to be the same. The plan adds them; a twin is never part of a scenario's figures.
import type { Effect } from '../faults/effect.ts';
import type { Traits } from '../faults/fault.ts';
import { stream } from '../rng.ts';
import type { Rule } from '../scenario/rule.ts';
import type { TwinKind } from '../twin-kind.ts';
import { twinKinds } from '../twin-kind.ts';
import type { Fired, Occasion, Schedule } from '../upstream/schedule.ts';
import { createSchedule } from '../upstream/schedule.ts';
import type { Wire } from '../wires/wire.ts';
import { inOtherWords } from './other-words.ts';

/** What a trial is drilled with; a twin has one of these changed. */
export interface TwinParts {
  schedule: Schedule;
  /** How a wire speaks in it. */
  bend(wire: Wire): Wire;
  /** Whether it has shown what it is there for: no more calls need to come. */
  isEnough(): boolean;
}

/** So often a rule has fired in a twin that is alike up to there: what follows shows no more. */
const enough = 20;

interface TwinOf {
  rules: Rule[];
  seed: number;
  /** ms since the trial's start. */
  now(): number;
  /** Whether the chain streams by itself; undefined where it cannot be told to or not. */
  stream: boolean | undefined;
}

/** `kind` null: the trial itself. */
export function twinParts(kind: TwinKind | null, of: TwinOf): TwinParts {
  const { rules, seed, now, stream } = of;
  const schedule = createSchedule(rules, seed);
  const whole = { schedule, bend: (wire: Wire) => wire, isEnough: () => false };
  if (kind === null) return whole;
  // Two kinds are alike up to what makes them twins. Of others no part stands for the whole; a
  // chain that cannot be told to stream or not has none of the last kind.
  if (kind !== 'words' && kind !== 'chunks') {
    const isEnough = (): boolean => kind === 'stream' && stream === undefined;
    return { ...whole, schedule: twinSchedule(schedule, kind), isEnough };
  }
  const wanted = rules.map((rule) => differs(rule, kind));
  const met = rules.map(() => 0);
  const counting: Schedule = {
    ...schedule,
    decide(occasion) {
      const fired = schedule.decide(occasion);
      for (const { rule, effect } of fired) {
        // Who counts requests has an effect on each of them, and turns few down.
        if (matters[kind](effect)) met[rule] = (met[rule] ?? 0) + 1;
      }
      return fired;
    },
  };
  const isOver = ({ toMs }: Rule): boolean => toMs !== null && now() >= toMs;
  return {
    schedule: twinSchedule(counting, kind),
    bend: kind === 'words' ? inOtherWords : whole.bend,
    isEnough: () => rules.every((rule, i) => !wanted[i] || (met[i] ?? 0) >= enough || isOver(rule)),
  };
}

interface Change {
  /** What fires instead of what does. */
  fired(all: Fired[]): Fired[];
  /** The occasion on which rules are asked. */
  occasion?(occasion: Occasion): Occasion;
}

const changes: Readonly<Record<TwinKind, Change>> = {
  status: { fired: (all) => all.map((one) => ({ ...one, effect: asStatus(one.effect) })) },
  // The wire says them: what fires is the same.
  words: { fired: (all) => all },
  chunks: { fired: inOtherReads },
  // Rules that ask for a stream, or for none, meet their twin all the same.
  stream: { fired: (all) => all, occasion: (one) => ({ ...one, stream: !one.stream }) },
};

function asStatus(effect: Effect): Effect {
  return effect.kind === 'error-event' ? { kind: 'reject', rejection: effect.rejection } : effect;
}

/** None where the trial has odd ones; else those at which careless readers trip. */
function inOtherReads(all: Fired[]): Fired[] {
  const plain = all.filter(({ effect }) => effect.kind !== 'rechunk');
  if (plain.length < all.length) return plain;
  return [...all, { rule: -1, fault: 'rechunk', effect: { kind: 'rechunk', seams: true } }];
}

/** The schedule with every effect changed as the twin wants it. */
export function twinSchedule(schedule: Schedule, kind: TwinKind): Schedule {
  const { fired, occasion = (one) => one } = changes[kind];
  return {
    decide: (one) => fired(schedule.decide(occasion(one))),
    takeBack: (moot) => schedule.takeBack(moot.filter(({ rule }) => rule >= 0)),
    forget: (call) => schedule.forget(call),
  };
}

/** The twins that a scenario's rules call for. `streams`: whether the chain may. */
export function twinsOf(rules: Rule[], streams = true): TwinKind[] {
  return twinKinds
    .filter((kind) => streams || kind !== 'chunks')
    .filter((kind) => rules.some((rule) => differs(rule, kind)));
}

/** What an ordinary request brings. */
export const plainTraits: Traits = {
  inputTokens: 100,
  maxTokens: null,
  parameters: ['model', 'messages'],
  prefill: false,
  images: 0,
  schema: false,
  tools: [],
  callIds: [],
  signatures: [],
  foreignIds: [],
  foreignSignatures: [],
};

/** Asks the fault for its effect on an attempt like any other. */
function differs(rule: Rule, kind: TwinKind): boolean {
  const effect = rule.arm()(
    {
      provider: 'any',
      model: 'any',
      region: null,
      key: null,
      foreignKey: false,
      wire: 'openai-chat',
      stream: true,
      call: 1,
      attempt: 1,
      now: rule.fromMs,
      asks: () => plainTraits,
    },
    stream(0, 'twin'),
  );
  // Who counts requests turns the first one down as rarely as any.
  if (kind === 'words' && rule.keepsState) return true;
  return effect !== null && matters[kind](effect);
}

/** Whether a twin of each kind could differ where such an effect is met. */
const matters: Readonly<Record<TwinKind, (effect: Effect) => boolean>> = {
  status: ({ kind }) => kind === 'error-event',
  words: (effect) =>
    (effect.kind === 'reject' && effect.rejection.body !== 'empty') ||
    (effect.kind === 'error-event' && effect.form !== 'finish-reason'),
  chunks: (effect) => {
    if (effect.kind === 'stall') return effect.at.at !== 'headers';
    return bending.has(effect.kind);
  },
  stream: (effect) => {
    if (effect.kind === 'degenerate') return refusing.has(effect.form);
    if (effect.kind !== 'reject' && effect.kind !== 'error-event') return false;
    return effect.rejection.reason === 'content-policy';
  },
};

/** What is done to the bytes of an answer that is on its way. */
const bending: ReadonlySet<Effect['kind']> = new Set([
  'cut',
  'error-event',
  'degenerate',
  'answer',
  'quirk',
  'omit',
  'bad-line',
  'rechunk',
]);

const refusing: ReadonlySet<string> = new Set(['content-filter', 'refusal']);
