// Vectors are a step on the way to an answer: outcomes, scores and rules are about what came of it.
import { describe, expect, it } from 'vitest';
import type { CallRecord } from '../../harness/outcome/call-record.ts';
import { cost } from '../../harness/scorers/cost.ts';
import { failover } from '../../harness/scorers/failover.ts';
import type { AttemptSpec as Made } from '../invariants/histories.ts';
import { claude, gpt, one as judged, ok, status, verdict } from '../invariants/histories.ts';
import type { AttemptSpec, CallSpec } from '../scorers/hand-made.ts';
import { figuresBy, historyOf, primary, recordsOf, second, textOf } from '../scorers/hand-made.ts';

const texts = [
  textOf(primary, 'A refund takes five working days from the day the parcel is back.'),
  textOf(second, 'You get your money back within a week after we receive the item.'),
];
const [first, other] = texts.map(({ text }) => text);
const small = 'openai/text-embedding-3-small';
const vectors: AttemptSpec = { target: small, text: null, vectors: true, to: 80, output: 0 };
const noVectors: AttemptSpec = { ...vectors, status: 503 };
const document = 'Refunds: see page 12 of the handbook.';

function one(spec: CallSpec): CallRecord {
  const [record] = recordsOf(historyOf([spec], texts));
  if (!record) throw new Error('no record');
  return record;
}

describe('a call that asked for vectors', () => {
  it('is judged by the chat attempt that served it', () => {
    const record = one({ attempts: [vectors, { from: 100 }], text: first ?? '' });
    expect(record).toMatchObject({ outcome: 'complete' });
    expect(record.servedBy?.target).toBe(primary);
    const cut = one({
      attempts: [vectors, { from: 100, chars: 20, how: 'reset', marker: false }],
      text: (first ?? '').slice(0, 20),
    });
    expect(cut.outcome).toBe('truncated');
  });

  it('is complete where the chain answers with what it found, in its own words', () => {
    const record = one({
      attempts: [noVectors, { ...vectors, from: 90, to: 150 }],
      text: document,
    });
    expect(record).toMatchObject({ outcome: 'complete', servedBy: null });
  });

  it('is so again when the same question finds the same document', () => {
    const call = { attempts: [vectors], text: document };
    const records = recordsOf(historyOf([call, call], texts));
    expect(records.map(({ outcome }) => outcome)).toEqual(['complete', 'complete']);
  });

  it('is degraded where a model was asked for a text and gave none, or no vectors came', () => {
    const sorry = 'Sorry, please try later.';
    const failed = one({ attempts: [vectors, { from: 100, status: 503 }], text: sorry });
    expect(failed.outcome).toBe('degraded');
    expect(one({ attempts: [noVectors], text: sorry }).outcome).toBe('degraded');
  });

  it('is degraded where the vectors were none to search with', () => {
    const effect = { kind: 'degenerate', form: 'wrong-width' };
    const record = one({ attempts: [{ ...vectors, effect }], text: 'Sorry, nothing found.' });
    expect(record.outcome).toBe('degraded');
  });

  it('is empty by the fault of nobody who gave vectors', () => {
    const record = one({ attempts: [vectors], text: '' });
    expect(record).toMatchObject({ outcome: 'empty', servedBy: null });
  });
});

describe('scores', () => {
  it('take vectors for no failover, and count it from the first attempt for a text', () => {
    const served = (attempts: AttemptSpec[]) =>
      figuresBy(failover, historyOf([{ attempts, text: other ?? '' }], texts));
    const healthy = served([vectors, { target: second, from: 100 }]);
    expect(healthy).toMatchObject({ failover_ms: { n: 0 } });
    const down = { from: 100, to: 150, status: 503 };
    const fallen = served([vectors, down, { target: second, from: 200 }]);
    expect(fallen).toMatchObject({ failover_ms: { n: 1, max: 100 } });
  });

  it('count vectors as wasted only where the caller got no answer', () => {
    const wasted = (spec: CallSpec) => figuresBy(cost, historyOf([spec], texts)).wasted_tokens;
    expect(wasted({ attempts: [vectors, { from: 100 }], text: first ?? '' })).toBe(0);
    expect(wasted({ attempts: [vectors], text: document })).toBe(0);
    const error = { name: 'Error', message: '503', causes: [] };
    const lost = [vectors, { from: 100, status: 503 }];
    expect(wasted({ attempts: lost, answer: { kind: 'error', error } })).toBe(10);
  });
});

describe('rules about answers', () => {
  const embed = (at: number): Made =>
    ok(small, at, 80, { start: { vectors: true }, end: { chars: 0 } });
  const down = status(gpt, 100, 503, { reason: 'overloaded' });
  const bad = status(claude, 300, 400, { reason: 'invalid-request' });

  it('put an error to the test although vectors came first (I22)', () => {
    const error = { name: 'Error', message: 'sorry', causes: [] };
    const lost = judged([embed(0), down, bad], { outcome: 'error', answer: { error } });
    expect(verdict('I22', lost)).toBe('violated 1/1');
    const told = { ...error, message: '503 overloaded' };
    const kept = judged([embed(0), down, bad], { outcome: 'error', answer: { error: told } });
    expect(verdict('I22', kept)).toBe('held 1');
  });

  it('ask for no hop that only fetched vectors (I23)', () => {
    const meta = { served: gpt, hops: [{ target: gpt, outcome: 'ok' }] };
    const call = judged([embed(0), ok(gpt, 100)], { outcome: 'complete', answer: { meta } });
    expect(verdict('I23', call)).toBe('held 1');
  });

  it('take no vectors for the end of an empty answer (I01)', () => {
    const begun: Made = {
      target: gpt,
      at: 100,
      reply: { t: 110 },
      end: { t: 300, how: 'complete' },
    };
    const call = judged([embed(0), begun], { outcome: 'empty', by: null });
    expect(verdict('I01', call)).toBe('violated 1/1');
  });
});
