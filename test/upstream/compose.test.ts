import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Effect, FramePart } from '../../harness/faults/effect.ts';
import { parsed } from '../../harness/parsed-json.ts';
import { bent as bentBy, rechunked } from '../../harness/upstream/compose.ts';
import type { Delivery } from '../../harness/upstream/delivery.ts';
import { frameOf } from '../../harness/wires/frame.ts';
import { parseSse } from '../../harness/wires/sse.ts';
import type { Frame, Reply } from '../../harness/wires/wire.ts';
import { reply as anyReply, bytesOf, delivered, pace } from '../deliveries.ts';
import { textOf } from '../wires/served.ts';

const event = (name: string, part: FramePart, data: unknown = { type: name }): Frame => {
  const role = part === 'text' ? 'payload' : 'closing';
  return frameOf(
    `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`,
    role,
    0,
    part === 'end',
    part,
  );
};
const stream: Reply = {
  status: 200,
  headers: [],
  sse: true,
  frames: [
    event('open', 'open'),
    event('text', 'text', { text: 'Grüße' }),
    event('text', 'text', { text: 'you' }),
    event('close', 'block-close'),
    event('finish', 'finish'),
    event('usage', 'usage'),
    event('end', 'end'),
  ],
};
const bent = (reply: Reply, effects: Effect[]): Reply =>
  bentBy(
    reply,
    effects.map((effect) => ({ effect })),
  ).reply;
const named = ({ frames }: Reply): (string | null)[] =>
  parseSse(textOf(frames)).map((one) => one.event);

describe('what is omitted', () => {
  it.each(['finish', 'usage', 'end', 'block-close'] as const)('is the %s alone', (part) => {
    const left = bent(stream, [{ kind: 'omit', parts: [part] }]);
    const name = part === 'block-close' ? 'close' : part;
    expect(named(left)).toEqual(named(stream).filter((one) => one !== name));
    expect(left.frames).toHaveLength(stream.frames.length - 1);
  });

  it('is only what stands behind a place', () => {
    const left = bent(stream, [
      { kind: 'omit', parts: ['open', 'text'], behind: { at: 'tokens', count: 1 } },
    ]);
    expect(named(left)).toEqual(['open', 'text', 'close', 'finish', 'usage', 'end']);
  });

  it('has not fired where there was nothing to leave out', () => {
    const omitting = (part: FramePart) => ({ effect: { kind: 'omit', parts: [part] } as Effect });
    const [absent, there] = [omitting('reasoning'), omitting('usage')];
    expect(bentBy(stream, [absent]).reply).toBe(stream);
    expect(bentBy(stream, [absent, there]).fired).toEqual([there]);
  });

  it('takes the terminal marker with it, so that nobody takes the answer for whole', () => {
    const left = bent(stream, [{ kind: 'omit', parts: ['end'] }]);
    expect(left.frames.some(({ marker }) => marker)).toBe(false);
  });
});

describe('a bad line', () => {
  const bad = (instead: boolean) =>
    bent(stream, [{ kind: 'bad-line', at: { at: 'event', index: 2 }, instead }]);

  it('has the name of the event that stands there, and is no JSON', () => {
    const events = parseSse(textOf(bad(false).frames));
    expect(named(bad(false)).slice(0, 3)).toEqual(['open', 'text', 'text']);
    expect(events[1]?.data).toMatch(/^\{"text":"Grüße","content":/);
    expect(events.map(({ data }) => parsed(data) === undefined)).toEqual(
      events.map((_, index) => index === 1),
    );
  });

  it('can take its place', () => {
    expect(named(bad(true))).toEqual(named(stream));
    expect(textOf(bad(true).frames)).not.toContain('{"text":"Grüße"}');
  });

  it('spoils a body at once as a whole', () => {
    const whole: Reply = { ...stream, sse: false, frames: [frameOf('{"fine":true}', 'whole')] };
    const { frames } = bent(whole, [{ kind: 'bad-line', at: { at: 'marker' }, instead: false }]);
    expect(parsed(textOf(frames))).toBeUndefined();
    expect(frames.map(({ marker }) => marker)).toEqual([false]);
  });
});

describe('other reads of the same bytes', () => {
  const reading = fc.oneof(
    fc.integer({ min: 1, max: 60 }).map((bytes) => ({ kind: 'rechunk', bytes }) as const),
    fc.integer({ min: 1, max: 30 }).map((events) => ({ kind: 'rechunk', events }) as const),
    fc.constant({ kind: 'rechunk', seams: true } as const),
  );

  it('change no byte, no marker and no text, and nothing comes before its time', () => {
    fc.assert(
      fc.property(anyReply, pace, reading, (from, at, effect) => {
        const healthy = delivered(from, at, null);
        const other = rechunked(healthy, [effect]);
        if (other.kind !== 'response') throw new Error('no response');
        expect(bytesOf(other.frames)).toEqual(bytesOf(healthy.frames));
        const chars = (frames: readonly Frame[]) => frames.reduce((sum, one) => sum + one.chars, 0);
        expect(chars(other.frames)).toBe(chars(healthy.frames));
        const markers = (frames: readonly Frame[]) => frames.filter(({ marker }) => marker).length;
        expect(markers(other.frames)).toBe(markers(healthy.frames));
        expect(other.times).toEqual(other.times.toSorted((a, b) => a - b));
        expect(other.end.atMs).toBe(healthy.end.atMs);
        expect(other.times[0] ?? 0).toBeGreaterThanOrEqual(healthy.times[0] ?? 0);
        if ('bytes' in effect) {
          expect(other.frames.every(({ bytes }) => bytes.length <= effect.bytes)).toBe(true);
        }
      }),
    );
  });
});

describe('reads that trip careless readers', () => {
  const read = (text: string): string[] => {
    const frames = [frameOf(text, 'payload', 3, true)];
    const end = { how: 'complete', atMs: 9 } as const;
    const head: Delivery = {
      kind: 'response',
      headersAtMs: 5,
      status: 200,
      headers: [],
      sse: true,
      frames,
      times: [9],
      end,
    };
    const other = rechunked(head, [{ kind: 'rechunk', seams: true }]);
    if (other.kind !== 'response') throw new Error('no response');
    expect(other.apart).toBe(true);
    expect(new Set(other.times).size).toBe(1);
    // What a frame says is said when its last byte is there.
    expect(other.frames.map(({ chars }) => chars).slice(0, -1)).not.toContain(3);
    expect(other.frames.at(-1)).toMatchObject({ chars: 3, marker: true });
    return other.frames.map(({ bytes }) => Buffer.from(bytes).toString('latin1'));
  };

  it('split lines, their ends, and every character of several bytes', () => {
    expect(read('event: x\ndata: {"a":"bcde"}\n\n')).toEqual([
      'ev',
      'ent: x\n',
      'data:',
      ' {"a":"bcde"}\n',
      '\n',
    ]);
    const pieces = read('data: "ü€"\n\n');
    for (const lead of ['\u00c3', '\u00e2'])
      expect(pieces.some((piece) => piece.endsWith(lead))).toBe(true);
  });

  it('leave bytes alone that cannot be split', () => {
    expect(read('x')).toEqual(['x']);
  });
});
