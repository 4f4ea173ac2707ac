// Every order of a chain's targets, or of some of them.
import { InputError } from '../errors.ts';
import type { ChainValue, Variant } from './candidate.ts';
import { refuseMany } from './candidate.ts';

/** `upTo`: also chains of fewer targets, and none of more. `shown` is the file, for messages. */
export function permuted(value: ChainValue, upTo: number | null, shown: string): Variant[] {
  const targets = Array.isArray(value.targets) ? (value.targets as unknown[]) : [];
  if (targets.length < 2) {
    throw new InputError('--permute: there is one target, so that there is no other order', {
      file: shown,
    });
  }
  if (upTo !== null && upTo > targets.length) {
    throw new InputError(
      `--up-to ${upTo}: there are ${targets.length} targets: write at most ${targets.length}`,
      { file: shown },
    );
  }
  const most = upTo ?? targets.length;
  const sizes = upTo === null ? [most] : Array.from({ length: most }, (_, at) => most - at);
  const count = sizes.reduce((sum, size) => sum + arrangements(targets.length, size), 0);
  refuseMany(count, 'write a smaller --up-to, or a chain of fewer targets');
  const names = namesOf(targets);
  return sizes
    .flatMap((size) => [...orders(targets.length, size)])
    .map((order): Variant => {
      const name = order.map((at) => names[at]).join(' > ');
      return {
        name,
        value: { ...value, targets: order.map((at) => targets[at]) },
        words: upTo === null ? '--permute' : `--up-to ${upTo}`,
      };
    });
}

function arrangements(of: number, size: number): number {
  let count = 1;
  for (let left = of; left > of - size; left--) count *= left;
  return count;
}

/** Positions, in the order of a dictionary: the chain's own order comes first. */
function* orders(of: number, size: number, begun: number[] = []): Generator<number[]> {
  if (begun.length === size) {
    yield begun;
    return;
  }
  for (let at = 0; at < of; at++) {
    if (!begun.includes(at)) yield* orders(of, size, [...begun, at]);
  }
}

/** The model alone where that tells them apart; else with what does. */
function namesOf(targets: readonly unknown[]): string[] {
  const parts = targets.map((target) => {
    const given = typeof target === 'string' ? { model: target } : (target as ChainValue);
    const model = String(given.model);
    const more = [given.region, given.key, given.baseURL].find((each) => each !== undefined);
    const short = model.slice(model.indexOf('/') + 1);
    return { short, long: more === undefined ? model : `${short} (${String(more)})` };
  });
  return parts.map(({ short, long }) =>
    parts.filter((other) => other.short === short).length === 1 ? short : long,
  );
}
