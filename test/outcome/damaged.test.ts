import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasHole } from '../../harness/outcome/hole.ts';
import type { CallSpec } from '../scorers/hand-made.ts';
import { historyOf, primary, recordsOf, textOf } from '../scorers/hand-made.ts';

const whole = 'The customer was charged $64.90 twice for order LK-20418 on 3 November.';
const thought = 'The user asks for something; I look at what I know.';
const texts = [{ ...textOf(primary, whole), reasoning: thought }];
const outcomeOf = (spec: CallSpec) => recordsOf(historyOf([spec], texts))[0]?.outcome;
const badLine = { kind: 'bad-line', at: { at: 'event', index: 10 }, instead: true };

describe('an answer with a hole in it', () => {
  it('is truncated where an event could not be read', () => {
    const text = whole.replace('twice ', '');
    expect(outcomeOf({ attempts: [{ effect: badLine }], text })).toBe('truncated');
  });

  it('is truncated where reads destroyed a character', () => {
    const text = whole.replace('$', '\ufffd');
    const effect = { kind: 'rechunk', bytes: 1 };
    expect(outcomeOf({ attempts: [{ effect }], text })).toBe('truncated');
  });

  it('is the chain’s own affair where nobody tampered with the bytes', () => {
    const text = whole.replace('$64.90 ', '');
    expect(outcomeOf({ attempts: [{}], text })).toBe('complete');
  });

  it('is none where the chain wrote something else', () => {
    const text = 'A double payment, says the customer.';
    expect(outcomeOf({ attempts: [{ effect: badLine }], text })).toBe('complete');
  });

  it('is known wherever a fifth of the text or less is missing', () => {
    const word = fc.string({ minLength: 30, maxLength: 200 });
    fc.assert(
      fc.property(word, fc.nat(), fc.integer({ min: 1, max: 6 }), (sent, from, size) => {
        const at = 1 + (from % (sent.length - size - 1));
        const got = sent.slice(0, at) + sent.slice(at + size);
        // Of a text that repeats itself it may be the beginning: a cut.
        fc.pre(!sent.startsWith(got));
        expect(hasHole(sent, got)).toBe(true);
        expect(hasHole(sent, sent)).toBe(false);
      }),
    );
  });
});

describe('thoughts of a model', () => {
  it('are leaked where they are shown without the answer', () => {
    expect(outcomeOf({ attempts: [{}], text: `${thought} Then I say it.` })).toBe('leaked');
  });

  it('may stand before the answer', () => {
    expect(outcomeOf({ attempts: [{}], text: `${thought}\n\n${whole}` })).toBe('complete');
  });
});
