// Calls as they can be told from outside.
import { expect, it } from 'vitest';
import type { HistoryEvent } from '../../harness/history.ts';
import { anything, Lanes } from '../../harness/realtime/lanes.ts';
import type { Sample } from '../../harness/workloads/workload.ts';

const sample: Sample = {
  id: 'capital',
  family: null,
  critical: false,
  system: null,
  prompt: 'Ticket {{ticket}}: what is the capital of France?',
  schema: null,
  checks: [],
};

function lanesOf() {
  const events: HistoryEvent[] = [];
  const lanes = new Lanes(
    [sample],
    (event) => events.push(event),
    () => 7,
  );
  const ask = (words: string) => lanes.callOf({ turns: [{ role: 'user', text: words }] });
  const ends = (call: number, attempt: number, marker: boolean): void => {
    const start = { e: 'attempt', attempt, call } as HistoryEvent;
    lanes.event(start);
    lanes.event({ e: 'end', attempt, marker } as HistoryEvent);
  };
  return { events, lanes, ask, ends };
}

it('takes requests that ask the same for one call, until one of them was answered whole', () => {
  const { lanes, ask, ends, events } = lanesOf();
  expect(ask('a')?.call).toBe(1);
  ends(1, 1, false);
  expect(ask('a')?.call).toBe(1);
  expect(ask('b')?.call).toBe(2);
  ends(1, 2, true);
  expect(ask('a')?.call).toBe(3);
  expect(lanes.calls).toEqual([1, 2, 3]);
  expect(events.map(({ e }) => e)).toEqual(['call', 'call', 'call']);
});

it('knows a question of the workload by its words, whatever its ticket', () => {
  const { ask } = lanesOf();
  expect(ask('Ticket 5000001: what is the capital of France?')?.sample).toBe('capital');
  expect(ask('What is the capital of Italy?')?.sample).toBe(anything);
  expect(lanesOf().lanes.callOf({ turns: [] })).toBeNull();
});
