// An HTTP client of the chain as transports see it: its timers, its patience, its errors. A leaf.
import type { Broken, Peer } from './client-errors.ts';

/** The timers of the trial: virtual in a drill. Ids are opaque. */
export interface Timers {
  set(run: () => void, ms: number): unknown;
  clear(id: unknown): void;
}

/** When a client gives up by itself; Infinity where it never does. */
export interface ClientLimits {
  /** ms without headers. */
  headersMs: number;
  /** ms without a byte of the body. */
  bodyMs: number;
}

/** What the chain's HTTP client makes of what happens below HTTP. */
export interface Client {
  limits: ClientLimits;
  /** What its responses say that they are from; null where it shows nobody a Response. */
  url: string | null;
  /** The error where no response came. */
  failed(how: Broken, peer: Peer): unknown;
  /** The error of a body whose connection ends. */
  terminated(how: Broken, peer: Peer): unknown;
}
