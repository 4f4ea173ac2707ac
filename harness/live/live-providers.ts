// Real providers in the place of the answer book: who may be asked, what it may cost, and what they
// said so far. Vectors are made by the harness, as in any drill.
import { HarnessError } from '../errors.ts';
import type { Effect } from '../faults/effect.ts';
import type { KnownAnswer } from '../upstream/answer-book.ts';
import type { LiveProviders, Open } from '../upstream/live.ts';
import { LiveAttempt } from './live-attempt.ts';
import type { LiveOptions, LiveSource } from './way.ts';

/** Before a target's first stream. */
const typicalPieces = 16;

export function liveProviders(source: LiveSource): LiveProviders {
  const pieces = new Map<string, { streams: number; pieces: number }>();
  /** The last two answers of each target, to different samples. */
  const answers = new Map<string, KnownAnswer[]>();
  const options: LiveOptions = {
    ...source,
    typical(target) {
      const seen = pieces.get(target);
      return seen ? Math.round(seen.pieces / seen.streams) : typicalPieces;
    },
    said({ target }, known, count) {
      if (count !== null) {
        const seen = pieces.get(target) ?? { streams: 0, pieces: 0 };
        pieces.set(target, { streams: seen.streams + 1, pieces: seen.pieces + count });
      }
      const { answer, event } = known;
      if (answer.text === '' || answer.toolCalls.length > 0 || known.failure) return;
      const others = (answers.get(target) ?? []).filter((one) => one.event.sample !== event.sample);
      answers.set(target, [{ ...known, exact: null }, ...others].slice(0, 2));
    },
    another({ target, sample }) {
      const own = answers.get(target) ?? [];
      return own.find(({ event }) => event.sample !== sample?.id) ?? null;
    },
    recorded(target, { sample }) {
      const found = sample && source.book.find(sample.id, target, 0);
      if (found) return found;
      throw new HarnessError(
        `no recording of ${target} for the sample ${sample?.id}: a fault serves its answers`,
      );
    },
  };
  return {
    take(passing): Open | null {
      const { url, target, wire, asked, request, fired, from } = passing;
      if (wire.make || fired.some(({ effect }) => endsAll(effect))) return null;
      if (!source.mayAsk(url, target)) throw new HarnessError(unnamed(url));
      if (asked.key !== null) source.redaction.add(asked.key);
      const aside = source.spending.take(target, asked, request.body, from?.call ?? null);
      return (place) => {
        const live = new LiveAttempt(options, passing, place, aside);
        return { delivery: live.delivery, live };
      };
    },
  };
}

/** Whether nothing of a provider's answer would be left. */
function endsAll(effect: Effect): boolean {
  switch (effect.kind) {
    case 'reject':
    case 'connection':
      return true;
    case 'stall':
      return effect.at.at === 'headers' && effect.forMs === null;
    case 'unread':
      return effect.forMs === null;
    default:
      return false;
  }
}

function unnamed({ host }: Readonly<URL>): string {
  return `a request to ${host}, which is no host of the chain's targets: nothing was sent; live, only those are asked`;
}
