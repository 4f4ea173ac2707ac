import fc from 'fast-check';
import { expect, it } from 'vitest';
import { vectorOf, widthOf } from '../../harness/wires/vectors.ts';

const model = 'text-embedding-3-small';
const other = 'text-embedding-ada-002';

function near(a: string, b: string, ofA = model, ofB = ofA, width = widthOf(ofA)): number {
  const [one, two] = [vectorOf(ofA, a, width), vectorOf(ofB, b, width)];
  return one.reduce((sum, value, index) => sum + value * (two[index] ?? 0), 0);
}

const parcel = 'How can I track my parcel on its way to me?';
const tracking = 'Tracking: the link in your mail shows where the parcel is.';
const warranty = 'The warranty covers repairs of the motor for two years.';

it('the same text has the same vector, of length 1, whatever it is', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: 'binary' }), fc.nat(40), (text, more) => {
      const width = 8 + more;
      const vector = vectorOf(model, text, width);
      expect(vector).toHaveLength(width);
      expect(vectorOf(model, text, width)).toEqual(vector);
      expect(Math.hypot(...vector)).toBeCloseTo(1, 4);
    }),
  );
});

it('texts that share words are nearer than texts that share none', () => {
  expect(near(parcel, tracking)).toBeGreaterThan(near(parcel, warranty) + 0.1);
  expect(near(parcel, `${parcel} [ticket 5000123]`)).toBeGreaterThan(0.8);
  // Other forms of a word share its letters.
  expect(near('delivery', 'deliveries')).toBeGreaterThan(0.2);
  expect(near('delivery', 'warranty')).toBeLessThan(0.15);
});

it('shared words bring any two texts nearer', () => {
  const word = fc.constantFrom(
    ...'parcel refund steamer courier invoice blender voucher gasket colander'.split(' '),
  );
  const words = fc.uniqueArray(word, { minLength: 6, maxLength: 6 });
  fc.assert(
    fc.property(words, ([a, b, c, d, e, f]) => {
      expect(near(`${a} ${b} ${c}`, `${a} ${b} ${d}`)).toBeGreaterThan(
        near(`${a} ${b} ${c}`, `${d} ${e} ${f}`) + 0.2,
      );
    }),
  );
});

it('spaces of two models of one width have nothing in common', () => {
  expect(widthOf(model)).toBe(widthOf(other));
  for (const text of [parcel, tracking, warranty]) {
    expect(Math.abs(near(text, text, model, other))).toBeLessThan(0.12);
  }
  expect(near(parcel, tracking, other)).toBeGreaterThan(near(parcel, warranty, other) + 0.1);
});

it('fewer dimensions keep what is near', () => {
  expect(near(parcel, tracking, model, model, 512)).toBeGreaterThan(
    near(parcel, warranty, model, model, 512),
  );
});
