// Which rules fire on an attempt. Every rule draws from a stream of its own, named by its fault
// (and its number among rules of that fault), target and attempt, whether or not it is the one that
// wins: a rule of another fault, wherever it is put, never reshuffles the others.

import type { Effect } from '../faults/effect.ts';
import { isTerminal } from '../faults/effect.ts';
import type { AttemptView } from '../faults/fault.ts';
import { OpenMap } from '../open-map.ts';
import type { Rng } from '../rng.ts';
import { mix, stream } from '../rng.ts';
import type { Rule } from '../scenario/rule.ts';
import { holdsNumber } from '../scenario/units.ts';
import { isNamed } from '../starred.ts';

/** An attempt as the schedule needs to see it. */
export type Occasion = Omit<AttemptView, 'attempt'>;

/** An effect and the index of the rule that it came from. */
export interface Fired {
  rule: number;
  fault: string;
  effect: Effect;
}

export interface Schedule {
  /** Decides for one attempt; counts it. Terminal effects after the first are left out. */
  decide(occasion: Occasion): Fired[];
  /** These found nothing to disturb: their `times` are not used up. */
  takeBack(fired: readonly Fired[]): void;
  /** A call is over: its counters are dropped. */
  forget(call: number): void;
}

export function createSchedule(rules: Rule[], seed: number): Schedule {
  const seeds = rules.map((rule, index) => mix(seed, 'rule', rule.fault, alike(rules, index)));
  const armed = rules.map((rule) => rule.arm());
  const left = rules.map(({ times }) => times ?? Number.POSITIVE_INFINITY);
  /** Attempts of each open call by rule; calls are few at a time. */
  const seen = new OpenMap<Uint16Array>();
  const counted = (call: number, index: number): number => {
    let counts = seen.get(call);
    if (!counts) {
      counts = new Uint16Array(rules.length);
      seen.set(call, counts);
    }
    counts[index] = (counts[index] ?? 0) + 1;
    return counts[index] ?? 1;
  };
  return {
    decide(occasion) {
      const fired: Fired[] = [];
      let terminal = false;
      rules.forEach((rule, index) => {
        if (!matches(rule, occasion)) return;
        const attempt = counted(occasion.call, index);
        const rng = drawFor(rule, seeds[index] ?? 0, occasion, attempt);
        const drawn = rng.next();
        const chance = chanceAt(rule, occasion.now);
        if (rule.attempt && !holdsNumber(rule.attempt, attempt)) return;
        if (rule.call && !holdsNumber(rule.call, occasion.call)) return;
        if (drawn >= chance || left[index] === 0) return;
        // Who counts what it lets through must not count what another rule has ended.
        if (terminal && rule.keepsState) return;
        const effect = armed[index]?.({ ...occasion, attempt }, rng);
        if (!effect || (terminal && isTerminal(effect))) return;
        terminal ||= isTerminal(effect);
        // What only tells a limit has turned nobody down.
        if (effect.kind !== 'limits') left[index] = (left[index] ?? 0) - 1;
        fired.push({ rule: index, fault: rule.fault, effect });
      });
      return fired;
    },
    takeBack(fired) {
      for (const { rule, effect } of fired) {
        if (effect.kind !== 'limits') left[rule] = (left[rule] ?? 0) + 1;
      }
    },
    forget: (call) => {
      seen.delete(call);
    },
  };
}

/** What comes together is drawn once for all attempts, whatever their target. */
function drawFor(rule: Rule, seed: number, { model, call, now }: Occasion, attempt: number): Rng {
  if (rule.per === 'attempt') return stream(seed, model, call, attempt);
  if (rule.per === 'call') return stream(seed, 'call', call);
  return stream(seed, 'stretch', Math.floor((now - rule.fromMs) / rule.per));
}

/** How many rules of the same fault stand before this one: its place among others is no matter. */
function alike(rules: Rule[], index: number): number {
  return rules.slice(0, index).filter(({ fault }) => fault === rules[index]?.fault).length;
}

function matches(rule: Rule, occasion: Occasion): boolean {
  const { on } = rule;
  if (on.provider && !on.provider.includes(occasion.provider)) return false;
  if (on.model && !on.model.some((model) => isNamed(model, occasion.model))) return false;
  if (on.region && !(occasion.region !== null && on.region.includes(occasion.region))) return false;
  if (on.key && !(occasion.key !== null && on.key.includes(occasion.key))) return false;
  if (on.wire && !on.wire.includes(occasion.wire)) return false;
  return on.stream === undefined || on.stream === occasion.stream;
}

/** 0 outside the window; inside, the ramp's value at this moment. */
export function chanceAt(rule: Rule, now: number): number {
  if (now < rule.fromMs || (rule.toMs !== null && now >= rule.toMs)) return 0;
  if (rule.beat && (now - rule.fromMs) % rule.beat.everyMs >= rule.beat.forMs) return 0;
  if (rule.toMs === null || rule.chance.from === rule.chance.to) return rule.chance.from;
  const passed = (now - rule.fromMs) / (rule.toMs - rule.fromMs);
  return rule.chance.from + (rule.chance.to - rule.chance.from) * passed;
}
