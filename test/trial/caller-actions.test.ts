// What callers do beside waiting, over the reference chain, the real clients and virtual time: each
// moment is met to the ms, what was asked for stops at once, and the history says it all.
import { describe, expect, it } from 'vitest';
import type { CallRecord } from '../../harness/outcome/call-record.ts';
import type { TrialSeen } from '../trials.ts';
import { eventsOf, tried } from '../trials.ts';

const three = 'arrival: { rate: 1/s, for: 3s, spread: even }\n';
const faulty = (rule: string): string => `${three}faults:\n  - ${rule}\n`;
const silent = faulty('{ inject: stall, at: headers, on: { provider: openai } }');
const limited = faulty(
  '{ inject: rate-limit, retryAfter: 1s, on: { model: gpt-4o }, attempt: 1, call: 2 }',
);
const onSecond = (action: string): string => `caller:\n  - { ${action}, call: 2 }\n`;

/** The second call, which is due after a second, and what its caller did. */
function second(seen: TrialSeen): { record: CallRecord; at: number; why: string } {
  const record = seen.calls.get(2);
  if (!record?.caller) throw new Error('the caller of call 2 waited');
  expect(eventsOf(seen, 'caller')).toEqual([record.caller]);
  return { record, at: record.caller.t, why: record.caller.why };
}

/** Nothing of the call goes on once its caller has left. */
function expectAllStopped({ record, at }: { record: CallRecord; at: number }): void {
  expect(record.releasedAt).toBe(at);
  for (const { start, end } of record.attempts) {
    expect(start.t).toBeLessThanOrEqual(at);
    expect(end?.t).toBeLessThanOrEqual(at);
  }
}

describe('a caller that gives up', () => {
  it('does so at its time, and the attempt ends with it', async () => {
    const seen = await tried({ scenario: silent + onSecond('abort: 3s') });
    const left = second(seen);
    expect(left).toMatchObject({ at: 4_000, why: '3s after it asked' });
    expect(left.record).toMatchObject({ outcome: 'aborted', text: '' });
    expect(left.record.attempts.map(({ end }) => [end?.how, end?.t])).toEqual([['aborted', 4_000]]);
    expectAllStopped(left);
    // The others were not disturbed.
    expect([1, 3].map((call) => seen.calls.get(call)?.outcome)).toEqual(['complete', 'complete']);
  });

  it.each([0, 1, 40])('does so at %d characters, with all that it has read', async (count) => {
    const seen = await tried({ scenario: three + onSecond(`abort: ${count} characters`) });
    const left = second(seen);
    const { answer, text, outcome } = left.record;
    expect(outcome).toBe('aborted');
    expect(text.length).toBeGreaterThanOrEqual(Math.max(1, count));
    expect(answer).toMatchObject({ kind: 'aborted', t: left.at, chars: text.length });
    expect(left.why).toBe(`after ${text.length} characters`);
    const healthy = seen.calls.get(2)?.healthy?.text ?? '';
    expect(healthy.startsWith(text)).toBe(true);
    expect(text.length).toBeLessThan(healthy.length);
    expect(answer?.first).toBeLessThanOrEqual(left.at);
    expectAllStopped(left);
  });

  it('does so while the chain sleeps before its next attempt, which is never made', async () => {
    const seen = await tried({ scenario: limited + onSecond('abort: backoff') });
    const left = second(seen);
    const [only, ...more] = left.record.attempts;
    expect(more).toEqual([]);
    expect(only?.reply?.status).toBe(429);
    expect(left.at).toBe((only?.end?.t ?? 0) + 100);
    expect(left.why).toBe('100ms after attempt 1 had failed');
    expectAllStopped(left);
  });

  it('waits for a later backoff where it is told to, and for one that is long enough', async () => {
    const down = faulty('{ inject: server-error, status: 503, call: 2 }');
    const after = await tried({
      scenario: down + onSecond('abort: backoff, after: 3, into: 10ms'),
    });
    expect(second(after).record.attempts).toHaveLength(3);
    const long = await tried({ scenario: down + onSecond('abort: backoff, into: 1m') });
    expect(eventsOf(long, 'caller')).toEqual([]);
    expect(long.calls.get(2)?.outcome).toBe('degraded');
  });

  it('does so as an attempt begins', async () => {
    const seen = await tried({ scenario: limited + onSecond('abort: attempt 2') });
    const left = second(seen);
    expect(left.record.attempts).toHaveLength(2);
    expect(left.record.attempts[1]).toMatchObject({
      start: { t: left.at },
      end: { t: left.at, how: 'aborted' },
    });
    expectAllStopped(left);
  });

  it('does nothing where it has its answer before', async () => {
    const seen = await tried({ scenario: three + onSecond('abort: 20s') });
    expect(eventsOf(seen, 'caller')).toEqual([]);
    expect([...seen.calls.values()].map(({ outcome }) => outcome)).toEqual(
      Array(3).fill('complete'),
    );
    // It set an alarm for later than that.
    expect(seen.events.at(-1)).toMatchObject({ e: 'close', calls: 3 });
    expect(eventsOf(seen, 'close')[0]?.t).toBeLessThan(20_000);
  });

  it('leaves every share and percentile, with a count', async () => {
    const waiting = await tried({ scenario: three });
    const { figures } = await tried({ scenario: three + onSecond('abort: 1ms') });
    expect(figures).toMatchObject({ calls: 3, aborted: 1, availability: 1 });
    expect(waiting.figures).toMatchObject({ calls: 3, aborted: 0, availability: 1 });
    expect(figures.attempts_per_call).toEqual({ mean: 1, max: 1 });
  });

  it('in a closed loop goes on to its next question', async () => {
    const scenario = `arrival: { users: 1, think: 1s, for: 20s }
faults:
  - { inject: stall, at: headers, call: 1 }
caller:
  - { abort: 2s, call: 1 }
`;
    const seen = await tried({ scenario });
    expect(seen.calls.get(1)?.outcome).toBe('aborted');
    expect(seen.calls.get(2)?.outcome).toBe('complete');
  });
});

