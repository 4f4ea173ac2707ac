// Whether an effect has anything to disturb in the reply that it fell on. One that has not did not
// fire: a scenario that met nothing else has tested nothing, and has to say so.
import type { TerminalEffect } from '../faults/effect.ts';
import type { Reply } from '../wires/wire.ts';
import { reaches, splitAt } from './place.ts';

/** False behind the end of the reply, and where nothing is left to lose or to wait for. */
export function takesEffect(reply: Reply, effect: TerminalEffect): boolean {
  switch (effect.kind) {
    case 'error-event':
      // Without a stream the error is the whole body, wherever it would stand in one.
      return !reply.sse || reaches(reply, effect.at);
    case 'cut':
      return reaches(reply, effect.at) && (effect.how !== 'clean' || isBeforeEnd(reply, effect));
    case 'stall': {
      const endsElse = effect.forMs === null || effect.ends !== undefined;
      return reaches(reply, effect.at) && (endsElse || isBeforeEnd(reply, effect));
    }
    default:
      return true;
  }
}

function isBeforeEnd(reply: Reply, { at }: TerminalEffect & { kind: 'cut' | 'stall' }): boolean {
  // A stream without an event has headers yet.
  if (at.at === 'headers') return true;
  const { frames, index } = splitAt({ ...reply, times: reply.frames.map(() => 0) }, at);
  return index < frames.length;
}
