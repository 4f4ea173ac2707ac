// What a chain does for a caller that has gone: all of it belongs to the call and is in the
// history, the trial waits for it no longer than its drain, and nothing is lost or counted twice.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ask, Question } from '../../harness/chains/chain.ts';
import type { HistoryEvent } from '../../harness/history.ts';
import { eventsOf, shippedChain, tried } from '../trials.ts';

async function asked({ prompt }: Question, signal?: AbortSignal): Promise<string> {
  const response = await fetch('https://api.openai.com/v1/chat/completions', {
    method: 'POST',
    headers: { authorization: `Bearer ${process.env.OPENAI_API_KEY}` },
    body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: prompt }] }),
    ...(signal ? { signal } : {}),
  });
  if (!response.ok) throw new Error(`status ${response.status}`);
  const body = (await response.json()) as { choices: { message: { content: string } }[] };
  return body.choices[0]?.message.content ?? '';
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** Three tries, two seconds apart, whatever its caller says. */
const ignoring: Ask = async (question) => {
  for (let left = 3; ; left--) {
    try {
      return await asked(question);
    } catch (error) {
      if (left === 1) throw error;
      await pause(2_000);
    }
  }
};

/** Answers its caller at once, and goes on all the same. */
const halfObeying: Ask = (question, signal) =>
  new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
    Promise.resolve(ignoring(question, signal)).then((text) => resolve(text), reject);
  });

/** Waits for something that never comes. */
const stuck: Ask = () => new Promise(() => {});

const one = (caller: string, more = ''): string =>
  `arrival: { rate: 1/s, for: 1s, spread: even }\n${more}caller:\n  - { ${caller} }\n`;
const down = 'faults:\n  - { inject: server-error, status: 503 }\n';

describe('a chain whose caller has gone', () => {
  it('has all its later attempts on the record of the call, behind the answer', async () => {
    const seen = await tried({ chain: ignoring, scenario: one('abort: backoff', down) });
    const record = seen.calls.get(1);
    const starts = record?.attempts.map(({ start }) => start.t) ?? [];
    expect(starts).toHaveLength(3);
    expect(record?.outcome).toBe('aborted');
    expect(starts[1]).toBeGreaterThan(record?.answer?.t ?? 0);
    expect(record?.releasedAt).toBe(record?.attempts[2]?.end?.t);
    expect(seen.events.at(-1)).toMatchObject({ e: 'close', calls: 1, attempts: 3 });
    expect(eventsOf(seen, 'hung')).toEqual([]);
    expect(seen.figures).toMatchObject({ aborted: 1, unattributed: 0 });
  });

  it('has them there too where it told its caller that it had stopped', async () => {
    const seen = await tried({ chain: halfObeying, scenario: one('abort: backoff', down) });
    const record = seen.calls.get(1);
    expect(record?.releasedAt).toBe(record?.caller?.t);
    expect(record?.attempts).toHaveLength(3);
  });

  it('is waited for no longer than the drain, and never hung', async () => {
    const heartbeat: Ask = (question, signal) => {
      setInterval(() => {}, 1_000);
      return stuck(question, signal);
    };
    const scenario = `drain: 3m\n${one('abort: 5s')}`;
    const seen = await tried({ chain: heartbeat, scenario });
    expect(seen.calls.get(1)).toMatchObject({ outcome: 'aborted', releasedAt: null });
    expect(seen.events.at(-1)).toMatchObject({ e: 'close', t: 180_000 });
    expect(eventsOf(seen, 'hung')).toEqual([]);
  });

  it('is not waited for where nothing can happen any more', async () => {
    const seen = await tried({ chain: stuck, scenario: one('abort: 5s') });
    expect(seen.events.at(-1)).toMatchObject({ e: 'close', t: 5_000 });
    expect(eventsOf(seen, 'hung')).toEqual([]);
  });

  it('that answers later with a stream is told that nobody reads it', async () => {
    let closed = 0;
    const late: Ask = async () => {
      await pause(10_000);
      return {
        text: {
          [Symbol.asyncIterator]: () => ({
            next: async () => ({ done: false, value: 'never read' }),
            return: async () => {
              closed++;
              return { done: true, value: undefined };
            },
          }),
        },
      };
    };
    const seen = await tried({ chain: late, scenario: one('abort: 5s') });
    expect(closed).toBe(1);
    expect(seen.calls.get(1)).toMatchObject({ outcome: 'aborted', text: '', releasedAt: 10_000 });
  });

  it('may throw whatever it likes', async () => {
    const throwing: Ask = async (question, signal) => {
      await pause(10_000);
      signal.throwIfAborted();
      return asked(question);
    };
    const seen = await tried({ chain: throwing, scenario: one('deadline: 5s') });
    expect(seen.calls.get(1)).toMatchObject({ outcome: 'error', releasedAt: 10_000 });
    expect(eventsOf(seen, 'crash')).toEqual([]);
  });
});

