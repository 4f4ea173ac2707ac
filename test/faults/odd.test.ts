// What users write for faults that answer oddly, and what they are told where they cannot.
import { describe, expect, it } from 'vitest';
import { plainTraits } from '../../harness/trial/twin.ts';
import { attempt } from '../attempts.ts';
import { decided, decidedFor, refused } from './decide.ts';

describe('a 200 that is odd', () => {
  it.each([
    ['{ inject: omit, parts: end }', { kind: 'omit', parts: ['end'] }],
    [
      '{ inject: omit, parts: arguments, behind: arguments }',
      { kind: 'omit', parts: ['arguments'], behind: { at: 'arguments' } },
    ],
    [
      '{ inject: output-limit, tokens: 7 }',
      { kind: 'answer', change: { to: 'limited', tokens: 7 } },
    ],
    [
      '{ inject: omit, parts: [finish, end, usage, block-close] }',
      { kind: 'omit', parts: ['finish', 'end', 'usage', 'block-close'] },
    ],
    ['{ inject: malformed }', { kind: 'bad-line', at: { at: 'first-token' }, instead: false }],
    [
      '{ inject: malformed, at: event 10, instead: true }',
      { kind: 'bad-line', at: { at: 'event', index: 10 }, instead: true },
    ],
    ['{ inject: rechunk, bytes: 7 }', { kind: 'rechunk', bytes: 7 }],
    ['{ inject: rechunk, events: 5 }', { kind: 'rechunk', events: 5 }],
    ['{ inject: degenerate, as: null }', { kind: 'degenerate', form: 'null' }],
    ['{ inject: degenerate, as: json }', { kind: 'degenerate', form: 'json' }],
    ['{ inject: usage, as: null }', { kind: 'quirk', quirks: { usage: 'null' } }],
    ['{ inject: usage, as: early }', { kind: 'quirk', quirks: { usage: 'early' } }],
    ['{ inject: other-model, model: gpt-0 }', { kind: 'quirk', quirks: { model: 'gpt-0' } }],
    [
      '{ inject: reasoning, tokens: 300 }',
      { kind: 'answer', change: { to: 'reasoned', tokens: 300 } },
    ],
    ['{ inject: wrong-answer, as: prose }', { kind: 'answer', change: { to: 'prose' } }],
    [
      '{ inject: wrong-answer, of: openai/gpt-4o-mini }',
      { kind: 'answer', change: { to: 'of', target: 'openai/gpt-4o-mini' } },
    ],
  ])('%s', (text, effect) => expect(decided(text)).toEqual(effect));

  it.each([
    ['{ inject: omit }', /^parts: /],
    ['{ inject: omit, parts: [] }', /^parts: /],
    ['{ inject: omit, parts: [text] }', /^parts.*expected one of finish, end, usage, block-close/],
    ['{ inject: omit, parts: end, behind: byte 9 }', /^behind: stands between events/],
    ['{ inject: output-limit }', /^tokens: /],
    ['{ inject: malformed, at: byte 9 }', /^at: stands between events, not inside one: write /],
    ['{ inject: rechunk }', /^: give one of bytes and events/],
    ['{ inject: rechunk, bytes: 7, events: 2 }', /^: give one of bytes and events/],
    ['{ inject: rechunk, bytes: 0 }', /^bytes: expected a number of at least 1, found 0/],
    ['{ inject: degenerate, as: nul }', /^as: expected one of empty, null, .*did you mean null/],
    ['{ inject: usage, as: late }', /^as: expected one of missing, null, early/],
    ['{ inject: other-model }', /^model: /],
    ['{ inject: reasoning, tokens: 0 }', /^tokens: expected a number of at least 1, found 0/],
    ['{ inject: wrong-answer }', /^: give one of as and of/],
    ['{ inject: wrong-answer, as: prose, of: a/b }', /^: give one of as and of/],
    ['{ inject: wrong-answer, of: gpt-4o }', /^of: expected a target like openai\/gpt-4o-mini/],
  ])('refuses %s', (text, message) => expect(refused(text)).toMatch(message));

  it.each([
    '{ inject: omit, parts: end }',
    '{ inject: rechunk, events: 5 }',
    '{ inject: degenerate, as: json }',
  ])('%s leaves a body at once alone, and says so', (text) => {
    expect(decidedFor({ ...attempt, stream: false }, text)).toBeNull();
  });
});

