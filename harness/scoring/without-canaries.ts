// The one place where canary calls are kept out of the figures: of a history without anything that
// belongs to them.
import type { HistoryEvent } from '../history.ts';
import { OpenMap } from '../open-map.ts';

/** A filter for the events of one trial, in order: whether the event is of another call. */
export function withoutCanaries(): (event: HistoryEvent) => boolean {
  const calls = new Set<number>();
  const attempts = new OpenMap<true>();
  return (event) => {
    switch (event.e) {
      case 'call':
        if (event.canary) calls.add(event.call);
        return !event.canary;
      case 'attempt': {
        const own = event.call !== null && calls.has(event.call);
        if (own) attempts.set(event.attempt, true);
        return !own;
      }
      case 'effect':
      case 'reply':
        return !attempts.get(event.attempt);
      case 'end':
        return !attempts.delete(event.attempt);
      case 'tool':
      case 'answer':
      case 'caller':
      case 'released':
      case 'hung':
        return !calls.has(event.call);
      case 'trial':
      case 'judged':
      case 'text':
      case 'crash':
      case 'close':
        return true;
      default:
        return event satisfies never;
    }
  };
}
