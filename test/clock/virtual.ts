// What the tests of time, randomness and the guard share: one trial on virtual time, and a picture
// of everything global that such a trial may change.
import nodeCrypto from 'node:crypto';
import dgram from 'node:dgram';
import dns from 'node:dns';
import net from 'node:net';
import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import workerThreads from 'node:worker_threads';
import zlib from 'node:zlib';
import { type Ending, installVirtualTime, type VirtualTime } from '../../harness/clock/clock.ts';
import { nativeBindings } from '../../harness/network/native-bindings.ts';

export const START_MS = Date.UTC(2025, 0, 6, 9, 30);

export interface Trial<T> {
  ending: Ending;
  value: T | undefined;
  virtualMs: number;
  timersLeft: number;
}

export interface TrialOptions {
  realWork?: boolean;
  untilMs?: number | (() => number);
  realWorkPatienceMs?: number;
  onBeat?(): void;
}

/** Runs `body` on virtual time until its promise settles; what it throws is thrown. */
export async function onVirtualTime<T>(
  body: (time: VirtualTime) => T | Promise<T>,
  options: TrialOptions = {},
): Promise<Trial<T>> {
  const { realWork = true, untilMs = 3_600_000, realWorkPatienceMs = 5000, onBeat } = options;
  const time = installVirtualTime({ startEpochMs: START_MS, realWork, realWorkPatienceMs });
  let settled = false;
  let value: T | undefined;
  let failure: { error: unknown } | undefined;
  const run = async (): Promise<void> => {
    try {
      value = await body(time);
    } catch (error) {
      failure = { error };
    } finally {
      settled = true;
    }
  };
  try {
    run();
    const ending = await time.drive({
      isDone: () => settled,
      untilMs,
      onBeat: () => onBeat?.(),
    });
    if (failure) throw failure.error;
    const virtualMs = time.now();
    return { ending, value, virtualMs, timersLeft: time.uninstall().timersLeft };
  } finally {
    time.uninstall();
  }
}

function owners(): object[] {
  // Node loads its fetch, which leaves marks on globalThis, when one of its names is first read.
  void globalThis.Response;
  const {
    tcp,
    pipe,
    udp,
    process: processes,
    channel,
    cares,
    spawnSync,
    lookups,
  } = nativeBindings();
  const gunzip = zlib.createGunzip() as unknown as { _handle: object; destroy(): void };
  const handle = Object.getPrototypeOf(gunzip._handle);
  gunzip.destroy();
  return [
    ...[globalThis, timers, timersPromises, timersPromises.scheduler, Performance.prototype],
    ...[performance, process, AbortSignal, Intl.DateTimeFormat.prototype, net.Socket.prototype],
    ...[handle, Object.getPrototypeOf(handle), WebAssembly, Math, nodeCrypto],
    ...[Object.getPrototypeOf(crypto), workerThreads, workerThreads.Worker, dns, dns.promises],
    ...[dgram, tcp, pipe, udp, processes, channel, cares, spawnSync],
    ...lookups,
  ];
}

type Properties = Map<string | symbol, PropertyDescriptor>;

/** Every property of every object that a trial may touch. */
export function globalState(): Properties[] {
  return owners().map((owner) => {
    const descriptors: [string | symbol, PropertyDescriptor][] = [];
    for (const key of Reflect.ownKeys(owner)) {
      const descriptor = Object.getOwnPropertyDescriptor(owner, key);
      if (descriptor) descriptors.push([key, descriptor]);
    }
    return new Map(descriptors);
  });
}

/** Names of the properties that came, went or are not identical. */
export function changed(before: Properties[], after: Properties[]): string[] {
  const names = before.flatMap((one, i) => {
    const other: Properties = after[i] ?? new Map();
    const keys = new Set([...one.keys(), ...other.keys()]);
    return [...keys].filter((key) => !identical(one.get(key), other.get(key)));
  });
  return names.map(String);
}

function identical(a?: PropertyDescriptor, b?: PropertyDescriptor): boolean {
  const keys = ['value', 'get', 'set', 'writable', 'enumerable', 'configurable'] as const;
  return keys.every((key) => Object.is(a?.[key], b?.[key]));
}
