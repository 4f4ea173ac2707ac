// I27 on hand-made histories.
import { describe, expect, it } from 'vitest';
import type { AttemptEvent, TextEvent } from '../../harness/history.ts';
import { noLeftovers } from '../../harness/invariants/no-leftovers.ts';
import type { CallRecord, Outcome } from '../../harness/outcome/call-record.ts';
import type { CallSpec } from './histories.ts';
import { claude, eventsOf, gpt, History, ok, partly, status, viewOf } from './histories.ts';

const text = 'The parcel is on its way and will be with you on Friday, before noon.';
const known: TextEvent = {
  e: 'text',
  id: 'known',
  sample: 's1',
  target: gpt,
  kind: 'authored',
  text,
  score: null,
  refusal: false,
};

/** What one makes of each record before it is judged, by the number of its call. */
type More = Record<number, Partial<CallRecord>>;

function judged(history: History, more: More = {}) {
  const state = noLeftovers.start(viewOf());
  noLeftovers.event?.(state, known);
  const events = eventsOf(history);
  for (const record of history.records) {
    for (const event of events) {
      const of = 'call' in event ? event.call : null;
      const own = record.attempts.some(
        ({ start }) => 'attempt' in event && start.attempt === event.attempt,
      );
      if (of === record.call.call || own) noLeftovers.event?.(state, event);
    }
    noLeftovers.call?.(state, { ...record, ...more[record.call.call] });
  }
  return noLeftovers.end(state);
}

const reply = { text: 'known' };
const half = partly(
  gpt,
  0,
  { from: 100, to: 200, until: 300, how: 'reset' },
  { reply, end: { chars: 40 } },
);
const again = (brings: NonNullable<AttemptEvent['brings']>) =>
  ok(claude, 1_000, 900, { start: { brings } });
const own = { attempt: 1, what: 'text' } as const;

describe('the half answer of an attempt that failed', () => {
  const told = (outcome: Outcome, read: string) =>
    judged(new History().call([half, again(own)], { outcome }), { 1: { text: read } });

  it('is no part of the conversation that follows', () => {
    const { violations, first } = told('complete', 'Your parcel comes on Friday.');
    expect(violations).toBe(1);
    expect(first?.text).toBe(
      'attempt 1 (openai/gpt-4o, 100.0 s): connection reset after 0.3 s. Its half answer went ' +
        'along as a part of the conversation in attempt 2 (anthropic/claude, 101.0 s); what failed ' +
        'should be left out of the next request.',
    );
  });

  it.each<[Outcome, string]>([
    ['continued', text],
    ['complete', text],
    ['spliced', `${text} It will come.`],
    ['error', 'The parcel'],
    ['degraded', 'Try later.'],
  ])('may be gone on from, or go on to nothing: %s', (outcome, read) => {
    expect(told(outcome, read)).toMatchObject({ exercised: 1, violations: 0 });
  });
});

describe('the words of an error', () => {
  it('go into no request, of whichever call', () => {
    const brings = { attempt: 1, what: 'error' } as const;
    const same = new History().call([status(gpt, 0, 503), again(brings)], { outcome: 'complete' });
    expect(judged(same).violations).toBe(1);
    const later = new History()
      .call([status(gpt, 0, 503), ok(claude, 300)], { outcome: 'complete' })
      .call([ok(gpt, 0, 900, { start: { brings } })], { outcome: 'complete' });
    const { violations, first } = judged(later);
    expect(violations).toBe(1);
    expect(first?.text).toContain(
      'attempt 1 (openai/gpt-4o, 100.0 s): 503 after 0.1 s. The words of its error went along as ' +
        'a part of the conversation in attempt 3 (openai/gpt-4o, 200.0 s)',
    );
  });
});

describe('an answer that is given again', () => {
  const cached = { outcome: 'cached', cachedFrom: 1 } as const;

  it('was whole', () => {
    const history = new History().call([ok(gpt, 0)], { outcome: 'complete' }).call([], cached);
    expect(judged(history).violations).toBe(0);
  });

  it.each<Outcome>(['truncated', 'spliced', 'leaked'])('was not %s', (outcome) => {
    const history = new History()
      .call([half], { outcome })
      .call([], { outcome, cachedFrom: 1, ends: 5, by: null });
    const { violations, first } = judged(history);
    expect(violations).toBe(1);
    expect(first?.text).toContain(`It was ${outcome} then, and was given again at 200.0 s`);
  });
});

