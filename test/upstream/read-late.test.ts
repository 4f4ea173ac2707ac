import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readLate } from '../../harness/upstream/read-late.ts';
import { delivered, pace, reply, terminal } from '../deliveries.ts';

it('makes everything so much later, and nothing else', () => {
  fc.assert(
    fc.property(reply, pace, fc.option(terminal), fc.nat(90_000), (from, at, effect, forMs) => {
      const before = delivered(from, at, effect);
      const after = readLate(before, [{ kind: 'unread', forMs }]);
      expect(after).toEqual({
        ...before,
        headersAtMs: before.headersAtMs === null ? null : before.headersAtMs + forMs,
        times: before.times.map((time) => time + forMs),
        end: { ...before.end, atMs: before.end.atMs + forMs },
      });
    }),
  );
});

it('delays a connection that breaks, not one that was never made', () => {
  const unread = [{ kind: 'unread', forMs: 500 } as const];
  for (const how of ['reset', 'fin'] as const) {
    expect(readLate({ kind: 'broken', how, atMs: 5 }, unread)).toMatchObject({ how, atMs: 505 });
  }
  for (const how of ['refused', 'dns', 'tls'] as const) {
    expect(readLate({ kind: 'broken', how, atMs: 5 }, unread)).toMatchObject({ how, atMs: 5 });
  }
});

it('never answers a request that is never read', () => {
  const never = readLate({ kind: 'broken', how: 'reset', atMs: 5 }, [
    { kind: 'unread', forMs: null },
  ]);
  expect(never).toMatchObject({ headersAtMs: null, frames: [], end: { how: 'never' } });
});
