import { expect, it } from 'vitest';
import { injectedText } from '../../harness/formats/effect-text.ts';

function told(effect: unknown, rule = 1, fault = 'stall'): string {
  return injectedText({ e: 'effect', t: 0, attempt: 1, rule, fault, effect });
}

it('tells every effect in words, and which rule of the file it comes from', () => {
  expect(told({ kind: 'stall', at: { at: 'tokens', count: 20 }, forMs: null })).toBe(
    'stall at 20 tokens, for ever (rule 2: stall)',
  );
  expect(told({ kind: 'stall', at: { at: 'headers' }, forMs: 30_000 })).toBe(
    'stall at headers, for 30s (rule 2: stall)',
  );
  expect(told({ kind: 'connection', how: 'dns' }, 0, 'disconnect')).toBe(
    'host name not found (rule 1: disconnect)',
  );
  expect(told({ kind: 'cut', at: { at: 'marker' }, how: 'reset' }, 0, 'disconnect')).toBe(
    'cut at marker, by a reset (rule 1: disconnect)',
  );
  expect(told({ kind: 'pace', ttftMs: 12_000, tokensPerSecond: 5 }, 2, 'slow')).toBe(
    'slow: first token after 12s, 5 tokens/s (rule 3: slow)',
  );
});

it('tells a request that nobody reads', () => {
  expect(told({ kind: 'unread', forMs: 20_000 }, 0, 'slow-request')).toBe(
    'request unread for 20s (rule 1: slow-request)',
  );
  expect(told({ kind: 'unread', forMs: null }, 0, 'slow-request')).toBe(
    'request unread for ever (rule 1: slow-request)',
  );
});

it('tells a rejection with its status and its hints', () => {
  const rejection = {
    reason: 'rate-limit',
    status: 429,
    body: 'html',
    hint: { retryAfter: '2', shouldRetry: false },
  };
  expect(told({ kind: 'reject', rejection }, 0, 'rate-limit')).toBe(
    'reject as rate-limit, status 429, body html, retry-after: 2, x-should-retry: false (rule 1: rate-limit)',
  );
  expect(
    told({
      kind: 'error-event',
      at: { at: 'event', index: 3 },
      rejection: { reason: 'overloaded' },
    }),
  ).toBe('error inside the 200 at event 3: overloaded (rule 2: stall)');
});

it('tells which limit it is, how the load grew, what is wrong, and dates in the past', () => {
  const limited = {
    reason: 'rate-limit',
    hint: { retryAfter: '5' },
    over: { what: 'tokens', asked: 700 },
  };
  expect(told({ kind: 'reject', rejection: limited }, 0, 'token-bucket')).toBe(
    'reject as rate-limit, 700 tokens wanted, retry-after: 5 (rule 1: token-bucket)',
  );
  const ramp = { reason: 'rate-limit', ramp: true, hint: { retryAfterDateMs: -30_000 } };
  expect(told({ kind: 'reject', rejection: ramp }, 0, 'burst-limit')).toBe(
    'reject as rate-limit, the load grows too fast, retry-after: a date 30s ago (rule 1: burst-limit)',
  );
  const flawed = {
    reason: 'invalid-request',
    flaw: { is: 'unsupported-parameter', name: 'top_k' },
  };
  expect(told({ kind: 'reject', rejection: flawed }, 0, 'guard')).toBe(
    'reject as invalid-request, unsupported-parameter top_k (rule 1: guard)',
  );
});

it("says whose idea the provider's own objection was", () => {
  expect(told({ kind: 'reject', rejection: { reason: 'auth' } }, -1, 'objection')).toBe(
    "reject as auth (the provider's own objection)",
  );
});

it('shows an effect of another version as it is stored', () => {
  expect(told({ kind: 'gravity', g: 2 })).toBe('{"kind":"gravity","g":2} (rule 2: stall)');
  expect(told(null)).toBe('null (rule 2: stall)');
});