describe('the news of a failure', () => {
  const down: CallSpec = { outcome: 'error' };
  const repeated = {
    call: { e: 'call', t: 0, call: 0, sample: 's1', due: 0, repeats: 1 },
  } as const;

  function asked(
    between: (history: History) => History,
    outcome: Outcome = 'error',
    failure = status(gpt, 0, 503),
  ): number {
    const history = between(new History().call([failure], { ...down, outcome }));
    const number = history.records.length + 1;
    history.call([], { outcome, ends: 5 });
    const call = { ...repeated.call, call: number, t: number * 100_000, due: number * 100_000 };
    return judged(history, { [number]: { call } }).violations;
  }

  const well = (times: number) => (history: History) => {
    for (let i = 0; i < times; i++) history.call([ok(gpt, 0)], { outcome: 'complete' });
    return history;
  };

  it('may be kept where no target takes the request: it would fail again', () => {
    expect(asked(well(5))).toBe(1);
    expect(asked(well(5), 'error', status(gpt, 0, 400))).toBe(0);
  });

  it('is not told again where all others are answered at once', () => {
    expect(asked(well(3))).toBe(1);
    expect(asked(well(3), 'degraded')).toBe(1);
  });

  it('may be that of a refusal, which the provider forced on the model', () => {
    const refused = (form: string, between: number) => {
      const effect = { kind: 'degenerate', form };
      const history = new History().call([ok(gpt, 0, 400, { effect })], { outcome: 'refused' });
      const cached: CallSpec = { outcome: 'cached', cachedFrom: 1, ends: 5 };
      well(between)(history).call([], cached).call([], cached);
      const more: More = {};
      for (const number of [between + 2, between + 3]) {
        const t = number * 100_000;
        more[number] = { call: { ...repeated.call, call: number, t, due: t } };
      }
      return judged(history, more).violations;
    };
    expect(refused('refusal', 3)).toBe(2);
    expect(refused('refusal', 0)).toBe(0);
    expect(refused('made', 3)).toBe(0);
  });

  it('may be told where a breaker may still be open', () => {
    expect(asked(well(0))).toBe(0);
    expect(asked(well(2))).toBe(0);
    const failing = (history: History) =>
      well(2)(history).call([status(gpt, 0, 503), ok(claude, 300)], { outcome: 'complete' });
    expect(asked(failing)).toBe(0);
    const refused = (history: History) => well(3)(history).call([], { outcome: 'error', ends: 5 });
    expect(asked(refused)).toBe(0);
  });

  it('may be told where only searches among kept answers went well', () => {
    const found = (history: History) => {
      for (let i = 0; i < 3; i++) {
        history.call([ok(gpt, 0, 200, { start: { vectors: true } })], { outcome: 'cached' });
      }
      return history;
    };
    expect(asked(found)).toBe(0);
    expect(asked((history) => well(3)(found(history)))).toBe(1);
  });
});

describe('vectors', () => {
  const vectors = (target: string, at: number, more: Partial<AttemptEvent> = {}) =>
    ok(target, at, 200, { start: { vectors: true, ...more } });
  const list = { inputs: 6 };
  const lost = status(gpt, 0, 503, {}, { start: { vectors: true } });
  const found = { outcome: 'complete', by: null } as const;

  it('of a time of failure are not searched by who is back', () => {
    const history = new History()
      .call([lost, vectors(claude, 300, list)], found)
      .call([vectors(gpt, 0)], found);
    const { violations, first } = judged(history);
    expect(violations).toBe(1);
    expect(first?.text).toContain(
      'openai/gpt-4o had failed when anthropic/claude made the vectors',
    );
  });

  it('may be searched by who made them', () => {
    const history = new History()
      .call([lost, vectors(claude, 300, list)], found)
      .call([vectors(claude, 0)], found);
    expect(judged(history).violations).toBe(0);
  });
});
