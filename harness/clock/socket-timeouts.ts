// Socket timeouts on virtual time. node:http, its agents and libraries over it set them through
// `net.Socket.prototype.setTimeout`, which uses a timer inside Node that no global reaches.
import { Socket } from 'node:net';
import type { Patches } from './patches.ts';
import { isRunning } from './virtual-clock.ts';
import { VirtualTimeout } from './virtual-timers.ts';

/** The parts of a socket that its type declarations leave out. */
interface Inside {
  setTimeout(timeoutMs: number, callback?: () => void): Socket;
  _unrefTimer(): void;
  _destroy(error: Error | null, callback: (error?: Error | null) => void): void;
  _onTimeout(): void;
  _parent: Socket | null;
}

const timeouts = new WeakMap<Socket, VirtualTimeout>();

function inside(socket: Socket): Inside {
  return socket as unknown as Inside;
}

function disarm(socket: Socket): void {
  timeouts.get(socket)?.close();
  timeouts.delete(socket);
}

function arm(socket: Socket, timeoutMs: number): void {
  const expire = (): void => {
    if (!socket.destroyed) inside(socket)._onTimeout();
  };
  timeouts.set(socket, new VirtualTimeout(expire, timeoutMs, [], false).unref());
}

export function patchSocketTimeouts(patches: Patches): void {
  const prototype = inside(Socket.prototype);
  const { setTimeout: nodeSetTimeout, _unrefTimer: nodeTouch, _destroy: nodeDestroy } = prototype;

  patches.set(prototype, 'setTimeout', function (this: Socket, ms: number, callback?: () => void) {
    const refused = typeof ms !== 'number' || !(ms >= 0) || !Number.isFinite(ms);
    if (!isRunning() || this.destroyed || refused) return nodeSetTimeout.call(this, ms, callback);
    disarm(this);
    Object.assign(this, { timeout: ms });
    if (ms > 0) {
      arm(this, ms);
      if (callback !== undefined) this.once('timeout', callback);
    } else if (callback !== undefined) this.removeListener('timeout', callback);
    return this;
  });

  patches.set(prototype, '_unrefTimer', function (this: Socket) {
    for (let socket: Socket | null = this; socket; socket = inside(socket)._parent) {
      timeouts.get(socket)?.refresh();
    }
    nodeTouch.call(this);
  });

  patches.set(
    prototype,
    '_destroy',
    function (this: Socket, ...args: Parameters<Inside['_destroy']>) {
      disarm(this);
      nodeDestroy.apply(this, args);
    },
  );
}
