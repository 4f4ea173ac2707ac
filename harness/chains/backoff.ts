// How long to wait before a further attempt on the same target: at least what the provider asks
// for, and never the same for two callers who were turned away in the same moment.
import type { RetrySettings } from './settings.ts';
import { wallNow } from './time.ts';

/** The first retry draws from `from` to this many times `from`; each further one doubles it. */
const spread = 4;
/** Callers are limited in crowds: they need more room to spread. */
const crowdSpread = 8;

/** ms before the retry with this number, from 1; after a rate limit (`crowd`) with more room. */
export function backoffMs(
  { backoff, jitter }: RetrySettings,
  retry: number,
  crowd: boolean,
  random: () => number,
): number {
  const { fromMs, toMs } = backoff;
  const doubled = fromMs * 2 ** (retry - 1);
  if (jitter === 'none') return Math.min(toMs, doubled);
  const ceiling = Math.min(toMs, doubled * (crowd ? crowdSpread : spread));
  return Math.round(fromMs + random() * (ceiling - fromMs));
}

/** The longest that a retry may have to wait. */
export function longestWaitMs(settings: RetrySettings): number {
  return settings.hintCapMs + backoffMs(settings, Math.max(1, settings.max), true, () => 1);
}

/** Header names in any case, as `Headers` reads them. */
export interface HeadersLike {
  get(name: string): string | null;
}

/** The wait that a response asks for in ms; null where it asks for none, or for nonsense. */
export function hintMs(headers: HeadersLike | null): number | null {
  const exact = headers?.get('retry-after-ms') ?? null;
  if (exact !== null) return usable(Number(exact === '' ? Number.NaN : exact));
  const given = headers?.get('retry-after')?.trim();
  if (!given) return null;
  const seconds = Number(given);
  return usable(Number.isNaN(seconds) ? Date.parse(given) - wallNow() : seconds * 1000);
}

function usable(ms: number): number | null {
  return Number.isFinite(ms) && ms >= 0 ? ms : null;
}