describe('a width', () => {
  it('is wrong only where there is one: in embeddings', () => {
    const rule = '{ inject: degenerate, as: wrong-width }';
    const effect = { kind: 'degenerate', form: 'wrong-width' };
    expect(decidedFor({ ...attempt, wire: 'openai-embeddings' }, rule)).toEqual(effect);
    expect(decided(rule)).toBeNull();
  });
});

describe('a schema', () => {
  it('is ignored only where there is one', () => {
    const asks = () => ({ ...plainTraits, schema: true });
    const effect = { kind: 'answer', change: { to: 'prose' } };
    expect(decidedFor({ ...attempt, asks }, '{ inject: ignore-schema }')).toEqual(effect);
    expect(decided('{ inject: ignore-schema }')).toBeNull();
  });

  it('is missed only where there is none', () => {
    const asks = () => ({ ...plainTraits, schema: true });
    expect(decidedFor({ ...attempt, asks }, '{ inject: free-form }')).toBeNull();
    const effect = { kind: 'answer', change: { to: 'prose' } };
    expect(decided('{ inject: free-form }')).toEqual(effect);
  });
});

describe('time', () => {
  it.each([
    ['{ inject: slow-request }', { kind: 'unread', forMs: null }],
    ['{ inject: slow-request, lasting: 20s }', { kind: 'unread', forMs: 20_000 }],
    ['{ inject: slow, lasting: 4m }', { kind: 'pace', streamMs: 240_000 }],
    ['{ inject: slow, ttft: 1s, lasting: 4m }', { kind: 'pace', ttftMs: 1000, streamMs: 240_000 }],
    [
      '{ inject: stall, at: 3 tokens, keepalive: { every: 5s } }',
      {
        kind: 'stall',
        at: { at: 'tokens', count: 3 },
        forMs: null,
        keepalive: { form: 'comment', everyMs: 5000 },
      },
    ],
    [
      '{ inject: stall, at: 40%, lasting: 9s, keepalive: { every: 2s, as: empty-delta } }',
      {
        kind: 'stall',
        at: { at: 'share', share: 0.4 },
        forMs: 9000,
        keepalive: { form: 'empty-delta', everyMs: 2000 },
      },
    ],
  ])('%s', (text, effect) => expect(decided(text)).toEqual(effect));

  it.each([
    ['{ inject: slow, lasting: 1s, tokensPerSecond: 3 }', /^lasting: .* both set the pace/],
    ['{ inject: slow, lasting: 0s }', /^lasting: expected a duration above 0/],
    ['{ inject: slow-request, lasting: 0s }', /^lasting: expected a duration above 0/],
    ['{ inject: stall, keepalive: { every: 5s } }', /^keepalive: .*write `at: first-event`/],
    ['{ inject: stall, at: byte 9, keepalive: { every: 5s } }', /^keepalive: .* between events/],
    ['{ inject: stall, at: 40%, keepalive: { every: 0s } }', /^keepalive.every: .* above 0/],
    ['{ inject: stall, at: 40%, keepalive: { as: ping } }', /^keepalive.every: is missing/],
  ])('refuses %s', (text, message) => expect(refused(text)).toMatch(message));
});

describe('a place', () => {
  it.each([
    ['block', { at: 'part', part: 'block-open' }],
    ['empty-delta', { at: 'part', part: 'empty' }],
    ['reasoning', { at: 'reasoning' }],
    ['arguments', { at: 'arguments' }],
    ['byte 120', { at: 'byte', index: 120 }],
    ['inside-character', { at: 'inside-character' }],
  ])('can be %s', (text, at) => {
    for (const fault of ['truncate', 'disconnect', 'stall']) {
      expect(decided(`{ inject: ${fault}, at: ${text} }`)).toMatchObject({ at });
    }
  });

  it('of an event is not inside another', () => {
    for (const fault of ['error-event', 'overloaded', 'malformed']) {
      for (const at of ['byte 3', 'inside-character']) {
        expect(refused(`{ inject: ${fault}, at: ${at} }`)).toMatch(/^at: stands between events/);
      }
    }
  });
});
