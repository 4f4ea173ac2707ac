// How often each rule of the scenario met a request. One that never did has tested nothing: a word
// misspelt, a provider that the chain never asks, a window without calls.
import { effectMember } from '../outcome/effect-member.ts';
import type { Scorer } from './scorer.ts';

/** One rule, in file order. */
interface Met {
  fault: string;
  met: number;
}

/** What is left of a limit that turned nobody down: the request was not touched. */
export function isOnlyTold(effect: unknown): boolean {
  return effectMember(effect, 'kind') === 'limits';
}

export const faults: Scorer<Met[], Met[]> = {
  name: 'faults',
  start: ({ trial }) => trial.setting.rules.map((fault) => ({ fault, met: 0 })),
  event(state, event) {
    if (event.e !== 'effect' || isOnlyTold(event.effect)) return;
    const rule = state[event.rule];
    if (rule) rule.met++;
  },
  end: (state) => state.map((rule) => ({ ...rule })),
  merge: (a, b) => a.map(({ fault, met }, index) => ({ fault, met: met + (b[index]?.met ?? 0) })),
  figures: (tally) => ({ faults: tally }),
};
