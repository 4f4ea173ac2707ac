// What a session's caller got: text that goes with tool calls may stand before the answer.
import { describe, expect, it } from 'vitest';
import type { HistoryEvent, TextEvent } from '../../harness/history.ts';
import type { CallRecord } from '../../harness/outcome/call-record.ts';
import { stepsOf } from '../../harness/outcome/session.ts';
import { cost } from '../../harness/scorers/cost.ts';
import { failover } from '../../harness/scorers/failover.ts';
import { figuresBy, recordsOf } from '../scorers/hand-made.ts';

const gpt = 'openai/gpt-4o';
const claude = 'anthropic/claude';

const look = "I'll look up your order first.";
const other = 'Let me see what the order says.';
const answer = 'Your order is held at the depot and comes on Friday.';
const elsewhere = 'The parcel waits in the depot; on Friday it will be with you.';

const said = (target: string, turn: number, text: string): TextEvent => ({
  e: 'text',
  id: `${target} ${turn}`,
  sample: 's1',
  target,
  kind: 'authored',
  text,
  score: turn === 1 ? null : 1,
  refusal: false,
  ...(turn > 1 ? { turn } : { calls: [{ name: 'find_order', arguments: '{"id":1}' }] }),
});

/** What is left of the first provider's turn, for whoever is asked to go on with it. */
const rest = 'anthropic/rest';
const begun = 12;

const texts: TextEvent[] = [
  said(gpt, 1, look),
  said(gpt, 2, answer),
  said(claude, 1, other),
  said(claude, 2, elsewhere),
  { ...said(rest, 1, look.slice(begun)), kind: 'continuation' },
];

interface Spec {
  target: string;
  turn: number;
  /** Characters that went out; default all. */
  chars?: number;
  marker?: boolean;
  status?: number;
}

/** Attempts one after the other, a second each; the caller gets `shown` when the last one ends. */
function historyOf(specs: Spec[], shown: string): HistoryEvent[] {
  const events: HistoryEvent[] = [...texts, { e: 'call', t: 0, call: 1, sample: 's1', due: 0 }];
  for (const [index, spec] of specs.entries()) {
    const { target, turn, status = 200 } = spec;
    const attempt = index + 1;
    const t = index * 1_000;
    const event = texts.find(({ id }) => id === `${target} ${turn}`);
    const failed = status >= 300;
    const cut = target.indexOf('/');
    const own = failed ? {} : { text: `${target} ${turn}`, ...(turn === 1 ? { calls: 1 } : {}) };
    const whole = { marker: !failed, chars: failed ? 0 : (event?.text.length ?? 0) };
    events.push(
      {
        e: 'attempt',
        t,
        attempt,
        call: 1,
        provider: target.slice(0, cut),
        model: target.slice(cut + 1),
        region: null,
        key: null,
        wire: 'openai-chat',
        stream: true,
        body: String(attempt),
        turn,
      },
      { e: 'reply', t: t + 100, attempt, status, reason: failed ? 'server-error' : null, ...own },
      {
        e: 'end',
        t: t + 900,
        attempt,
        how: spec.marker === false ? 'reset' : 'complete',
        inBand: null,
        first: failed ? null : t + 200,
        last: failed ? null : t + 900,
        gap: 0,
        input: failed ? 0 : 10,
        output: failed ? 0 : 5,
        estimated: false,
        ...whole,
        ...(spec.chars === undefined ? {} : { chars: spec.chars }),
        ...(spec.marker === undefined ? {} : { marker: spec.marker }),
      },
    );
  }
  const t = specs.length * 1_000;
  events.push({
    e: 'answer',
    t,
    call: 1,
    kind: 'text',
    first: 300,
    chars: shown.length,
    text: shown,
    score: 1,
  });
  return events;
}

function judged(specs: Spec[], shown: string): CallRecord {
  const [record] = recordsOf(historyOf(specs, shown));
  if (!record) throw new Error('no record');
  return record;
}

