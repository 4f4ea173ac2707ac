import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OpenMap } from '../harness/open-map.ts';

/** Numbers that grow, some of which stay open for very long. */
const steps = fc.array(
  fc.record({ skip: fc.integer({ min: 1, max: 90 }), close: fc.option(fc.nat(2000)) }),
  { maxLength: 300 },
);

test('holds what a Map holds, whatever stays open', () => {
  fc.assert(
    fc.property(steps, (taken) => {
      const own = new OpenMap<string>();
      const map = new Map<number, string>();
      let number = 0;
      for (const { skip, close } of taken) {
        number += skip;
        own.set(number, `opened ${number}`);
        map.set(number, `opened ${number}`);
        if (close !== null) expect(own.delete(number - close)).toBe(map.delete(number - close));
        expect(own.get(number - skip)).toBe(map.get(number - skip));
        expect(own.size).toBe(map.size);
      }
      expect(own.entries()).toEqual([...map]);
      expect([own.keys(), own.values()]).toEqual([[...map.keys()], [...map.values()]]);
    }),
  );
});

test('a number may be set again, and what was cleared is gone', () => {
  const own = new OpenMap<string>();
  for (const number of [1, 257, 1, 257]) own.set(number, `${number}, again`);
  expect(own.entries()).toEqual([
    [1, '1, again'],
    [257, '257, again'],
  ]);
  own.clear();
  expect([own.size, own.get(1), own.get(257), own.entries()]).toEqual([
    0,
    undefined,
    undefined,
    [],
  ]);
});
