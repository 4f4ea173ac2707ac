import { expect, it } from 'vitest';
import type { Meta } from '../../harness/history.ts';
import { AnswerEvents } from '../../harness/trial/answer-events.ts';
import type { Sample } from '../../harness/workloads/workload.ts';
import { plainSample } from '../../harness/workloads/workload.ts';

const sample: Sample = {
  ...plainSample,
  id: 'a',
  prompt: 'JSON, please.',
  schema: { type: 'object' },
};

function wellFormed(text: string, meta?: Meta): boolean {
  const got = { kind: 'text' as const, at: 1, first: 1, text, ...(meta ? { meta } : {}) };
  return new AnswerEvents('Later, please.').of(1, sample, got).wellFormed !== false;
}

it('calls no polite reply malformed, in whichever way the chain says that it is one', () => {
  expect(wellFormed('Later, please.')).toBe(true);
  expect(wellFormed('Sorry.', { degraded: true })).toBe(true);
  expect(wellFormed('Sorry.', { served: 'degraded' })).toBe(true);
});

it('calls malformed what is no JSON and pretends to be an answer', () => {
  expect(wellFormed('{"a":1}')).toBe(true);
  expect(wellFormed('Sorry.')).toBe(false);
  expect(wellFormed('Sorry.', { served: 'openai/gpt-4o', degraded: false })).toBe(false);
});

it('knows a graded answer and a polite reply whatever white space is around them', () => {
  const events = new AnswerEvents('Later, please.\n');
  events.know({
    e: 'text',
    id: 't1',
    sample: 'a',
    target: 'openai/gpt-4o',
    kind: 'recorded',
    text: '{"a":1}\n',
    score: 0.5,
    refusal: false,
  });
  const of = (text: string) => events.of(1, sample, { kind: 'text', at: 1, first: 1, text });
  expect(of('{"a":1}')).toMatchObject({ same: 't1', score: 0.5 });
  expect(of('Later, please.').wellFormed).not.toBe(false);
});
