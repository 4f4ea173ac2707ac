// What an error status says by itself, in words that no provider owns: one table for faults that
// are given a status, and for errors that were recorded.
import type { Reason } from './rejection.ts';

const byStatus: Readonly<Record<number, Reason>> = {
  401: 'auth',
  402: 'billing',
  403: 'permission',
  404: 'not-found',
  408: 'timeout',
  409: 'conflict',
  413: 'too-large',
  429: 'rate-limit',
  503: 'overloaded',
  504: 'timeout',
  529: 'overloaded',
};

/** Null where a status says no more than whose fault it is. */
export function reasonByStatus(status: number): Reason | null {
  return byStatus[status] ?? null;
}

/** Of a status from 400 on. */
export function reasonOfStatus(status: number): Reason {
  return reasonByStatus(status) ?? faultOfStatus(status);
}

/** The request's below 500, else the server's. */
export function faultOfStatus(status: number): Reason {
  return status < 500 ? 'invalid-request' : 'server-error';
}
