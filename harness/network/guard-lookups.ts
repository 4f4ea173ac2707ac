// The guard's part for name look-ups, which would leave the machine by way of the system's
// resolver.
import type { Patches } from '../clock/patches.ts';
import { type Departure, EPERM, guardNative, notPermitted, type Refuses } from './departure.ts';
import type { NativeBindings } from './native-bindings.ts';

interface LookupRequest {
  oncomplete(error: unknown, result?: unknown): void;
  hostname: string;
  callback?: unknown;
}

/** Name look-ups answer through their request object, also when they are refused. */
export function guardLookups(
  patches: Patches,
  { cares, channel, lookups }: NativeBindings,
  refuses: Refuses,
  onFound: (address: string) => void,
): void {
  const lookup = ([, host]: unknown[]): Departure => ({ kind: 'lookup', what: String(host) });
  const refusal = ([request]: unknown[]): number => {
    process.nextTick(() => (request as LookupRequest).oncomplete(EPERM));
    return 0;
  };
  const learning = ([request, host]: unknown[]): Departure => {
    learnAddresses(request as LookupRequest, onFound);
    return lookup([request, host]);
  };
  guardNative(patches, refuses, cares, 'getaddrinfo', learning, refusal);
  guardNative(patches, refuses, cares, 'getnameinfo', lookup, refusal);
  for (const name of Object.getOwnPropertyNames(channel)) {
    if (/^query|^getHostBy/.test(name)) {
      guardNative(patches, refuses, channel, name, lookup, refusal);
    }
  }
  guardLookupPromises(patches, lookups, refuses, onFound);
}

function learnAddresses(request: LookupRequest, onFound: (address: string) => void): void {
  const { oncomplete } = request;
  request.oncomplete = function (this: LookupRequest, error, addresses) {
    if (Array.isArray(addresses)) for (const address of addresses) onFound(String(address));
    oncomplete.call(this, error, addresses);
  };
}

/**
 * `dns.promises` keeps the native functions to itself. What it cannot help is to make a request and
 * to give it `oncomplete`, which is the moment to refuse: it throws, and the promise rejects.
 */
function guardLookupPromises(
  patches: Patches,
  requests: object[],
  refuses: Refuses,
  onFound: (address: string) => void,
): void {
  for (const prototype of requests) {
    patches.define(prototype, 'oncomplete', {
      set(this: LookupRequest, oncomplete: LookupRequest['oncomplete']) {
        const own = { value: oncomplete, writable: true, enumerable: true, configurable: true };
        Object.defineProperty(this, 'oncomplete', own);
        if (this.callback !== undefined) return;
        const { hostname } = this;
        if (refuses({ kind: 'lookup', what: hostname })) {
          throw notPermitted(`Failed to look up ${hostname}`);
        }
        learnAddresses(this, onFound);
      },
    });
  }
}
