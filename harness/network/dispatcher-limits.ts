// When fetch gives up by itself: undici's limits, or those of the dispatcher that the chain chose
// for a request or for all of them. Dispatchers keep their options under symbols, and a function in
// front of the global one says them as it is called; what cannot be read has undici's defaults.
import type { ClientLimits } from './virtual-response.ts';

/** undici's defaults: both 300 s, seen a second late because its clock is coarse. */
export const undiciLimits: ClientLimits = { headersMs: 301_000, bodyMs: 301_000 };

const known = new WeakMap<object, ClientLimits>();
/** Where undici 7 (Node's own) and 8 keep the dispatcher of all requests. */
const globalKeys = ['undici.globalDispatcher.2', 'undici.globalDispatcher.1'].map(Symbol.for);

/** The limits of a request with these options. */
export function limitsOf(init: RequestInit | undefined): ClientLimits {
  const own: unknown = init === undefined ? undefined : Reflect.get(init, 'dispatcher');
  const dispatcher = own ?? globalDispatcher();
  if (typeof dispatcher !== 'object' || dispatcher === null) return undiciLimits;
  let limits = known.get(dispatcher);
  if (!limits) {
    limits = read(dispatcher);
    known.set(dispatcher, limits);
  }
  return limits;
}

function globalDispatcher(): unknown {
  for (const key of globalKeys) {
    const dispatcher: unknown = Reflect.get(globalThis, key);
    if (dispatcher !== undefined) return dispatcher;
  }
  return undefined;
}

function read(dispatcher: object): ClientLimits {
  const kept = (name: string): unknown => {
    const symbol = Object.getOwnPropertySymbols(dispatcher).find((one) => one.description === name);
    return symbol && Reflect.get(dispatcher, symbol);
  };
  const told = kept('options') ?? toldInFront(dispatcher) ?? {};
  const options = { headersTimeout: undefined, bodyTimeout: undefined, ...told };
  return {
    headersMs: seenMs(options.headersTimeout ?? kept('headers timeout'), undiciLimits.headersMs),
    bodyMs: seenMs(options.bodyTimeout ?? kept('body timeout'), undiciLimits.bodyMs),
  };
}

/**
 * What a plain `{ dispatch }` hands on to the global dispatcher, as Google's SDK writes one. It is
 * given a request without an origin, which no dispatcher sends.
 */
function toldInFront(dispatcher: object): object | null {
  if (Object.getPrototypeOf(dispatcher) !== Object.prototype) return null;
  const dispatch: unknown = Reflect.get(dispatcher, 'dispatch');
  if (typeof dispatch !== 'function') return null;
  const before = globalKeys.map((key): unknown => Reflect.get(globalThis, key));
  let told: object | null = null;
  const ear = {
    dispatch(options: object): boolean {
      told = options;
      return true;
    },
  };
  for (const key of globalKeys) Reflect.set(globalThis, key, ear);
  try {
    dispatch.call(dispatcher, {}, {});
  } catch {
    // One that does not even hand on such a request keeps its limits to itself.
  } finally {
    for (const [index, key] of globalKeys.entries()) {
      if (before[index] === undefined) Reflect.deleteProperty(globalThis, key);
      else Reflect.set(globalThis, key, before[index]);
    }
  }
  return told;
}

/** undici's clock ticks every half second, and the first tick counts for nothing; 0 is no limit. */
function seenMs(limitMs: unknown, otherwise: number): number {
  if (typeof limitMs !== 'number' || limitMs === 300_000) return otherwise;
  if (limitMs === 0) return Number.POSITIVE_INFINITY;
  return Math.max(1000, (Math.floor(limitMs / 500) + 1) * 500);
}
