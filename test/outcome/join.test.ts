import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { HistoryEvent } from '../../harness/history.ts';
import type { CallRecord } from '../../harness/outcome/call-record.ts';
import { createJoin } from '../../harness/outcome/join.ts';
import { historyOf, primary, recordsOf, second, textOf, viewOf } from '../scorers/hand-made.ts';

const texts = [textOf(primary, 'Whole answer.'), textOf(second, 'Another answer.')];

it('puts all events of a call together, attempts in order', () => {
  const effect = { kind: 'reject' };
  const events = historyOf(
    [
      {
        attempts: [
          { status: 503, to: 40, effect },
          { target: second, from: 60, to: 90 },
        ],
        text: 'Another answer.',
      },
    ],
    texts,
  );
  const [record] = recordsOf(events);
  expect(record?.attempts.map(({ target }) => target)).toEqual([primary, second]);
  expect(record?.attempts[0]?.effects.map((each) => each.effect)).toEqual([effect]);
  expect(record?.attempts[0]?.reply?.status).toBe(503);
  expect(record?.attempts[1]?.end?.t).toBe(90);
  expect(record?.answer?.e).toBe('answer');
  expect(record?.healthy?.target).toBe(primary);
});

it('waits for attempts that outlive the answer', () => {
  const events = historyOf([{ attempts: [{ to: 500 }], text: 'Hm.', after: 100 }], texts);
  const seen: CallRecord[] = [];
  const join = createJoin(viewOf(), (record) => seen.push(record));
  const over: number[] = [];
  for (const event of events) {
    join.event(event);
    over.push(seen.length);
  }
  expect(events.at(-1)?.e).toBe('end');
  expect(over.slice(-2)).toEqual([0, 1]);
});

it('waits for the answer where the attempts end first', () => {
  const events = historyOf([{ attempts: [{}], text: 'Whole answer.', after: 900 }], texts);
  expect(recordsOf(events)[0]?.answer?.t).toBe(900);
});

it('lets open calls go at the close, in order of arrival, each call once', () => {
  const calls = [{ attempts: [{ how: 'open' as const }] }, { hung: 'cut' as const }, {}];
  const events: HistoryEvent[] = [
    ...historyOf(calls, texts),
    { e: 'close', t: 99_000, calls: 3, attempts: 1 },
  ];
  const records = recordsOf(events);
  expect(records.map(({ call }) => call.call).sort()).toEqual([1, 2, 3]);
  expect(records.every(({ outcome }) => outcome === 'hung')).toBe(true);
});

it('leaves attempts out that begin after their call has gone out', () => {
  const [head, ...rest] = historyOf([{ attempts: [{ status: 503 }], text: 'Sorry.' }], texts);
  const late = historyOf([{ attempts: [{ from: 5_000 }] }], texts, 0)
    .filter((event) => event.e === 'attempt' || event.e === 'end' || event.e === 'reply')
    .map((event) => ({ ...event, attempt: 77 }));
  const events = [head, ...rest, ...late].filter((event) => event !== undefined);
  const records = recordsOf(events);
  expect(records).toHaveLength(1);
  expect(records[0]?.attempts).toHaveLength(1);
});

it('takes the healthy answer that the call names over others of the sample', () => {
  const draws = [
    { ...textOf(primary, 'First draw.'), id: 'draw-0' },
    { ...textOf(primary, 'Second draw.'), id: 'draw-1' },
  ];
  const events = historyOf([{ text: 'x' }], draws).map((event) =>
    event.e === 'call' ? { ...event, healthy: 'draw-0' } : event,
  );
  expect(recordsOf(events)[0]?.healthy?.text).toBe('First draw.');
});

it('keeps a call that its caller left for a minute, with all that is still done for it', () => {
  const attempts = [
    { status: 503, to: 900 },
    { from: 30_000, to: 31_000 },
  ];
  const aborted = { answer: { kind: 'aborted' as const }, after: 1_000 };
  const left: HistoryEvent[] = [
    { e: 'caller', t: 1_000, call: 1, did: 'abort', why: 'in a test' },
    { e: 'released', t: 1_000, call: 1 },
  ];
  const later = (t: number): HistoryEvent => ({ e: 'call', t, call: 2, sample: 's1', due: t });
  const events = [...left, ...historyOf([{ attempts, ...aborted }], texts), later(90_000)];
  const at = (event: HistoryEvent): number => ('t' in event ? event.t : 0);
  const inOrder = [...events, later(91_001)].toSorted((a, b) => at(a) - at(b));
  const seen: CallRecord[] = [];
  const join = createJoin(viewOf(), (record) => seen.push(record));
  const goneAt = inOrder.find((event) => {
    join.event(event);
    return seen.length > 0;
  });
  // A minute after the end of its last attempt.
  expect(goneAt).toMatchObject({ t: 91_001 });
  expect(seen).toMatchObject([{ outcome: 'aborted', caller: left[0], releasedAt: 1_000 }]);
  expect(seen[0]?.attempts).toHaveLength(2);
});

it('keeps a call that its caller left and the chain did not until the end', () => {
  const [call, answer] = historyOf([{ answer: { kind: 'aborted' }, after: 1_000 }]);
  if (!call || !answer) throw new Error('a call and its answer');
  const events: HistoryEvent[] = [
    call,
    { e: 'caller', t: 1_000, call: 1, did: 'abort', why: 'in a test' },
    answer,
    { e: 'call', t: 900_000, call: 2, sample: 's1', due: 900_000 },
  ];
  const seen: CallRecord[] = [];
  const join = createJoin(viewOf(), (record) => seen.push(record));
  for (const event of events) join.event(event);
  expect(seen).toEqual([]);
  join.end();
  join.end();
  expect(seen.map(({ outcome }) => outcome)).toEqual(['aborted', 'hung']);
});

it('gives every call exactly once, whatever happens to it', () => {
  const attempt = fc.record({
    target: fc.constantFrom(primary, second),
    from: fc.nat({ max: 900 }),
    to: fc.nat({ max: 3_000 }),
    stray: fc.boolean(),
  });
  const call = fc.record({
    due: fc.nat({ max: 5_000 }),
    attempts: fc.array(
      attempt.map((each) => ({ ...each, to: each.from + each.to + 2 })),
      { maxLength: 3 },
    ),
    after: fc.nat({ max: 4_000 }),
    kind: fc.constantFrom('answer', 'hung', 'nothing'),
  });
  fc.assert(
    fc.property(fc.array(call, { maxLength: 8 }), (calls) => {
      const specs = calls.map(({ kind, ...spec }) => {
        if (kind === 'hung') return { ...spec, hung: 'cut' as const };
        return kind === 'answer' ? { ...spec, text: 'Whole answer.' } : spec;
      });
      const records = recordsOf(historyOf(specs, texts));
      const numbers = records.map((record) => record.call.call).sort((a, b) => a - b);
      expect(numbers).toEqual(calls.map((_, index) => index + 1));
      const ended = records.filter(({ outcome }) => outcome !== 'hung');
      for (const { attempts } of ended) expect(attempts.every(({ end }) => end)).toBe(true);
    }),
  );
});
