// What Google's SDK makes of faults. It retries nothing unless it is told to, and its one error
// class has the status alone. Its timeout covers bodies and streams too.
import type { DegenerateForm } from '../../harness/faults/effect.ts';
import { inMidStream, instead } from './parity-bend.ts';
import type { Answered, Row } from './parity-row.ts';

type Sees = string | { whole?: string; stream?: string };

function row(name: string, fault: Row['fault'], sees: Sees, sample?: Row['sample']): Row {
  const { whole, stream } = typeof sees === 'string' ? { whole: sees, stream: sees } : sees;
  return {
    name: `Gemini: ${name}`,
    fault,
    ...(sample === undefined ? {} : { sample }),
    sees: {
      ...(whole === undefined ? {} : { 'gemini whole': whole }),
      ...(stream === undefined ? {} : { 'gemini stream': stream }),
    },
    requests: 1,
  };
}

const rule = (inject: string, more: Record<string, unknown> = {}): Row['fault'] => ({
  rule: { inject, ...more },
});
const status = (code: number, more: Record<string, unknown> = {}): Row['fault'] =>
  rule('server-error', { status: code, ...more });
const degenerate = (form: DegenerateForm): Row['fault'] => ({
  effect: { kind: 'degenerate', form },
});
const timeout = 'DOMException 20';
const html = '<html><head><title>Welcome</title></head><body>Please sign in.</body></html>';
const overloaded = { inject: 'error-event', reason: 'overloaded' };
const slowDown = '{"error":{"code":429,"message":"Slow down","status":"RESOURCE_EXHAUSTED"}}';

/**
 * Behind the third piece of text, after a pause, comes `text`, and nothing more: the SDK leaves a
 * stream that it gave up to run on, and sees no error in a bare one that comes with other bytes.
 */
function endingIn(text: string): Row['fault'] {
  return {
    bend(healthy: Answered): Answered {
      const bent = inMidStream(healthy, text);
      const index = bent.frames.findIndex(({ role }) => role === 'error');
      const atMs = (bent.times[index] ?? 0) + 150;
      const times = [...bent.times.slice(0, index), atMs];
      return {
        ...bent,
        frames: bent.frames.slice(0, index + 1),
        times,
        end: { how: 'complete', atMs },
      };
    },
  };
}

export const geminiRows: Row[] = [
  row('no fault', rule('noop'), 'all, STOP'),
  row('429 with a RetryInfo', rule('rate-limit', { retryAfter: '1s' }), 'ApiError 429'),
  row('429 without one', rule('rate-limit'), 'ApiError 429'),
  row('429 of a day', rule('quota-exhausted'), 'ApiError 429'),
  ...[400, 401, 403, 404, 409, 499, 500, 502, 503, 504].map((code) =>
    row(String(code), status(code), `ApiError ${code}`),
  ),
  row('HTML 502', status(502, { body: 'html' }), 'ApiError 502'),
  row('RST before headers', rule('disconnect', { how: 'reset' }), 'TypeError <- ECONNRESET'),
  row('FIN without response', rule('disconnect', { how: 'fin' }), 'TypeError <- UND_ERR_SOCKET'),
  row('stall before headers', rule('stall'), timeout),
  row('headers, then silence', rule('stall', { at: 'first-event' }), timeout),
  row('stall after 3 tokens', rule('stall', { at: '3 tokens' }), {
    stream: `${timeout} after part`,
  }),
  row('clean FIN in mid-stream', rule('truncate', { at: '3 tokens' }), { stream: 'part, no end' }),
  row('JSON cut short', rule('truncate', { at: '50%' }), { whole: 'SyntaxError' }),
  row(
    'cut within an event',
    { effect: { kind: 'cut', at: { at: 'byte', index: 40 }, how: 'clean' } },
    {
      stream: 'Error',
    },
  ),
  row('RST in mid-stream', rule('disconnect', { at: '3 tokens', how: 'reset' }), {
    stream: 'TypeError <- ECONNRESET after part',
  }),
  row(
    'error in the stream, first',
    { rule: { ...overloaded, at: 'first-event' } },
    {
      stream: 'ApiError 503',
      whole: 'nothing, none',
    },
  ),
  row('error in the stream, mid', endingIn(`${slowDown}\n`), {
    stream: 'ApiError 429 after part',
  }),
  row('error as an event', endingIn(`data: ${slowDown}\r\n\r\n`), {
    stream: 'ApiError 429 after part',
  }),
  row('error in the last bytes of an event', endingIn(`data: {}\r\n\r\n${slowDown}\n`), {
    stream: 'Error after part',
  }),
  row(
    'keepalive comment',
    { bend: (healthy) => inMidStream(healthy, ': keep-alive\n\n') },
    { stream: 'all, STOP' },
  ),
  row('data that is no JSON', endingIn('data: {"a\r\n\r\n'), {
    stream: 'SyntaxError after part',
  }),
  row('OpenAI’s end marker', endingIn('data: [DONE]\n\n'), { stream: 'SyntaxError after part' }),
  row(
    'HTML 200',
    { bend: (healthy) => instead(healthy, 'text/html', html) },
    {
      whole: 'SyntaxError',
      stream: 'Error',
    },
  ),
  row(
    'empty body',
    { bend: (healthy) => instead(healthy, 'application/json', '') },
    {
      whole: 'SyntaxError',
      stream: 'nothing, no end',
    },
  ),
  row('empty answer', rule('noop'), 'nothing, STOP', 'empty'),
  row('filtered answer', rule('noop'), 'all, SAFETY', 'filtered'),
  row('refused answer', rule('noop'), 'all, PROHIBITED_CONTENT', 'refused'),
  row('blocked prompt', degenerate('refusal'), 'nothing, PROHIBITED_CONTENT'),
  row('filtered to nothing', degenerate('content-filter'), 'nothing, SAFETY'),
  row('nothing but thoughts', degenerate('reasoning-only'), 'nothing, STOP'),
  row('answer cut at its length', rule('noop'), 'all, MAX_TOKENS', 'cut-off'),
  row('malformed call', degenerate('unknown-finish'), 'nothing, MALFORMED_FUNCTION_CALL'),
  row('no candidates', degenerate('no-choices'), {
    whole: 'nothing, none',
    stream: 'nothing, no end',
  }),
];
