import { expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Rule } from '../../harness/scenario/rule.ts';
import { rule } from '../../harness/scenario/rule.ts';
import { twinParts, twinSchedule, twinsOf } from '../../harness/trial/twin.ts';
import { createSchedule } from '../../harness/upstream/schedule.ts';
import { occasion } from '../attempts.ts';

const read = (...texts: string[]) => texts.map((text) => rule.parse(parse(text)));

it.each([
  [['{ inject: error-event }'], ['status', 'words', 'chunks']],
  [['{ inject: overloaded, at: first-event }'], ['status', 'words', 'chunks']],
  [
    ['{ inject: stall, at: headers }', '{ inject: error-event, chance: 1% }'],
    ['status', 'words', 'chunks'],
  ],
  [['{ inject: overloaded }'], ['words']],
  [['{ inject: server-error, body: empty }'], []],
  [
    ['{ inject: server-error }', '{ inject: truncate }'],
    ['words', 'chunks'],
  ],
  [['{ inject: stall, at: 12 tokens }'], ['chunks']],
  [['{ inject: rechunk, bytes: 7 }'], ['chunks']],
  [['{ inject: degenerate, as: refusal }'], ['chunks', 'stream']],
  [['{ inject: degenerate, as: content-filter }'], ['chunks', 'stream']],
  [['{ inject: status, status: 400, reason: content-policy }'], ['words', 'stream']],
  [['{ inject: disconnect }', '{ inject: slow, ttft: 1s }', '{ inject: stall, at: headers }'], []],
  [[], []],
])('%j calls for the twins %j', (rules, twins) => expect(twinsOf(read(...rules))).toEqual(twins));

it('leaves out other reads for a chain that does not stream', () => {
  expect(twinsOf(read('{ inject: error-event }'), false)).toEqual(['status', 'words']);
});

it('turns an error inside a 200 into the status of the same reason, and leaves the rest', () => {
  const rules = read(
    '{ inject: slow, ttft: 1s }',
    '{ inject: error-event, at: first-token, reason: overloaded }',
  );
  const own = createSchedule(rules, 1);
  const twin = twinSchedule(createSchedule(rules, 1), 'status');
  const [slow, error] = own.decide(occasion);
  expect(error?.effect.kind).toBe('error-event');
  expect(twin.decide(occasion)).toEqual([
    slow,
    { ...error, effect: { kind: 'reject', rejection: { reason: 'overloaded' } } },
  ]);
});

it('fires where the trial itself fires', () => {
  const rules = read('{ inject: error-event, chance: 50%, attempt: 2 }');
  const [own, twin] = [createSchedule(rules, 4), twinSchedule(createSchedule(rules, 4), 'status')];
  for (let call = 1; call <= 40; call++) {
    for (const attempt of [1, 2, 3]) {
      const fired = [own, twin].map((one) => one.decide({ ...occasion, call }).length);
      expect(fired[0], `call ${call}, attempt ${attempt}`).toBe(fired[1]);
    }
    twin.forget(call);
    own.forget(call);
  }
});

const plain = (
  kind: 'words' | 'chunks' | 'stream' | 'status',
  rules: Rule[],
  stream: boolean | undefined = true,
) => twinParts(kind, { rules, seed: 1, now: () => 0, stream });

it('has other reads where the trial has ordinary ones, and ordinary ones where it has others', () => {
  const [slow, other] = plain('chunks', read('{ inject: slow, ttft: 1s }')).schedule.decide(
    occasion,
  );
  expect(slow?.fault).toBe('slow');
  expect(other).toEqual({ rule: -1, fault: 'rechunk', effect: { kind: 'rechunk', seams: true } });
  const odd = read('{ inject: slow, ttft: 1s }', '{ inject: rechunk, bytes: 3 }');
  const fired = plain('chunks', odd).schedule.decide(occasion);
  expect(fired.map(({ fault }) => fault)).toEqual(['slow']);
});

it('meets rules on streams where the twin does not stream, and the other way round', () => {
  const rules = read('{ inject: degenerate, as: refusal, on: { stream: true } }');
  const { schedule } = plain('stream', rules);
  expect(schedule.decide({ ...occasion, stream: false })).toHaveLength(1);
  expect(schedule.decide({ ...occasion, stream: true })).toHaveLength(0);
});

it('asks nothing of a chain that cannot be told to stream or not', () => {
  const rules = read('{ inject: degenerate, as: refusal }');
  expect(twinParts('stream', { rules, seed: 1, now: () => 0, stream: undefined }).isEnough()).toBe(
    true,
  );
  expect(plain('stream', rules).isEnough()).toBe(false);
});

it('is over once each rule that matters has fired often enough, or can fire no more', () => {
  const rules = read(
    '{ inject: server-error }',
    '{ inject: overloaded, to: 1m }',
    '{ inject: slow, ttft: 1s, from: 1h }',
  );
  let now = 0;
  const twin = twinParts('words', { rules, seed: 1, now: () => now, stream: true });
  for (let call = 1; call < 20; call++) twin.schedule.decide({ ...occasion, call });
  expect(twin.isEnough()).toBe(false);
  twin.schedule.decide({ ...occasion, call: 20 });
  // The first rule always wins: the second never fires.
  expect(twin.isEnough()).toBe(false);
  now = 60_000;
  expect(twin.isEnough()).toBe(true);
});

it('does not count the requests that a rule lets pass', () => {
  const rules = read('{ inject: token-bucket, requests: 600/m, burst: 100 }');
  const twin = plain('words', rules);
  for (let call = 1; call <= 90; call++) twin.schedule.decide({ ...occasion, call });
  expect(twin.isEnough()).toBe(false);
  for (let call = 91; call <= 130; call++) twin.schedule.decide({ ...occasion, call });
  expect(twin.isEnough()).toBe(true);
});

it('is never cut short where time may differ, and neither is the trial', () => {
  const rules = read('{ inject: error-event }');
  for (const kind of ['status', null] as const) {
    const parts = twinParts(kind, { rules, seed: 1, now: () => 1e9, stream: true });
    for (let call = 1; call <= 200; call++) parts.schedule.decide({ ...occasion, call });
    expect(parts.isEnough()).toBe(false);
  }
});
