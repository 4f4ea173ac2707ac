// What a chain may not do, how it is reported, and how one native function is made to ask first.
import type { Patches } from '../clock/patches.ts';
import { HarnessError } from '../errors.ts';
import type { Native } from './native-bindings.ts';

/** Something that would leave: `what` is a host name or address, a path, a command or a script. */
export interface Departure {
  kind: 'connection' | 'lookup' | 'datagram' | 'process' | 'thread';
  what: string;
  port?: number;
}

/** Reports the departure and says true, unless it is allowed. */
export type Refuses = (departure: Departure) => boolean;

/** libuv's "operation not permitted": what native functions answer; Node makes it an error. */
export const EPERM = -1;
/** Of a command or path that is named in a sentence. */
const NAME_MAX = 200;

/** One sentence for the report. */
export function departureText({ kind, what, port }: Departure): string {
  const name = what.length > NAME_MAX ? `${what.slice(0, NAME_MAX)}...` : what;
  const at = port === undefined ? name : `${name} port ${port}`;
  switch (kind) {
    case 'connection':
      return `the chain tried to connect to ${at}, past the interception; nothing was sent`;
    case 'lookup':
      return `the chain tried to look up ${at} in the DNS; nothing was asked`;
    case 'datagram':
      return `the chain tried to send a datagram to ${at}; nothing was sent`;
    case 'process':
      return `the chain tried to start the process \`${at}\`; it was not started`;
    case 'thread':
      return `the chain tried to start the worker thread ${at}; it was not started`;
    default: {
      const never: never = kind;
      return never;
    }
  }
}

/**
 * Replaces one native function by one that asks first; `departureOf` reads the native's arguments.
 */
export function guardNative(
  patches: Patches,
  refuses: Refuses,
  owner: Record<string, Native>,
  name: string,
  departureOf: (args: unknown[]) => Departure | null,
  refusal: (args: unknown[]) => unknown = () => EPERM,
): void {
  const original = owner[name];
  if (original === undefined) {
    throw new HarnessError(`Failed to guard: Node ${process.versions.node} has no native ${name}`);
  }
  patches.set(owner, name, function (this: object, ...args: unknown[]) {
    const departure = departureOf(args);
    return departure && refuses(departure) ? refusal(args) : original.apply(this, args);
  });
}

/** For the caller, where Node makes no error of `EPERM`. */
export function notPermitted(what: string): Error {
  return Object.assign(new Error(`${what}: not permitted in a trial`), { code: 'EPERM' });
}
