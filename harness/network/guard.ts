// Fail closed: nothing that a chain does may leave the machine or this thread. The guard sits on
// Node's native handles, below MSW and below every module that captured a function early, and so
// sees only what slipped past interception. The caller gets an error; the report goes to the
// harness out of band, because a chain would take the error for a provider's failure and retry.
import { Patches } from '../clock/patches.ts';
import { type Departure, departureText, EPERM, guardNative, type Refuses } from './departure.ts';
import { guardLookups } from './guard-lookups.ts';
import { guardThreads } from './guard-threads.ts';
import { type NativeBindings, nativeBindings } from './native-bindings.ts';

export interface Guard {
  uninstall(): void;
}

/**
 * Starts to refuse, in this thread. `report` gets one sentence for each attempt. `allow` may let
 * one pass; addresses that an allowed look-up has found may then be connected to, unless `trusts`
 * is false.
 */
export function installGuard(
  report: (what: string) => void,
  allow: (departure: Departure) => boolean = () => false,
  trusts = true,
): Guard {
  const patches = new Patches();
  const found = new Set<string>();
  const refuses: Refuses = (departure) => {
    if (found.has(departure.what) || allow(departure)) return false;
    report(departureText(departure));
    return true;
  };
  const bindings = nativeBindings();
  guardSockets(patches, bindings, refuses);
  guardLookups(patches, bindings, refuses, (address) => {
    if (trusts) found.add(address);
  });
  guardProcesses(patches, bindings, refuses);
  const releaseThreads = guardThreads(patches, refuses);
  patches.publish();
  return {
    uninstall() {
      releaseThreads();
      patches.restore();
    },
  };
}

function guardSockets(
  patches: Patches,
  { tcp, pipe, udp }: NativeBindings,
  refuses: Refuses,
): void {
  for (const name of ['connect', 'connect6']) {
    guardNative(patches, refuses, tcp, name, ([, host, port]) => ({
      kind: 'connection',
      what: String(host),
      port: Number(port),
    }));
    guardNative(patches, refuses, udp, name, ([host, port]) => ({
      kind: 'datagram',
      what: String(host),
      port: Number(port),
    }));
  }
  guardNative(patches, refuses, pipe, 'connect', ([, path]) => ({
    kind: 'connection',
    what: String(path),
  }));
  for (const name of ['send', 'send6']) {
    // Without port and address the socket is connected, and `connect` has been asked.
    guardNative(patches, refuses, udp, name, ([, , , port, host]) =>
      typeof host === 'string' ? { kind: 'datagram', what: host, port: Number(port) } : null,
    );
  }
}

function guardProcesses(
  patches: Patches,
  { process: handle, spawnSync }: NativeBindings,
  refuses: Refuses,
): void {
  // Node 24 has gone over from one object of options to a list of arguments.
  const command = ([first, args]: unknown[]): Departure => {
    const options = typeof first === 'object' ? (first as { file: string; args?: string[] }) : null;
    const line = options ? (options.args ?? [options.file]) : ((args as string[]) ?? [first]);
    return { kind: 'process', what: line.join(' ') };
  };
  guardNative(patches, refuses, handle, 'spawn', command);
  guardNative(patches, refuses, spawnSync, 'spawn', command, () => ({
    error: EPERM,
    status: null,
    signal: null,
    output: null,
    pid: 0,
  }));
}
