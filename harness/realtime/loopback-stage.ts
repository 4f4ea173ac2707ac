// The providers of one trial behind a server on 127.0.0.1. It is there before the trial begins, so
// that a gateway can be told where its providers are; who asks before that is told to come back.
import { HarnessError, messageOf } from '../errors.ts';
import type { Loopback } from '../network/loopback.ts';
import { openLoopback } from '../network/loopback.ts';
import type { Network, Stage } from '../network/network.ts';
import type { Upstream } from '../upstream/upstream.ts';

export interface LoopbackStage extends Pick<Network, 'enter' | 'leave'>, Loopback {}

/** `port` 0: a free one. Rejects with HarnessError where it is taken. */
export async function openLoopbackStage(port = 0): Promise<LoopbackStage> {
  let stage: Stage | null = null;
  const upstream = {
    receive: (...asked: Parameters<Upstream['receive']>) => {
      if (stage) return stage.upstream.receive(...asked);
      throw new HarnessError(`${asked[0].url} was asked while no trial was running`);
    },
  };
  const server = await openLoopback({
    upstream,
    // The ticket in the prompt says it: there is no scope that reaches into another process.
    attribute: () => null,
    // Before and after the trial there is nobody to tell: whoever asked is hung up on.
    fail: (error) => stage?.fail(error),
    port,
  }).catch((error: unknown) => {
    throw new HarnessError(`providers cannot be played on port ${port}: ${messageOf(error)}`);
  });
  return {
    ...server,
    enter: (next) => {
      stage = next;
    },
    leave: () => {
      stage = null;
    },
  };
}
