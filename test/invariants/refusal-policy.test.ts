import { describe, expect, it } from 'vitest';
import { compareTwins, statusOf } from '../../harness/scoring/judge-invariants.ts';
import type { AttemptSpec, CallSpec, ViewSpec } from './histories.ts';
import {
  claude,
  gpt,
  History,
  inBand,
  judgeAll,
  judgeOne,
  mini,
  ok,
  status,
  verdict,
} from './histories.ts';

const nothing = { first: null, last: null, chars: 0 };
const filtered: AttemptSpec = ok(gpt, 0, 400, {
  effect: { kind: 'degenerate', form: 'content-filter' },
  end: nothing,
});
const refusal: AttemptSpec = ok(gpt, 0, 400, { reply: { text: 'no' } });
const reject = (more = {}) => ({
  effect: { kind: 'reject', rejection: { reason: 'content-policy', ...more } },
});
const turnedDown: AttemptSpec = status(gpt, 0, 400, { reason: 'content-policy' }, reject());
const inside: AttemptSpec = inBand(gpt, 0, 'content-policy', {
  effect: { kind: 'error-event', rejection: { reason: 'content-policy' } },
});

const kinds: [string, AttemptSpec][] = [
  ['a content filter', filtered],
  ['a refusal in words', refusal],
  ['a rejection by its policy', turnedDown],
  ['the same inside a 200', inside],
];

const targets = [gpt, claude, mini];

function told(...calls: [AttemptSpec[], CallSpec][]): History {
  const history = new History().says('no', 'I cannot help with that.', { refusal: true });
  for (const [attempts, spec] of calls) history.call(attempts, spec);
  return history;
}

const judged = (history: History, view: ViewSpec = { targets }): string =>
  verdict('I16', history, view);
const byWhom = (served: string): CallSpec => ({
  outcome: 'complete',
  answer: { meta: { served } },
});
const around = ok(claude, 500);

describe.each(kinds)('I16 where %s', (_, refuses) => {
  it('holds where the caller is told, in words or as an error', () => {
    expect(judged(told([[refuses], { outcome: 'error' }]))).toBe('held 1');
    expect(judged(told([[refuses], { outcome: 'refused' }]))).toBe('held 1');
    expect(judged(told([[refuses], { outcome: 'degraded' }]))).toBe('held 1');
  });

  it('is violated where the caller gets nothing, as if that were the answer', () => {
    expect(judged(told([[refuses], { outcome: 'empty' }]))).toBe('violated 1/1');
  });

  it('is violated where somebody else answers and nobody says so', () => {
    expect(judged(told([[refuses, around], { outcome: 'complete' }]))).toBe('violated 1/1');
    expect(judged(told([[refuses, around], byWhom(gpt)]))).toBe('violated 1/1');
  });

  it('holds where somebody else answers and the caller can see it', () => {
    expect(judged(told([[refuses, around], byWhom(claude)]))).toBe('held 1');
    const hops = [
      { target: gpt, outcome: 'refused' },
      { target: claude, outcome: 'complete' },
    ];
    const spec: CallSpec = { outcome: 'complete', answer: { meta: { hops } } };
    expect(judged(told([[refuses, around], spec]))).toBe('held 1');
  });

  it('holds where another target was agreed on, and is violated where none is asked then', () => {
    const fallback: ViewSpec = { targets, limits: { refusal: 'fallback' } };
    expect(judged(told([[refuses, around], { outcome: 'complete' }]), fallback)).toBe('held 1');
    const gaveUp = told([[refuses], { outcome: 'error' }]);
    expect(judged(gaveUp, fallback)).toBe('violated 1/1');
    expect(judgeOne('I16', gaveUp, fallback).first?.text).toMatch(/it should have asked anthropic/);
    // Nobody was left, as far as is known.
    expect(judged(gaveUp, { limits: { refusal: 'fallback' } })).toBe('held 1');
  });

  it('is violated where it is passed on at one time and not at another', () => {
    const mixed = told([[refuses, around], byWhom(claude)], [[refuses], { outcome: 'error' }]);
    // Who has failed is not counted on: mini has not been asked yet.
    expect(judged(mixed)).toBe('violated 1/2');
    expect(judgeOne('I16', mixed, { targets }).first?.text).toMatch(/all should be treated alike/);
    expect(
      judged(told([[refuses, around], byWhom(claude)], [[refuses, around], byWhom(claude)])),
    ).toBe('held 2');
  });
});

