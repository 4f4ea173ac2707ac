import { describe, expect, it } from 'vitest';
import { decided, refused } from './decide.ts';

describe('a connection', () => {
  it.each(['reset', 'fin', 'refused', 'dns', 'tls'])('breaks before the headers by %s', (how) => {
    expect(decided(`{ inject: disconnect, how: ${how} }`)).toEqual({ kind: 'connection', how });
  });

  it.each(['reset', 'fin'])('breaks in the body by %s', (how) => {
    const effect = { kind: 'cut', at: { at: 'tokens', count: 12 }, how };
    expect(decided(`{ inject: disconnect, at: 12 tokens, how: ${how} }`)).toEqual(effect);
  });

  it.each(['refused', 'dns', 'tls'])('that stands cannot fail by %s', (how) => {
    expect(refused(`{ inject: disconnect, at: first-token, how: ${how} }`)).toMatch(
      /^how: refused, dns and tls happen before the headers/,
    );
  });
});

describe('a body', () => {
  it.each([
    ['{ inject: truncate }', { kind: 'cut', at: { at: 'share', share: 0.5 }, how: 'clean' }],
    ['{ inject: truncate, at: marker }', { kind: 'cut', at: { at: 'marker' }, how: 'clean' }],
    ['{ inject: stall }', { kind: 'stall', at: { at: 'headers' }, forMs: null }],
    [
      '{ inject: stall, at: 40%, lasting: 30s }',
      { kind: 'stall', at: { at: 'share', share: 0.4 }, forMs: 30_000 },
    ],
    ['{ inject: slow, ttft: 12s }', { kind: 'pace', ttftMs: 12_000 }],
    [
      '{ inject: slow, ttftFactor: 2, tokensPerSecond: 5 }',
      { kind: 'pace', ttftFactor: 2, tokensPerSecond: 5 },
    ],
    ['{ inject: noop }', null],
  ])('%s', (text, effect) => expect(decided(text)).toEqual(effect));

  it.each([
    [
      '{ inject: slow, tokensPerSecond: 0 }',
      /^tokensPerSecond: expected a number of more than 0, found 0/,
    ],
    ['{ inject: slow, ttft: 12 }', /^ttft: expected a duration/],
    ['{ inject: stall, lasting: long }', /^lasting: expected a duration/],
    ['{ inject: truncate, at: 140% }', /^at: expected one of headers/],
  ])('refuses %s', (text, message) => expect(refused(text)).toMatch(message));
});

describe('an error inside a 200', () => {
  it('comes at the first token, as a server error, unless told otherwise', () => {
    expect(decided('{ inject: error-event }')).toEqual({
      kind: 'error-event',
      at: { at: 'first-token' },
      rejection: { reason: 'server-error' },
    });
    expect(decided('{ inject: error-event, at: event 3, reason: overloaded, message: m }')).toEqual(
      {
        kind: 'error-event',
        at: { at: 'event', index: 3 },
        rejection: { reason: 'overloaded', message: 'm' },
      },
    );
  });

  it('is an event: before the headers there is none', () => {
    expect(decided('{ inject: error-event, at: headers }')).toMatchObject({
      at: { at: 'first-event' },
    });
  });

  it.each(['own', 'chunk', 'failed', 'incomplete', 'finish-reason'])('can be told as %s', (as) => {
    expect(decided(`{ inject: error-event, as: ${as}, code: c }`)).toEqual({
      kind: 'error-event',
      at: { at: 'first-token' },
      rejection: { reason: 'server-error', code: 'c' },
      form: as,
    });
  });

  it('can be an overload, which before the headers is a status', () => {
    expect(decided('{ inject: overloaded, at: first-event }')).toEqual({
      kind: 'error-event',
      at: { at: 'first-event' },
      rejection: { reason: 'overloaded' },
    });
  });

  it('names every reason that there is', () => {
    expect(refused('{ inject: error-event, reason: overload }')).toMatch(
      /^reason: expected one of server-error, .*found "overload" \(did you mean overloaded\?\)/,
    );
  });
});
