// Rules that show what each fault can do beside its example: the contract of faults is tested on
// them, and simulation is held to reality on them.

import { degenerateForms, inBandForms } from '../../harness/faults/effect.ts';
import { bodyForms } from '../../harness/faults/rejection.ts';

const statuses = [400, 402, 408, 409, 413, 422, 502, 504, 524, 529];

export const variants: Readonly<Record<string, readonly string[]>> = {
  degenerate: degenerateForms.map((as) => `{ inject: degenerate, as: ${as} }`),
  disconnect: [
    '{ inject: disconnect, how: tls }',
    '{ inject: disconnect, at: marker, how: fin }',
    '{ inject: disconnect, at: byte 120 }',
    '{ inject: disconnect, at: inside-character, how: fin }',
    '{ inject: disconnect, at: block }',
    '{ inject: disconnect, at: reasoning }',
  ],
  'error-event': [
    '{ inject: error-event, at: headers, message: no luck }',
    ...inBandForms.map((as) => `{ inject: error-event, as: ${as}, reason: rate-limit }`),
    '{ inject: error-event, at: block, code: odd }',
    '{ inject: error-event, at: empty-delta }',
    '{ inject: error-event, at: reasoning }',
    '{ inject: error-event, at: arguments }',
  ],
  'burst-limit': ['{ inject: burst-limit }', '{ inject: burst-limit, floor: 1, scope: all }'],
  guard: [
    '{ inject: guard, models: gpt-4o, output: 50, idLength: 40 }',
    '{ inject: guard, requires: [temperature], refuses: [tools, foreign-key, long-ids] }',
    '{ inject: guard, context: 64 }',
  ],
  'token-bucket': [
    '{ inject: token-bucket, requests: 1/m, scope: all }',
    '{ inject: token-bucket, tokens: 99/s, cost: input }',
    '{ inject: token-bucket, tokens: 150/h, tokenBurst: 300, scope: key }',
  ],
  malformed: ['{ inject: malformed }', '{ inject: malformed, at: 40% }'],
  omit: ['finish', 'end', 'usage', 'block-close']
    .map((part) => `{ inject: omit, parts: ${part} }`)
    .concat(
      '{ inject: omit, parts: [arguments, block-close], behind: arguments }',
      '{ inject: omit, parts: [finish, end], behind: 3 tokens }',
    ),
  'output-limit': ['{ inject: output-limit, tokens: 6 }', '{ inject: output-limit, tokens: 9999 }'],
  overloaded: [
    '{ inject: overloaded }',
    '{ inject: overloaded, at: 3 tokens, retryAfter: 9s }',
    '{ inject: overloaded, bodySilence: 200ms }',
  ],
  'quota-exhausted': [
    '{ inject: quota-exhausted, shouldRetry: false }',
    '{ inject: quota-exhausted, bodySilence: forever }',
  ],
  'rate-limit': [
    '{ inject: rate-limit, retryAfter: { raw: soon }, retryAfterMs: -1 }',
    '{ inject: rate-limit, retryAfterMs: 60, bodySilence: 150ms }',
  ],
  rechunk: [
    '{ inject: rechunk, bytes: 1 }',
    '{ inject: rechunk, bytes: 1000 }',
    '{ inject: rechunk, events: 5 }',
  ],
  'server-error': [
    '{ inject: server-error, code: x, message: y, body: empty }',
    '{ inject: server-error, body: nested, bodySilence: forever }',
    '{ inject: server-error, body: bare }',
  ],
  slow: [
    '{ inject: slow, tokensPerSecond: 0.1 }',
    '{ inject: slow, ttftFactor: 3 }',
    '{ inject: slow, lasting: 400ms }',
  ],
  'slow-request': ['{ inject: slow-request }', '{ inject: slow-request, lasting: 300ms }'],
  stall: [
    '{ inject: stall }',
    '{ inject: stall, at: event 2, lasting: 0s }',
    '{ inject: stall, at: byte 99, lasting: 200ms }',
    '{ inject: stall, at: 3 tokens, keepalive: { every: 3s } }',
    '{ inject: stall, at: 3 tokens, lasting: 600ms, keepalive: { every: 250ms, as: ping } }',
    '{ inject: stall, at: 2 tokens, lasting: 400ms, keepalive: { every: 90ms, as: empty-delta } }',
  ],
  status: [
    ...statuses.map((status) => `{ inject: status, status: ${status} }`),
    ...bodyForms.map((body) => `{ inject: status, status: 500, body: ${body} }`),
    '{ inject: status, status: 400, reason: overloaded, code: odd, shouldRetry: true }',
    '{ inject: status, status: 503, bodySilence: 200ms }',
    '{ inject: status, status: 503, bodySilence: forever }',
  ],
  truncate: [
    '{ inject: truncate }',
    '{ inject: truncate, at: marker }',
    '{ inject: truncate, at: byte 200 }',
    '{ inject: truncate, at: inside-character }',
  ],
  usage: ['{ inject: usage, as: null }', '{ inject: usage, as: early }'],
  'wrong-answer': [
    ...['other-sample', 'other-language', 'invalid-json', 'prose'].map(
      (as) => `{ inject: wrong-answer, as: ${as} }`,
    ),
    '{ inject: wrong-answer, of: anthropic/claude-3-5-haiku-latest }',
  ],
};
