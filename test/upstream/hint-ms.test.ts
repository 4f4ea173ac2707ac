import { expect, it } from 'vitest';
import { hintMsOf } from '../../harness/upstream/hint-ms.ts';

const now = Date.UTC(2026, 0, 5, 9, 0, 0, 250);

it.each([
  ['seconds', { retryAfter: '2' }, 2000],
  ['part of a second', { retryAfter: '0.5' }, 500],
  ['at once', { retryAfter: '0' }, 0],
  ['ms, which win over seconds', { retryAfter: '9', retryAfterMs: '300' }, 300],
  ['a date to come', { retryAfter: 'Mon, 05 Jan 2026 09:00:03 GMT' }, 2750],
  ['a date as a fault sets it, in whole seconds', { retryAfterDateMs: 2000 }, 1750],
])('waits for %s', (_, hint, ms) => expect(hintMsOf(hint, now)).toBe(ms));

it.each([
  ['no hint', {}],
  ['a negative time', { retryAfter: '-1' }],
  ['words', { retryAfter: 'soon' }],
  ['nothing', { retryAfter: ' ' }],
  ['a date that has passed', { retryAfter: 'Mon, 05 Jan 2026 08:59:59 GMT' }],
  ['for ever', { retryAfter: 'Infinity' }],
  ['ms that are none', { retryAfter: '2', retryAfterMs: 'x' }],
  ['a word for the client alone', { shouldRetry: true }],
])('has no use for %s', (_, hint) => expect(hintMsOf(hint, now)).toBeNull());