const moment = fc.oneof(
  fc.nat({ max: 12_000 }).map((ms) => `abort: ${ms}ms`),
  fc.integer({ min: 1, max: 12_000 }).map((ms) => `deadline: ${ms}ms`),
  fc.nat({ max: 300 }).map((count) => `abort: ${count} characters`),
  fc.integer({ min: 1, max: 3 }).map((nth) => `abort: attempt ${nth}`),
  fc
    .tuple(fc.integer({ min: 1, max: 3 }), fc.nat({ max: 900 }))
    .map(([after, into]) => `abort: backoff, after: ${after}, into: ${into}ms`),
);
const callerRules = fc
  .array(fc.tuple(moment, fc.integer({ min: 30, max: 100 })), { minLength: 1, maxLength: 4 })
  .map((rules) => {
    // Behind one that takes every call a rule is refused.
    const last = rules.findIndex(([, chance]) => chance === 100);
    const alive = last === -1 ? rules : rules.slice(0, last + 1);
    return alive.map(([what, chance]) => `  - { ${what}, chance: ${chance}% }\n`).join('');
  });
const faultRules = fc.subarray(
  [
    '  - { inject: stall, at: headers, on: { provider: openai }, chance: 40% }\n',
    '  - { inject: rate-limit, retryAfter: 1s, chance: 40% }\n',
    '  - { inject: disconnect, at: 40%, chance: 30% }\n',
  ],
  { minLength: 1 },
);
const scenarios = fc
  .record({ caller: callerRules, faults: faultRules, seed: fc.nat() })
  .map(({ caller, faults, seed }) => ({
    scenario: `arrival: { rate: 2/s, for: 6s }\nfaults:\n${faults.join('')}caller:\n${caller}`,
    seed,
  }));

/** Every promise of a history about calls and attempts. */
function expectWhole(events: readonly HistoryEvent[]): void {
  const of = <E extends HistoryEvent['e']>(e: E) => eventsOf({ events: [...events] }, e);
  const calls = of('call').map(({ call }) => call);
  const answers = of('answer');
  expect(answers.map(({ call }) => call).sort((a, b) => a - b)).toEqual(calls);
  expect(of('hung')).toEqual([]);
  const attempts = of('attempt').map(({ attempt }) => attempt);
  expect(
    of('end')
      .map(({ attempt }) => attempt)
      .sort((a, b) => a - b),
  ).toEqual(attempts);
  expect(events.at(-1)).toMatchObject({
    e: 'close',
    calls: calls.length,
    attempts: attempts.length,
  });
  for (const { call, t, did } of of('caller')) {
    const kind = did === 'abort' ? 'aborted' : 'error';
    expect(answers.find((answer) => answer.call === call)).toMatchObject({ t, kind });
  }
  const times = events.flatMap((event) => ('t' in event ? [event.t] : []));
  expect(times).toEqual(times.toSorted((a, b) => a - b));
}

describe('callers that go at any moment', () => {
  it('lose no call, and the same seed gives the same history', async () => {
    let left = 0;
    await fc.assert(
      fc.asyncProperty(scenarios, async (given) => {
        const seen = await tried(given);
        expectWhole(seen.events);
        expect((await tried(given)).events).toEqual(seen.events);
        left += eventsOf(seen, 'caller').length;
      }),
      { numRuns: 12 },
    );
    expect(left).toBeGreaterThan(0);
  }, 60_000);

  it('stop the reference chain at once: no attempt, no sleep, no upstream work after it', async () => {
    const chains = ['gpt-first', 'two-regions'].map(shippedChain);
    await fc.assert(
      fc.asyncProperty(scenarios, fc.constantFrom(...chains), async (given, chain) => {
        const { calls } = await tried({ ...given, chain });
        for (const { caller, releasedAt, attempts } of calls.values()) {
          if (!caller) continue;
          expect(releasedAt).toBe(caller.t);
          for (const { start, end } of attempts) {
            expect(start.t).toBeLessThanOrEqual(caller.t);
            expect(end?.t).toBeLessThanOrEqual(caller.t);
          }
        }
      }),
      { numRuns: 12 },
    );
  }, 60_000);

  it('lose no call of a chain that does not listen either', async () => {
    await fc.assert(
      fc.asyncProperty(scenarios, fc.constantFrom(ignoring, halfObeying), async (given, chain) => {
        const { events } = await tried({ ...given, chain });
        expectWhole(events);
      }),
      { numRuns: 12 },
    );
  }, 60_000);
});