describe('a caller with a deadline of its own', () => {
  it('gets an error when it is over, as from AbortSignal.timeout, and all stops', async () => {
    const seen = await tried({ scenario: silent + onSecond('deadline: 2s') });
    const left = second(seen);
    expect(left).toMatchObject({ at: 3_000, why: 'its deadline of 2s is over' });
    const error = { name: 'TimeoutError', message: 'The operation was aborted due to timeout' };
    expect(left.record).toMatchObject({ outcome: 'error', answer: { kind: 'error', error } });
    expectAllStopped(left);
    expect(seen.figures).toMatchObject({ aborted: 0, availability: 2 / 3 });
  });

  it('hands it to the chain with its signal, the reason being a timeout', async () => {
    const reasons: unknown[] = [];
    const chain = (_: unknown, signal: AbortSignal): Promise<string> =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          reasons.push(signal.reason);
          reject(signal.reason);
        });
      });
    const rules = 'caller:\n  - { deadline: 5s, call: 1 }\n  - { abort: 5s }\n';
    await tried({ chain, scenario: `arrival: { each: once, gap: 1s }\n${rules}` });
    const names = reasons.map((reason) => reason instanceof DOMException && reason.name);
    expect(names[0]).toBe('TimeoutError');
    expect(new Set(names.slice(1))).toEqual(new Set(['AbortError']));
  });

  it.each([
    ['while a target hangs', '2s', '{ inject: stall, at: headers, on: { provider: openai } }'],
    ['in a backoff', '200ms', '{ inject: server-error, status: 503, on: { provider: openai } }'],
    ['in the middle of a steady stream', '6005ms', '{ inject: slow, tokensPerSecond: 5 }'],
  ])('is no failure of the chain: no invariant is violated %s', async (_, time, rule) => {
    const minute = 'arrival: { rate: 1/s, for: 20s, spread: even }\n';
    const rules = `faults:\n  - ${rule}\ncaller:\n  - { deadline: ${time}, call: 5.. }\n`;
    const { figures, calls } = await tried({ scenario: minute + rules });
    const errors = [...calls.values()].filter(({ outcome }) => outcome === 'error');
    expect(errors.length).toBeGreaterThan(10);
    const all = Object.entries(figures.invariants as Record<string, { status: string }>);
    expect(all.filter(([, { status }]) => status === 'violated')).toEqual([]);
  });
});

describe('rules of callers', () => {
  const rule = '{ abort: 1ms, chance: 50% }';
  const many = 'arrival: { rate: 20/s, for: 20s, spread: even }\n';
  const leftIn = async (rules: string): Promise<number[]> => {
    const seen = await tried({ chain: async () => slowly('x'), scenario: many + rules });
    return eventsOf(seen, 'caller').map(({ call }) => call);
  };
  async function* slowly(text: string): AsyncGenerator<string> {
    await new Promise((done) => setTimeout(done, 50));
    yield text;
  }

  it('act on their share of the calls, the same ones whatever other rules there are', async () => {
    const alone = await leftIn(`caller:\n  - ${rule}\n`);
    expect(alone.length).toBeGreaterThan(160);
    expect(alone.length).toBeLessThan(240);
    const behind = await leftIn(`caller:\n  - { deadline: 1s, call: [1, 2] }\n  - ${rule}\n`);
    expect(behind).toEqual(alone.filter((call) => call > 2));
  });

  it('act in the order of the file, one a call', async () => {
    const seen = await tried({
      chain: async () => slowly('x'),
      scenario: `${three}caller:\n  - { abort: 20ms, call: 2 }\n  - { deadline: 10ms }\n`,
    });
    expect(eventsOf(seen, 'caller').map(({ call, did }) => `${call} ${did}`)).toEqual([
      '1 deadline',
      '2 abort',
      '3 deadline',
    ]);
  });

  it('change nothing about questions, arrivals and faults', async () => {
    const asked = (seen: TrialSeen) => eventsOf(seen, 'call');
    const effects = (seen: TrialSeen) =>
      eventsOf(seen, 'effect').filter(({ attempt }) => attempt === 1);
    const shaky = faulty('{ inject: server-error, status: 503, chance: 40% }');
    const without = await tried({ scenario: shaky });
    const withRule = await tried({ scenario: shaky + onSecond('abort: 10ms') });
    expect(asked(withRule)).toEqual(asked(without));
    expect(effects(withRule)).toEqual(effects(without));
  });
});
