// Twins: a trial run once more with one thing changed, so that two decisions can be compared that
// ought to be the same. The plan adds them; a twin is never part of a scenario's figures.
import type { Effect } from '../faults/effect.ts';
import type { Traits } from '../faults/fault.ts';
import { stream } from '../rng.ts';
import type { Rule } from '../scenario/rule.ts';
import type { Fired, Schedule } from '../upstream/schedule.ts';

export const twinKinds = ['status'] as const;

export type TwinKind = (typeof twinKinds)[number];

/** status: an error inside a 200 comes as the HTTP status that means the same. */
const changes: Record<TwinKind, (effect: Effect) => Effect> = {
  status: (effect) =>
    effect.kind === 'error-event' ? { kind: 'reject', rejection: effect.rejection } : effect,
};

/** The schedule with every effect changed as the twin wants it. */
export function twinSchedule(schedule: Schedule, kind: TwinKind): Schedule {
  const change = changes[kind];
  return {
    decide: (occasion) =>
      schedule.decide(occasion).map((fired): Fired => ({ ...fired, effect: change(fired.effect) })),
    takeBack: (fired) => schedule.takeBack(fired),
    forget: (call) => schedule.forget(call),
  };
}

/** The twins that a scenario's rules call for. */
export function twinsOf(rules: Rule[]): TwinKind[] {
  return twinKinds.filter((kind) => rules.some((rule) => differs(rule, kind)));
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
  return effect !== null && changes[kind](effect) !== effect;
}
