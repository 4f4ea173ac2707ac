// The trial minute by minute, to see a fallback rate rise before availability falls.
// Calls count in the minute of their scheduled arrival, attempts in that of their start.
import { usable } from '../outcome/outcome-kinds.ts';
import { withReasons } from '../scoring/figures.ts';
import type { Scorer } from './scorer.ts';

/** One virtual minute, from 0. `calls` includes the aborted ones. */
export interface Minute {
  minute: number;
  calls: number;
  aborted: number;
  usable: number;
  /** Answers of targets other than the primary. */
  fallbacks: number;
  /** By provider. */
  attempts: Record<string, number>;
}

interface State {
  primary: string;
  minutes: Map<number, Minute>;
}

export const timeline: Scorer<State, Minute[]> = {
  name: 'timeline',
  start: (view) => ({ primary: view.trial.primary, minutes: new Map() }),
  event({ minutes }, event) {
    if (event.e !== 'attempt') return;
    const { attempts } = minuteAt(minutes, event.t);
    attempts[event.provider] = (attempts[event.provider] ?? 0) + 1;
  },
  call({ primary, minutes }, { call, outcome, servedBy }) {
    const minute = minuteAt(minutes, call.due);
    minute.calls++;
    if (outcome === 'aborted') minute.aborted++;
    if (usable.has(outcome)) minute.usable++;
    if (servedBy && servedBy.target !== primary) minute.fallbacks++;
  },
  end: ({ minutes }) => [...minutes.values()].sort((a, b) => a.minute - b.minute),
  merge(a, b) {
    const minutes = new Map(a.map((minute) => [minute.minute, minute]));
    for (const minute of b) {
      const own = minutes.get(minute.minute);
      minutes.set(minute.minute, own ? plus(own, minute) : minute);
    }
    return [...minutes.values()].sort((x, y) => x.minute - y.minute);
  },
  /** Without gaps: a minute in which nothing happened is there with zeros. */
  figures(tally) {
    const byMinute = new Map(tally.map((minute) => [minute.minute, minute]));
    const last = tally.at(-1)?.minute ?? -1;
    const timeline = Array.from({ length: last + 1 }, (_, minute) => {
      const { attempts, ...rest } = byMinute.get(minute) ?? empty(minute);
      return { ...rest, attempts: inOrder(attempts) };
    });
    return withReasons({ timeline });
  },
};

function minuteAt(minutes: Map<number, Minute>, t: number): Minute {
  const index = Math.floor(t / 60_000);
  let minute = minutes.get(index);
  if (!minute) {
    minute = empty(index);
    minutes.set(index, minute);
  }
  return minute;
}

function empty(minute: number): Minute {
  return { minute, calls: 0, aborted: 0, usable: 0, fallbacks: 0, attempts: {} };
}

function plus(a: Minute, b: Minute): Minute {
  const attempts = { ...a.attempts };
  for (const [provider, times] of Object.entries(b.attempts)) {
    attempts[provider] = (attempts[provider] ?? 0) + times;
  }
  return {
    minute: a.minute,
    calls: a.calls + b.calls,
    aborted: a.aborted + b.aborted,
    usable: a.usable + b.usable,
    fallbacks: a.fallbacks + b.fallbacks,
    attempts,
  };
}

function inOrder(record: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
