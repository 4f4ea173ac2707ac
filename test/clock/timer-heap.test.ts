import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Timer, TimerHeap } from '../../harness/clock/timer-heap.ts';

const none = (): void => {};
const steps = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('add' as const), atMs: fc.nat(20) }),
    fc.record({ do: fc.constant('remove' as const), which: fc.nat(50) }),
    fc.record({ do: fc.constant('put' as const), which: fc.nat(50), atMs: fc.nat(20) }),
    fc.record({ do: fc.constant('pop' as const) }),
  ),
  { maxLength: 200 },
);

test('timers come by their time, those of one time in the order in which they were set', () => {
  fc.assert(
    fc.property(steps, (taken) => {
      const heap = new TimerHeap();
      const all: Timer[] = [];
      let waiting: Timer[] = [];
      const without = (timer: Timer): Timer[] => waiting.filter((other) => other !== timer);
      const first = (): Timer | undefined => waiting.toSorted((a, b) => a.atMs - b.atMs)[0];
      for (const step of taken) {
        const timer = 'which' in step ? all[step.which] : undefined;
        if (step.do === 'add') {
          const added = heap.add(step.atMs, none);
          all.push(added);
          waiting.push(added);
        } else if (step.do === 'pop') {
          const due = first();
          expect(heap.pop()).toBe(due);
          if (due) waiting = without(due);
        } else if (timer && step.do === 'remove') {
          heap.remove(timer);
          waiting = without(timer);
        } else if (timer && step.do === 'put') {
          waiting = [...without(timer), timer];
          heap.put(timer, step.atMs);
        }
        expect(heap.size).toBe(waiting.length);
      }
      for (let due = first(); due; due = first()) {
        expect(heap.pop()).toBe(due);
        waiting = without(due);
      }
      expect(heap.pop()).toBeUndefined();
    }),
  );
});
