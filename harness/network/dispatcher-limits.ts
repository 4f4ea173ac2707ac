// When fetch gives up by itself: undici's limits, or those of the dispatcher that the chain chose
// for a request or for all of them. Dispatchers keep their options under symbols; what cannot be
// read (proxies, wrappers) has undici's defaults.
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
  const options = { headersTimeout: undefined, bodyTimeout: undefined, ...(kept('options') ?? {}) };
  return {
    headersMs: seenMs(options.headersTimeout ?? kept('headers timeout'), undiciLimits.headersMs),
    bodyMs: seenMs(options.bodyTimeout ?? kept('body timeout'), undiciLimits.bodyMs),
  };
}

/** undici's clock ticks every half second, and the first tick counts for nothing; 0 is no limit. */
function seenMs(limitMs: unknown, otherwise: number): number {
  if (typeof limitMs !== 'number' || limitMs === 300_000) return otherwise;
  if (limitMs === 0) return Number.POSITIVE_INFINITY;
  return Math.max(1000, (Math.floor(limitMs / 500) + 1) * 500);
}
