import fc from 'fast-check';
import { expect, it } from 'vitest';
import { splitAt } from '../../harness/upstream/place.ts';
import { frameOf } from '../../harness/wires/frame.ts';
import { joined } from '../../harness/wires/sse.ts';
import type { Frame } from '../../harness/wires/wire.ts';

const text = fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }), {
  maxLength: 6,
});
const framesOf = (texts: string[]): Frame[] =>
  texts.map((one) => frameOf(one, 'payload', one.length));
const times = (frames: readonly Frame[]): number[] => frames.map((_, index) => index);
const bytesOf = (frames: readonly Frame[]): Uint8Array => joined(frames.map(({ bytes }) => bytes));

it('cuts at the byte, wherever it falls, and loses none', () => {
  fc.assert(
    fc.property(text, fc.nat(60), fc.boolean(), (texts, byte, sse) => {
      const frames = framesOf(texts);
      const split = splitAt({ sse, frames, times: times(frames) }, { at: 'byte', index: byte });
      const all = bytesOf(frames);
      expect(bytesOf(split.frames)).toEqual(all);
      expect(bytesOf(split.frames.slice(0, split.index)).length).toBe(Math.min(byte, all.length));
      expect(split.times).toHaveLength(split.frames.length);
      const chars = split.frames.reduce((sum, frame) => sum + frame.chars, 0);
      expect(chars).toBe(texts.join('').length);
    }),
  );
});

it('cuts inside the first character of several bytes; without one, half-way', () => {
  fc.assert(
    fc.property(text, fc.boolean(), (texts, sse) => {
      const frames = framesOf(texts);
      const split = splitAt({ sse, frames, times: times(frames) }, { at: 'inside-character' });
      const before = bytesOf(split.frames.slice(0, split.index));
      const wide = [...texts.join('')].findIndex(
        (character) => (character.codePointAt(0) ?? 0) > 127,
      );
      if (wide < 0) {
        expect(before.length).toBe(Math.floor(bytesOf(frames).length / 2));
        return;
      }
      expect(before.length).toBe(wide + 1);
      expect(() => new TextDecoder('utf-8', { fatal: true }).decode(before)).toThrow(TypeError);
    }),
  );
});
