import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { rule } from '../../harness/scenario/rule.ts';
import { twinSchedule, twinsOf } from '../../harness/trial/twin.ts';
import { createSchedule } from '../../harness/upstream/schedule.ts';
import { occasion } from '../attempts.ts';

const read = (...texts: string[]) => texts.map((text) => rule.parse(parse(text)));

it.each([
  [['{ inject: error-event }'], ['status']],
  [['{ inject: overloaded, at: first-event }'], ['status']],
  [['{ inject: stall }', '{ inject: error-event, chance: 1% }'], ['status']],
  [['{ inject: overloaded }'], []],
  [['{ inject: server-error }', '{ inject: truncate }'], []],
  [[], []],
])('%j calls for the twins %j', (rules, twins) => expect(twinsOf(read(...rules))).toEqual(twins));

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
