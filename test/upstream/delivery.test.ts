import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Position } from '../../harness/faults/effect.ts';
import { deliver, deliverRejection } from '../../harness/upstream/delivery.ts';
import type { Pace } from '../../harness/upstream/pace.ts';
import type { Frame } from '../../harness/wires/wire.ts';
import {
  additions,
  bytesOf,
  delivered,
  errorFrames,
  frame,
  inBody,
  own,
  pace,
  position,
  rejection,
  reply,
  stream,
  terminal,
  whole,
} from '../deliveries.ts';

describe('whatever the frames, the pace and the effect', () => {
  const anything = fc.tuple(reply, pace, fc.option(terminal));

  it('times never go back, and there is one for each frame', () => {
    fc.assert(
      fc.property(anything, ([from, at, effect]) => {
        const { headersAtMs, frames, times, end } = delivered(from, at, effect);
        expect(times).toHaveLength(frames.length);
        const order = [headersAtMs ?? 0, ...times, end.atMs];
        expect(order).toEqual(order.toSorted((a, b) => a - b));
        expect(times.every(Number.isInteger)).toBe(true);
      }),
    );
  });

  it('bytes of the answer are a beginning of the healthy ones', () => {
    fc.assert(
      fc.property(anything, ([from, at, effect]) => {
        const sent = bytesOf(own(delivered(from, at, effect)));
        expect(sent).toEqual(bytesOf(from.frames).slice(0, sent.length));
      }),
    );
  });

  it('the response ends completely only if all of it was sent, or an error in its place', () => {
    fc.assert(
      fc.property(anything, ([from, at, effect]) => {
        const response = delivered(from, at, effect);
        const all = bytesOf(own(response)).length === bytesOf(from.frames).length;
        const inError = effect?.kind === 'error-event';
        if (response.end.how === 'complete') expect(all || inError).toBe(true);
        if (response.end.how === 'short')
          expect(all && response.frames.length > 0 && bytesOf(from.frames).length > 0).toBe(false);
      }),
    );
  });

  it('is the same each time, and changes nothing that it is given', () => {
    fc.assert(
      fc.property(anything, ([from, at, effect]) => {
        const before = structuredClone({ from, at, effect });
        expect(delivered(from, at, effect)).toEqual(delivered(from, at, effect));
        expect({ from, at, effect }).toEqual(before);
      }),
      { numRuns: 50 },
    );
  });
});

describe('a cut', () => {
  const cut = fc.tuple(reply, pace, inBody, fc.constantFrom('reset' as const, 'fin' as const));

  it('that is clean never sends a marker that it cut', () => {
    fc.assert(
      fc.property(reply, pace, inBody, (from, at, place) => {
        const { frames, end } = delivered(from, at, { kind: 'cut', at: place, how: 'clean' });
        const markers = frames.filter(({ marker }) => marker).length;
        const missing = bytesOf(frames).length < bytesOf(from.frames).length;
        if (missing) {
          expect(end.how).toBe('short');
          expect(markers).toBeLessThan(from.frames.filter(({ marker }) => marker).length);
        } else
          expect(frames.map(({ marker }) => marker)).toEqual(
            from.frames.map(({ marker }) => marker),
          );
      }),
    );
  });

  it('before the marker ends a stream without any', () => {
    fc.assert(
      fc.property(stream, pace, (from, at) => {
        const { frames } = delivered(from, at, { kind: 'cut', at: { at: 'marker' }, how: 'clean' });
        expect(frames.some(({ marker }) => marker)).toBe(false);
      }),
    );
  });

  it('breaks at least a step after the last byte: together they would never be seen', () => {
    fc.assert(
      fc.property(cut, ([from, at, place, how]) => {
        const { times, headersAtMs, end } = delivered(from, at, { kind: 'cut', at: place, how });
        expect(end).toMatchObject({ how });
        expect(end.atMs).toBeGreaterThan(times.at(-1) ?? headersAtMs ?? 0);
      }),
    );
  });

  it('beyond the end is at the end', () => {
    const beyond: Position[] = [
      { at: 'tokens', count: 1e6 },
      { at: 'event', index: 1e6 },
    ];
    fc.assert(
      fc.property(reply, pace, fc.constantFrom(...beyond), (from, at, place) => {
        const healthy = delivered(from, at, null);
        expect(delivered(from, at, { kind: 'cut', at: place, how: 'clean' })).toEqual(healthy);
        const { frames, end } = delivered(from, at, { kind: 'cut', at: place, how: 'reset' });
        expect(frames).toEqual(from.frames);
        expect(end.how).toBe('reset');
        expect(delivered(from, at, { kind: 'stall', at: place, forMs: 500 })).toEqual(healthy);
      }),
    );
  });
});

