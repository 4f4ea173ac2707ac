// Who asked what, word for word: requests are in no history, and whoever lints them needs them. A
// wire that decodes a request tells of it; the number of its attempt is that of the history,
// because every decoded request becomes one attempt, in this order.
import type { Asked, Wire } from '../wires/wire.ts';

export function watchedWires(
  wires: Wire[],
  seen: ((attempt: number, asked: Asked) => void) | undefined,
): Wire[] {
  if (!seen) return wires;
  let attempts = 0;
  return wires.map((wire) => ({
    ...wire,
    decode(request) {
      const asked = wire.decode(request);
      if (asked) seen(++attempts, asked);
      return asked;
    },
  }));
}
