// Answers that somebody got before: what is a copy, and what only looks like one.
import { describe, expect, it } from 'vitest';
import type { CallSpec } from '../scorers/hand-made.ts';
import { historyOf, primary, recordsOf, second, textOf } from '../scorers/hand-made.ts';
import { claude, cutAt, down, gpt, last, ok, one } from './one-call.ts';

describe('an answer from a cache', () => {
  it('is cached, from the last call that got it', () => {
    const record = last([
      { attempts: [{}], text: gpt },
      { attempts: [{}], text: gpt },
      { attempts: [down], text: gpt, repeats: 1 },
    ]);
    expect(record).toMatchObject({ outcome: 'cached', cachedFrom: 2, servedBy: null });
  });

  it('is cached without any attempt', () => {
    expect(last([{ attempts: [{}], text: gpt }, { text: gpt }])).toMatchObject({
      outcome: 'cached',
      cachedFrom: 1,
    });
  });

  it('is cached from the call that a target served, not from another cached one', () => {
    const record = last([{ attempts: [{}], text: gpt }, { text: gpt }, { text: gpt }]);
    expect(record.cachedFrom).toBe(1);
  });

  it('is complete where an attempt of the call sent it, as one of an earlier call did', () => {
    const spec = { attempts: [{}], text: gpt };
    expect(last([spec, spec])).toMatchObject({ outcome: 'complete', cachedFrom: null });
  });

  it('is no copy of an earlier call that was spliced alike, where its own attempts make it up', () => {
    const text = `${gpt.slice(0, 25)}\n\n[connection lost, trying again]\n\n${claude}`;
    const spec = { attempts: [cutAt(25), ok], text };
    const servedBy = { target: second };
    expect(last([spec, spec])).toMatchObject({ outcome: 'spliced', cachedFrom: null, servedBy });
    const copied = last([spec, { text }]);
    expect(copied).toMatchObject({ outcome: 'spliced', cachedFrom: 1, servedBy: null });
  });

  it('is cached where another call, still open, must have got it', () => {
    const record = last([
      { attempts: [{ to: 9_000 }], text: gpt },
      { text: gpt, after: 7_900 },
    ]);
    expect(record).toMatchObject({ outcome: 'cached', cachedFrom: null });
  });

  it('is cached where it is the answer to a similar question', () => {
    const record = last([
      { attempts: [{}], text: gpt },
      { sample: 's2', text: gpt },
    ]);
    expect(record).toMatchObject({ outcome: 'cached', cachedFrom: 1 });
  });

  it('is as broken as the answer that was kept', () => {
    const part = gpt.slice(0, 30);
    const record = last([{ attempts: [cutAt(30)], text: part }, { text: part }]);
    expect(record).toMatchObject({ outcome: 'truncated', cachedFrom: 1 });
  });

  it('is cached where the same question got the reworked answer before', () => {
    const text = '{"days":5}';
    expect(
      last([
        { attempts: [{}], text },
        { text, repeats: 1 },
      ]),
    ).toMatchObject({
      outcome: 'cached',
      cachedFrom: 1,
    });
  });

  it('is no copy of a label that the chain has for all that it cannot answer', () => {
    const label = [textOf(primary, 'general'), textOf(primary, 'general', { sample: 's2' })];
    const calls: CallSpec[] = [
      { attempts: [{}], text: 'general' },
      { sample: 's2', attempts: [down], text: 'general' },
      { attempts: [down], text: 'general' },
    ];
    const found = recordsOf(historyOf(calls, label)).map(({ outcome }) => outcome);
    // The third has got it before: nobody can tell.
    expect(found).toEqual(['complete', 'degraded', 'cached']);
    const told = [...calls, { ...calls[2], answer: { meta: { degraded: true } } }];
    expect(recordsOf(historyOf(told, label)).at(-1)?.outcome).toBe('degraded');
  });

  it('is cached by the word of the chain where it reworked what it kept', () => {
    const answer = { meta: { served: 'cache', cachedMs: 1_000 } };
    expect(one({ text: '{"days":5}', repeats: 1, answer })).toMatchObject({
      outcome: 'cached',
      cachedFrom: 1,
    });
  });
});