describe('a stall', () => {
  it('for a time shifts what comes after it by that time, and loses nothing', () => {
    fc.assert(
      fc.property(stream, pace, position, fc.nat(60_000), (from, at, place, forMs) => {
        const healthy = delivered(from, at, null);
        const { frames, times } = delivered(from, at, { kind: 'stall', at: place, forMs });
        expect(bytesOf(frames)).toEqual(bytesOf(from.frames));
        const shifts = times.map((time, i) => time - (healthy.times[i] ?? 0));
        expect(shifts.every((shift) => shift === 0 || shift === forMs)).toBe(true);
        expect(shifts).toEqual(shifts.toSorted((a, b) => a - b));
      }),
    );
  });

  it('for ever never ends, and at the headers sends nothing', () => {
    fc.assert(
      fc.property(reply, pace, position, (from, at, place) => {
        const { headersAtMs, frames, end } = delivered(from, at, {
          kind: 'stall',
          at: place,
          forMs: null,
        });
        expect(end).toEqual({ how: 'never', atMs: Number.POSITIVE_INFINITY });
        expect(headersAtMs === null).toBe(place.at === 'headers');
        if (place.at === 'headers') expect(frames).toEqual([]);
      }),
    );
  });
});

describe('an error inside a 200', () => {
  it('takes the place of all that would have come, and is told what went before it', () => {
    fc.assert(
      fc.property(stream, pace, inBody, (from, at, place) => {
        let before: readonly Frame[] = [];
        const delivery = deliver(
          from,
          at,
          { kind: 'error-event', at: place, rejection },
          {
            ...additions,
            inBand: (sent) => {
              before = sent;
              return errorFrames;
            },
          },
        );
        expect(delivery).toMatchObject({ status: 200, frames: [...before, ...errorFrames] });
        expect(before).toEqual(from.frames.slice(0, before.length));
      }),
    );
  });

  it('is the whole body where there is no stream', () => {
    fc.assert(
      fc.property(whole, pace, inBody, (from, at, place) => {
        const { frames } = delivered(from, at, { kind: 'error-event', at: place, rejection });
        expect(frames).toEqual(errorFrames);
      }),
    );
  });
});

describe('the healthy times', () => {
  const at: Pace = { ttftMs: 400, tokensPerSecond: 10, rejectMs: 80 };

  it('of a stream: headers half way, the first payload at its time, then at the token rate', () => {
    const frames = ['preamble', 'payload', 'payload', 'payload', 'closing'] as const;
    const from = {
      status: 200,
      headers: [],
      sse: true,
      frames: frames.map((role) => frame(role, 4)),
    };
    const { headersAtMs, times } = delivered(from, at, null);
    expect([headersAtMs, ...times]).toEqual([200, 200, 400, 500, 600, 600]);
  });

  it('of a body at once: when its last token would have come', () => {
    const from = { status: 200, headers: [], sse: false, frames: [frame('whole', 40)] };
    expect(delivered(from, at, null)).toMatchObject({ headersAtMs: 1400, times: [1400] });
  });

  it('of a rejection and of a broken connection: at once', () => {
    const from = { status: 429, headers: [], sse: false, frames: [frame('whole', 40)] };
    expect(deliverRejection(from, at)).toMatchObject({
      headersAtMs: 80,
      times: [80],
      end: { how: 'complete', atMs: 80 },
    });
    const broken = deliver(from, at, { kind: 'connection', how: 'dns' }, additions);
    expect(broken).toEqual({ kind: 'broken', how: 'dns', atMs: 80 });
  });
});
