import { describe, expect, it } from 'vitest';
import { degenerateForms } from '../../harness/faults/effect.ts';
import type { AttemptSpec, CallSpec } from './histories.ts';
import {
  claude,
  gpt,
  History,
  inBand,
  judgeOne,
  lost,
  ok,
  one,
  status,
  verdict,
} from './histories.ts';

const nothing = { first: null, last: null, chars: 0 };
const hollow = (form: string): AttemptSpec =>
  ok(gpt, 0, 400, { effect: { kind: 'degenerate', form }, end: nothing });

const judged = (attempts: AttemptSpec[], spec: CallSpec): string =>
  verdict('I15', one(attempts, spec));

const empty: CallSpec = { outcome: 'empty' };

describe('I15 a 200 with no answer in it', () => {
  // A refusal has words of its own; vectors are no answer.
  const forms = degenerateForms.filter((form) => form !== 'refusal' && form !== 'wrong-width');

  it.each(forms)('is no success where it is shown as nothing: %s', (form) => {
    expect(judged([hollow(form)], empty)).toBe('violated 1/1');
    expect(judged([hollow(form)], { outcome: 'error' })).toBe('held 1');
    expect(judged([hollow(form), ok(claude, 500)], { outcome: 'complete' })).toBe('held 1');
  });

  it('is told in a sentence', () => {
    expect(judgeOne('I15', one([hollow('length')], empty)).first?.text).toBe(
      'attempt 1 (openai/gpt-4o, 100.0 s): complete after 0.4 s, whose thoughts used up the whole ' +
        'budget. The caller was shown nothing as the answer at 100.4 s; it should have been another ' +
        'attempt or an error.',
    );
  });

  it('is known by its text too, whoever made it so', () => {
    const blank = new History()
      .says('t1', ' \n')
      .call([ok(gpt, 0, 400, { reply: { text: 't1' } })], empty);
    expect(verdict('I15', blank)).toBe('violated 1/1');
    const spoken = new History()
      .says('t1', 'Hi.')
      .call([ok(gpt, 0, 400, { reply: { text: 't1' } })], empty);
    expect(verdict('I15', spoken)).toBe('not-applicable');
  });

  it('may be a stream that ends in good order before its first word', () => {
    const short = lost(gpt, 0, 'short', 300, { reply: { t: 50, status: 200 } });
    expect(judged([short], empty)).toBe('violated 1/1');
    expect(judged([short], { outcome: 'error' })).toBe('held 1');
  });

  it.each([
    ['a page', 'The caller can read an HTML page.'],
    [
      'thoughts',
      'The caller can read what a model thought, without the answer that follows from it.',
    ],
    ['raw events', 'The caller can read raw stream events.'],
  ])('is not shown as %s either', (_, because) => {
    expect(judged([hollow('html')], { outcome: 'leaked', because })).toBe('violated 1/1');
    const other = 'The caller can read the error message of anthropic/claude.';
    expect(judged([hollow('html')], { outcome: 'leaked', because: other })).toBe('held 1');
  });

  it.each(['undefined', 'null', '[object Object]', ' None ', '{}', '""'])(
    'is not shown as what a program makes of it: %s',
    (text) => {
      expect(judged([hollow('null')], { outcome: 'degraded', text })).toBe('violated 1/1');
    },
  );

  it.each<[string, CallSpec]>([
    ['a reply of its own', { outcome: 'degraded', text: 'Nothing could be found. null' }],
    [
      'a reply that says that it is one',
      { outcome: 'degraded', text: 'null', answer: { meta: { degraded: true } } },
    ],
  ])('may be followed by %s', (_, spec) => {
    expect(judged([hollow('null')], spec)).toBe('held 1');
  });

  it('may be followed by a declared reply, whatever its words', () => {
    const history = one([hollow('null')], { outcome: 'degraded', text: 'None' });
    expect(verdict('I15', history, { degradeText: 'None' })).toBe('held 1');
  });

  it('is not mistaken for an answer that a target gave', () => {
    const spec: CallSpec = { outcome: 'complete', text: 'None' };
    expect(judged([hollow('empty'), ok(claude, 500)], spec)).toBe('held 1');
  });

  it.each<[string, AttemptSpec]>([
    ['calls of tools, which have no text', ok(gpt, 0, 400, { reply: { calls: 1, text: 't' } })],
    ['errors inside a 200', inBand(gpt, 0, 'overloaded')],
    ['statuses', status(gpt, 0, 503)],
    ['broken connections', lost(gpt, 0, 'reset', 300, { reply: { t: 50, status: 200 } })],
    ['vectors', { ...hollow('empty'), start: { vectors: true } }],
  ])('is not taken from %s', (_, attempt) => {
    expect(judged([attempt], empty)).toBe('not-applicable');
  });

  it('says nothing of callers who left, and of caches', () => {
    expect(judged([hollow('empty')], { outcome: 'aborted' })).toBe('not-applicable');
    expect(judged([hollow('empty')], { outcome: 'cached' })).toBe('not-applicable');
  });
});
