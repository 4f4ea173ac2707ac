// Replies, paces and effects of every kind for delivery.test.ts.
import fc from 'fast-check';
import type { Position, TerminalEffect } from '../harness/faults/effect.ts';
import type { Additions, Delivery } from '../harness/upstream/delivery.ts';
import { deliver } from '../harness/upstream/delivery.ts';
import type { Pace } from '../harness/upstream/pace.ts';
import { replaying } from '../harness/upstream/pace.ts';
import type { Frame, FrameRole, Reply } from '../harness/wires/wire.ts';

export type Terminal = Exclude<TerminalEffect, { kind: 'reject' }>;
export type Response = Delivery & { kind: 'response' };

export const frame = (role: FrameRole, bytes: number, marker = false): Frame => ({
  bytes: new Uint8Array(bytes).map((_, i) => (i * 31 + bytes) % 251),
  role,
  chars: role === 'payload' || role === 'whole' ? bytes : 0,
  marker,
});

export const pace = fc
  .record<Pace>({
    ttftMs: fc.integer({ min: 1, max: 20_000 }),
    tokensPerSecond: fc.double({ min: 0.5, max: 500, noNaN: true }),
    rejectMs: fc.integer({ min: 1, max: 2000 }),
  })
  .chain((assumed) =>
    fc
      .option(fc.double({ min: 0.1, max: 10, noNaN: true }))
      .map((factor) => (factor === null ? assumed : replaying(assumed, factor))),
  );

/** A reply as it is, or with times of a recording. */
const recorded = (reply: Reply): fc.Arbitrary<Reply> =>
  fc
    .option(fc.tuple(fc.nat(5000), fc.array(fc.nat(900), { minLength: 1, maxLength: 8 })))
    .map((given) => {
      if (given === null) return reply;
      const [headersMs, gaps] = given;
      let atMs = 0;
      const frames = reply.frames.map((one, index) => {
        atMs += gaps[index % gaps.length] ?? 0;
        return { ...one, atMs };
      });
      return { ...reply, headersMs, frames };
    });

/** A stream as wires make it: what goes before, payload and keepalives, what closes it. */
export const stream = fc
  .tuple(
    fc.array(fc.constantFrom<FrameRole>('preamble', 'keepalive'), { maxLength: 3 }),
    fc.array(fc.constantFrom<FrameRole>('payload', 'payload', 'keepalive'), { maxLength: 12 }),
    fc.array(fc.boolean(), { maxLength: 3 }),
    fc.integer({ min: 1, max: 40 }),
  )
  .map(
    ([before, payload, closing, bytes]): Reply => ({
      status: 200,
      headers: [],
      sse: true,
      frames: [
        ...before.map((role) => frame(role, bytes)),
        ...payload.map((role, i) => frame(role, bytes + i)),
        ...closing.map((marker) => frame('closing', bytes, marker)),
        frame('closing', 6, true),
      ],
    }),
  )
  .chain(recorded);

export const whole = fc
  .nat(300)
  .map(
    (bytes): Reply => ({
      status: 200,
      headers: [],
      sse: false,
      frames: [frame('whole', bytes, true)],
    }),
  )
  .chain(recorded);

export const position = fc.oneof(
  fc.constantFrom<Position>(
    { at: 'headers' },
    { at: 'first-event' },
    { at: 'first-token' },
    { at: 'marker' },
  ),
  fc.nat(20).map((count): Position => ({ at: 'tokens', count })),
  fc.integer({ min: 1, max: 25 }).map((index): Position => ({ at: 'event', index })),
  fc.double({ min: 0, max: 1, noNaN: true }).map((share): Position => ({ at: 'share', share })),
);

export const rejection = { reason: 'overloaded' } as const;
export const inBody = position.filter(({ at }) => at !== 'headers');
export const terminal = fc.oneof(
  fc.record({
    kind: fc.constant('cut' as const),
    at: inBody,
    how: fc.constantFrom('reset' as const, 'fin' as const, 'clean' as const),
  }),
  fc.record({
    kind: fc.constant('stall' as const),
    at: position,
    forMs: fc.option(fc.nat(60_000)),
  }),
  fc.record({
    kind: fc.constant('error-event' as const),
    at: inBody,
    rejection: fc.constant(rejection),
  }),
);

export const errorFrames: Frame[] = [frame('error', 17), frame('error', 9)];
/** What a wire would add. */
export const additions: Additions = {
  inBand: () => errorFrames,
  keepalive: () => frame('keepalive', 3),
};
export const reply = fc.oneof(stream, whole);

export function delivered(from: Reply, at: Pace, effect: Terminal | null): Response {
  const delivery = deliver(from, at, effect, additions);
  if (delivery.kind !== 'response') throw new Error('no response');
  return delivery;
}

export const bytesOf = (frames: readonly Frame[]): number[] =>
  frames.flatMap(({ bytes }) => [...bytes]);
export const own = ({ frames }: Response): Frame[] => frames.filter(({ role }) => role !== 'error');