describe('I16', () => {
  it('lets a chain ask once more before it passes a refusal on', () => {
    const again = { ...filtered, at: 500, end: { ...filtered.end, t: 900 } };
    const once = told([[filtered, again], { outcome: 'error' }]);
    expect(judged(once)).toBe('held 1');
    expect(judged(once, { targets, limits: { refusal: 'fallback' } })).toBe('held 1');
  });

  it('names the limit that it used', () => {
    const history = told([[refusal], { outcome: 'refused' }]);
    expect(judgeOne('I16', history).limit).toBe('refusal: surface');
    expect(judgeOne('I16', history, { limits: { refusal: 'fallback' } }).limit).toBe(
      'refusal: fallback',
    );
  });

  it('tells what was hidden', () => {
    expect(judgeOne('I16', told([[filtered], { outcome: 'empty' }])).first?.text).toBe(
      'attempt 1 (openai/gpt-4o, 100.0 s): complete after 0.4 s. The chain showed an empty answer ' +
        'at 100.4 s. The content filter should have been told, or another target asked.',
    );
  });

  it.each<[string, AttemptSpec]>([
    ['an ordinary answer', ok(gpt, 0)],
    ['a rejection without a code', status(claude, 0, 400, { reason: 'content-policy' }, reject())],
    ['one that a gateway tells as a page', { ...turnedDown, ...reject({ body: 'html' }) }],
    ['one with a code for something else', { ...turnedDown, ...reject({ code: 'bad_request' }) }],
    ['one with a status of its own', status(gpt, 0, 451, { reason: 'content-policy' }, reject())],
    [
      'a refusal that broke off',
      { ...refusal, end: { ...refusal.end, marker: false, how: 'reset' } },
    ],
  ])('does not count %s', (_, attempt) => {
    expect(judged(told([[attempt, around], { outcome: 'complete' }]))).toBe('not-applicable');
  });

  it('says nothing of callers who left, of caches, and of attempts side by side', () => {
    expect(judged(told([[filtered], { outcome: 'aborted' }]))).toBe('not-applicable');
    expect(judged(told([[filtered], { outcome: 'cached' }]))).toBe('not-applicable');
    expect(judged(told([[filtered, ok(claude, 100)], { outcome: 'complete' }]))).toBe(
      'not-applicable',
    );
  });
});

describe('I16 in a race', () => {
  const later = ok(claude, 100, 5_000);

  it('is violated where the lane that answers in the end hides the refusal of another', () => {
    const hidden = told([[filtered, later], { outcome: 'complete' }]);
    expect(judged(hidden)).toBe('violated 1/1');
    expect(judgeOne('I16', hidden, { targets }).first?.text).toBe(
      'attempt 1 (openai/gpt-4o, 100.0 s): complete after 0.4 s. The chain waited for another ' +
        'lane of the race at 100.4 s. The caller took the answer for an ordinary one; by ' +
        '"refusal: surface" the content filter should have reached it, or at least who answered ' +
        'instead.',
    );
  });

  it('holds where the caller can see who answered, and where fallbacks are agreed on', () => {
    expect(judged(told([[filtered, later], byWhom(claude)]))).toBe('held 1');
    const fallback: ViewSpec = { targets, limits: { refusal: 'fallback' } };
    const raced = told([[filtered, later], { outcome: 'complete' }]);
    expect(judged(raced, fallback)).toBe('not-applicable');
  });

  it('does not ask for a refusal that came once the other lane had begun to speak', () => {
    const spoke = ok(claude, 0, 3_000);
    expect(judged(told([[filtered, spoke], { outcome: 'complete' }]))).toBe('not-applicable');
  });
});

describe('I16 beside the question', () => {
  it('does not ask for what a ping or a guard refused', () => {
    const ping = { ...filtered, start: { beside: true as const } };
    expect(judged(told([[ping, around], { outcome: 'complete' }]))).toBe('not-applicable');
    const guard = { ...filtered, target: 'openai/small' };
    expect(judged(told([[guard, around], { outcome: 'complete' }]))).toBe('not-applicable');
  });
});

describe('I16 over twins', () => {
  function parity(trial: History, other: History): string {
    const own = judgeAll(trial, { targets });
    const { I16 } = compareTwins(own, judgeAll(other, { targets, twin: 'stream' }), 'stream');
    return `${statusOf(I16)} ${I16?.violations}/${I16?.exercised}`;
  }
  const shown = told([[refusal], { outcome: 'refused' }]);
  const wentRound = told([[refusal, around], byWhom(claude)]);

  it('holds where both are treated alike, an error or not', () => {
    expect(parity(shown, told([[refusal], { outcome: 'error' }]))).toBe('held 0/1');
    expect(parity(wentRound, wentRound)).toBe('held 0/1');
  });

  it('is violated where only one of both is passed on, or hidden', () => {
    expect(parity(shown, wentRound)).toBe('violated 1/1');
    expect(parity(wentRound, shown)).toBe('violated 1/1');
    expect(parity(shown, told([[refusal], { outcome: 'empty' }]))).toBe('violated 1/1');
    const { I16 } = compareTwins(
      judgeAll(shown),
      judgeAll(wentRound, { twin: 'stream' }),
      'stream',
    );
    expect(I16?.first?.text).toMatch(
      /passed it on to the caller at 100\.4 s\. Told to stream .* it asked for another answer; one policy/,
    );
  });

  it('stands by what the trial says alone where the twin says nothing', () => {
    const hidden = told([[filtered], { outcome: 'empty' }]);
    expect(parity(hidden, new History())).toBe('violated 1/1');
    expect(parity(shown, new History())).toBe('held 0/1');
  });
});