const healthy: Spec[] = [
  { target: gpt, turn: 1 },
  { target: gpt, turn: 2 },
];
const fallen: Spec[] = [
  { target: gpt, turn: 1 },
  { target: gpt, turn: 2, status: 503 },
  { target: claude, turn: 2 },
];
const again: Spec[] = [
  ...fallen.slice(0, 2),
  { target: claude, turn: 1 },
  { target: claude, turn: 2 },
];
const resumed: Spec[] = [
  { target: gpt, turn: 1, chars: begun, marker: false },
  { target: rest, turn: 1 },
  { target: claude, turn: 2 },
];

describe('the answer of a session', () => {
  it.each([
    ['alone', healthy, answer],
    ['behind what went with the tool call', healthy, `${look}\n\n${answer}`],
    ['glued to what went with the tool call', healthy, look + answer],
    ['behind it, with words of the chain between', healthy, `${look}\n(looking ...)\n${answer}`],
    ['of another target in the later turn', fallen, elsewhere],
    ['of another target, behind what the first one said', fallen, `${look}\n\n${elsewhere}`],
    ['of another target that was asked from the start', again, `${other}\n\n${elsewhere}`],
    ['behind a turn that one target began and another ended', resumed, `${look}\n\n${elsewhere}`],
  ])('is complete: %s', (_, specs, shown) => {
    const record = judged(specs, shown);
    expect(record.because).not.toBe('');
    expect(record.outcome).toBe('complete');
    expect(record.servedBy).toBe(record.attempts.at(-1));
  });

  it.each([
    ['what two targets said in the same turn', again, `${look}\n${other}\n${elsewhere}`, 'spliced'],
    [
      'a beginning of a turn, and then the whole of it',
      [{ target: gpt, turn: 1, chars: 12, marker: false }, ...healthy],
      `${look.slice(0, 12)}${look}\n${answer}`,
      'spliced',
    ],
    [
      'the whole of a turn whose call was cut, and then the turn again',
      [{ target: gpt, turn: 1, marker: false }, ...healthy],
      `${look}${look}\n${answer}`,
      'spliced',
    ],
    [
      'two answers',
      [...healthy, { target: claude, turn: 2 }],
      `${look}\n${answer}${elsewhere}`,
      'spliced',
    ],
    [
      'the beginning of a turn twice, and then the rest of it',
      resumed,
      `${look.slice(0, begun)}${look}\n\n${elsewhere}`,
      'spliced',
    ],
    ['only what went with the tool call', healthy.slice(0, 1), look, 'truncated'],
    [
      'only what went with a tool call that was cut',
      [{ target: gpt, turn: 1, marker: false }],
      look,
      'truncated',
    ],
    [
      'a part of the answer',
      [healthy[0] as Spec, { target: gpt, turn: 2, chars: 20, marker: false }],
      `${look}\n${answer.slice(0, 20)}`,
      'truncated',
    ],
    ['nothing', healthy.slice(0, 1), '', 'empty'],
  ] satisfies [string, Spec[], string, string][])(
    'is not complete: %s',
    (_, specs, shown, outcome) => {
      expect(judged(specs, shown).outcome).toBe(outcome);
    },
  );
});

it('tells of an empty answer that a tool call went before it', () => {
  expect(judged(healthy.slice(0, 1), '').because).toMatch(
    /; openai\/gpt-4o was the last to answer, with a tool call\.$/,
  );
});

describe('the turns before the answer', () => {
  it('were not for nothing', () => {
    const events = historyOf(healthy, answer);
    expect(figuresBy(cost, events)).toMatchObject({ tokens: { total: 30 }, wasted_tokens: 0 });
    // Asked from the start again, the first provider's turn was.
    expect(figuresBy(cost, historyOf(again, elsewhere))).toMatchObject({ wasted_tokens: 15 });
  });

  it('are told by who brought them last', () => {
    const record = judged(again, elsewhere);
    expect(stepsOf(record)).toEqual([record.attempts[2]]);
    expect(stepsOf(judged(healthy, answer))).toHaveLength(1);
  });

  it('are no part of the time that a failover takes', () => {
    expect(figuresBy(failover, historyOf(fallen, elsewhere))).toMatchObject({
      failover_ms: { p50: 1_000, n: 1 },
    });
    expect(figuresBy(failover, historyOf(healthy, answer))).toMatchObject({
      failover_ms: { n: 0 },
    });
  });
});
