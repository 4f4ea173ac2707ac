// One row of the table of what SDKs make of a fault: the fault, and what is seen, as literals.
import type { Effect } from '../../harness/faults/effect.ts';
import type { Delivery } from '../../harness/upstream/delivery.ts';
import type { WireName } from '../../harness/wires/wire-name.ts';
import type { ClientName } from './parity-clients.ts';

export type Answered = Delivery & { kind: 'response' };

/** A range of ms, both ends included. */
export type Range = [from: number, to: number];

export interface Row {
  name: string;
  /**
   * A rule as in a scenario, an effect as a fault decides it, or an answer that is bent by hand.
   */
  fault:
    | { rule: Record<string, unknown> }
    | { effect: Effect }
    | { bend: (healthy: Answered, wire: WireName) => Delivery };
  /** Which answer the providers have; `plain` unless told. */
  sample?: SampleName;
  /**
   * What each client sees, in words of `seenBy`; clients that the row is not about are left out.
   * A name without its second word stands for all three ways, the more exact name wins.
   */
  sees: Sees;
  /** Requests on the wire, where not for all the same by API. */
  requests: number | Partial<Record<Api | ClientName, number>>;
  /** Between the starts of one request and the next. */
  gaps?: Range[] | Partial<Record<Api | ClientName, Range[]>>;
}

export type Api = 'chat' | 'responses' | 'messages' | 'gemini' | 'embeddings';
export type Sees = Partial<Record<Api | ClientName, string>>;
export type SampleName = 'plain' | 'wide' | 'empty' | 'filtered' | 'refused' | 'cut-off';

/** The SDKs' own waits: 0.5 s, then 1 s, less up to a quarter; and the time to the reply. */
export const backoff: Range[] = [
  [375, 520],
  [750, 1020],
];

/** The same, after a timeout of 1 s. */
export const backoffAfterTimeout: Range[] = [
  [1375, 1520],
  [1750, 2020],
];

export function requestsOf({ requests }: Row, client: ClientName): number | undefined {
  return typeof requests === 'number' ? requests : entryOf(requests, client);
}

export function gapsOf({ gaps = [] }: Row, client: ClientName): Range[] {
  return Array.isArray(gaps) ? gaps : (entryOf(gaps, client) ?? []);
}

/** The most exact entry of a table by client or API. */
export function entryOf<T>(
  table: Partial<Record<Api | ClientName, T>>,
  client: ClientName,
): T | undefined {
  const [api] = client.split(' ') as [Api];
  return table[client] ?? table[api];
}
