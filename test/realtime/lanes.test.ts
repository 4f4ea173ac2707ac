// Calls as they can be told from outside.
import { describe, expect, it } from 'vitest';
import type { HistoryEvent } from '../../harness/history.ts';
import { anything, callHeader, Lanes } from '../../harness/realtime/lanes.ts';
import type { Sample } from '../../harness/workloads/workload.ts';
import { plainSample } from '../../harness/workloads/workload.ts';

const sample: Sample = {
  ...plainSample,
  id: 'capital',
  prompt: 'Ticket {{ticket}}: what is the capital of France?',
};

function lanesOf() {
  const events: HistoryEvent[] = [];
  const over: number[] = [];
  const clock = { ms: 7 };
  const lanes = new Lanes({
    samples: [sample],
    record: (event) => events.push(event),
    now: () => clock.ms,
    over: (call) => over.push(call),
  });
  const ask = (words: string, name: string | null = null) =>
    lanes.callOf(
      { header: (header) => (header === callHeader ? name : null) },
      { turns: words === '' ? [] : [{ role: 'user', text: words }] },
    );
  const begins = (call: number, attempt: number): void =>
    lanes.event({ e: 'attempt', attempt, call } as HistoryEvent);
  const ends = (attempt: number, marker: boolean): void =>
    lanes.event({ e: 'end', attempt, marker } as HistoryEvent);
  const attempts = (call: number, attempt: number, marker: boolean): void => {
    begins(call, attempt);
    ends(attempt, marker);
  };
  return { events, over, clock, lanes, ask, begins, ends, attempts };
}

describe('a call', () => {
  it('has all requests that ask the same, until one of them was answered whole', () => {
    const { lanes, ask, attempts, events } = lanesOf();
    expect(ask('a')?.call).toBe(1);
    attempts(1, 1, false);
    expect(ask('a')?.call).toBe(1);
    expect(ask('b')?.call).toBe(2);
    attempts(1, 2, true);
    expect(ask('a')?.call).toBe(3);
    expect(lanes.calls).toBe(3);
    expect(events.map(({ e }) => e)).toEqual(['call', 'call', 'answer', 'call']);
  });

  it('is told by its header where there is one, whatever it asks and however often', () => {
    const { ask, attempts } = lanesOf();
    expect(ask('a', 'one')?.call).toBe(1);
    expect(ask('a', 'two')?.call).toBe(2);
    attempts(1, 1, true);
    expect(ask('quite another', 'one')?.call).toBe(1);
    expect(ask('', 'two')?.call).toBe(2);
    expect(ask('a')?.call).toBe(3);
  });

  it('is of the sample whose words it has, whatever the ticket', () => {
    const { ask } = lanesOf();
    expect(ask('Ticket 5000001: what is the capital of France?')?.sample).toBe('capital');
    expect(ask('What is the capital of Italy?')?.sample).toBe(anything);
    expect(ask('')).toBeNull();
  });
});

describe('a call is let go', () => {
  it('when it was answered and nothing of it runs any more', () => {
    const { ask, begins, ends, over, lanes } = lanesOf();
    ask('a');
    begins(1, 1);
    begins(1, 2);
    ends(1, true);
    expect(over).toEqual([]);
    expect(ask('a')?.call).toBe(2);
    ends(2, false);
    expect(over).toEqual([1]);
    expect(lanes.open).toBe(1);
  });

  it('when nobody has asked it again for ten minutes', () => {
    const { ask, attempts, clock, over } = lanesOf();
    ask('a');
    attempts(1, 1, false);
    clock.ms += 10 * 60_000 - 1;
    ask('b');
    expect(over).toEqual([]);
    clock.ms += 1;
    ask('b');
    expect(over).toEqual([1]);
    expect(ask('a')?.call).toBe(3);
  });

  it('when ten thousand others wait that were asked later', () => {
    const { ask, attempts, over, lanes } = lanesOf();
    for (let n = 1; n <= 10_050; n++) {
      ask(`question ${n}`);
      attempts(n, n, false);
    }
    expect(lanes.open).toBe(10_000);
    expect(over).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
  });

  it('when a thousand attempts have asked it: a loop is no call', () => {
    const { ask, attempts, over } = lanesOf();
    for (let n = 1; n <= 1_000; n++) attempts(ask('a')?.call ?? 0, n, false);
    expect(ask('a')?.call).toBe(2);
    expect(over).toEqual([1]);
  });

  it('when its trial ends, with one answer event for each that was open', () => {
    const { ask, lanes, events, over } = lanesOf();
    ask('a');
    ask('b');
    lanes.closeAll();
    expect(over).toEqual([1, 2]);
    expect(lanes.open).toBe(0);
    expect(events.filter(({ e }) => e === 'answer')).toMatchObject([
      { call: 1, kind: 'aborted' },
      { call: 2, kind: 'aborted' },
    ]);
  });
});
