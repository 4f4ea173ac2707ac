import { describe, expect, it, vi } from 'vitest';
import type { Scripted } from './fake-providers.ts';
import { anthropic, ask, chainOf, fakeProviders, inFakeTime, openai } from './fake-providers.ts';
import { chat, chatStream, claude, claudeStream, rejected } from './wire-events.ts';

const two = `
targets: [openai/gpt-4o, anthropic/claude-3-5-sonnet-latest]
attempt: { timeout: 8s, firstToken: 5s, idle: 3s }
deadline: 20s
retry: { max: 1, backoff: 250ms..4s, jitter: full, hintCap: 3s }
`;

const eventStream = { 'content-type': 'text/event-stream' };

inFakeTime();

/** How the primary fails, and what the chain tells of it. */
async function afterPrimary(...scripts: Scripted[]) {
  const seen = fakeProviders({ [openai]: scripts, [anthropic]: [claudeStream('Par', 'is.')] });
  const told = await ask(chainOf(two));
  return { told, seen, onPrimary: seen.filter((one) => one.host === openai).length };
}

describe('a failing primary', () => {
  it('answers by itself while nothing is wrong', async () => {
    const { told, seen } = await afterPrimary(chatStream('Par', 'is.'));
    expect(told).toMatchObject({ text: 'Paris.', pieces: ['Par', 'is.'] });
    expect(told.meta).toEqual({
      served: 'openai/gpt-4o',
      hops: [{ target: 'openai/gpt-4o', outcome: 'complete' }],
    });
    expect(seen).toHaveLength(1);
  });

  it.each([
    ['500', rejected(500), '500'],
    ['503', rejected(503, { code: 'server_is_overloaded' }), '503 server_is_overloaded'],
    ['529', rejected(529), '529'],
    ['408', rejected(408), '408'],
    ['409', rejected(409), '409'],
    ['a page of the edge', rejected(502, '<html>502</html>'), '502'],
    ['an empty 520', rejected(520, ''), '520'],
    ['429', rejected(429, { code: 'rate_limit_exceeded' }), '429 rate_limit_exceeded'],
    ['a refused connection', { headersAfter: 'refused' }, 'connection: ECONNREFUSED'],
    ['a reset before the text', { body: [chat.role, 'RESET'] }, 'connection: ECONNRESET'],
    ['an end before the text', { body: [chat.role] }, 'truncated'],
    ['a stream without events', { body: [': hello\n\n'], headers: eventStream }, 'truncated'],
  ] satisfies [string, Scripted, string][])(
    'is asked once more after %s, and then left',
    async (_, script, outcome) => {
      const { told, onPrimary } = await afterPrimary(script);
      expect(told.text).toBe('Paris.');
      expect(onPrimary).toBe(2);
      expect(told.meta?.served).toBe('anthropic/claude-3-5-sonnet-latest');
      expect(told.meta?.hops?.map((hop) => hop.outcome)).toEqual([outcome, outcome, 'complete']);
    },
  );

  it('serves after all where the retry helps', async () => {
    const { told, seen } = await afterPrimary(rejected(500), chatStream('Paris.'));
    expect(told.meta?.served).toBe('openai/gpt-4o');
    expect(seen).toHaveLength(2);
    // The middle of 250 ms and four times that.
    expect(seen[1]?.at).toBeGreaterThanOrEqual(625);
  });

  it.each([
    ['401', rejected(401, { code: 'invalid_api_key' }), '401 invalid_api_key'],
    ['402', rejected(402), '402'],
    ['403', rejected(403), '403'],
    ['404', rejected(404, { code: 'model_not_found' }), '404 model_not_found'],
    ['413', rejected(413), '413'],
    ['a spent quota', rejected(429, { code: 'insufficient_quota' }), '429 insufficient_quota'],
    [
      'a spent quota by type',
      rejected(429, { type: 'insufficient_quota' }),
      '429 insufficient_quota',
    ],
    [
      'a prompt too long',
      rejected(400, { code: 'context_length_exceeded' }),
      '400 context_length_exceeded',
    ],
    [
      'an invalid request',
      rejected(400, { type: 'invalid_request_error' }),
      '400 invalid_request_error',
    ],
    ['an empty body', { body: [] }, 'empty answer'],
    [
      'a page for an answer',
      { body: ['<html>'], headers: { 'content-type': 'text/html' } },
      'malformed',
    ],
    ['no text', { body: [chat.role, chat.finish('stop'), chat.done] }, 'empty answer'],
    ['an unknown ending', { body: [chat.role, chat.finish('error'), chat.done] }, 'malformed'],
    ['broken events', { body: ['data: {"choices":[\n\n'] }, 'malformed'],
  ] satisfies [string, Scripted, string][])(
    'is left at once after %s: the same request would fail again',
    async (_, script, outcome) => {
      const { told, onPrimary } = await afterPrimary(script);
      expect(told.text).toBe('Paris.');
      expect(onPrimary).toBe(1);
      expect(told.meta?.hops?.[0]?.outcome).toBe(outcome);
    },
  );

  it.each([
    ['overload', { code: 'server_is_overloaded' }, 2],
    ['a numbered error of a router', { code: 502 }, 2],
    ['an error without a code', { message: '401 403 404' }, 2],
    ['a spent quota', { code: 'insufficient_quota' }, 1],
    ['a wrong key', { code: 'invalid_api_key' }, 1],
    ['a prompt too long', { code: 'context_length_exceeded' }, 1],
  ])('is judged inside a 200 as by status: %s', async (_, error, attempts) => {
    const stream = await afterPrimary({ body: [chat.role, chat.error(error)] });
    const body = await afterPrimary({ body: [JSON.stringify({ error })] });
    for (const { told, onPrimary } of [stream, body]) {
      expect(told.text).toBe('Paris.');
      expect(onPrimary).toBe(attempts);
    }
  });

  it.each(['content_policy_violation', 'content_filter', 'invalid_prompt'])(
    'ends the call where it turned the question itself down: %s',
    async (code) => {
      const seen = fakeProviders({
        [openai]: [rejected(400, { code })],
        [anthropic]: [claudeStream('Paris.')],
      });
      const polite = `${two}\ndegrade: "Try again later."`;
      const { error } = await ask(chainOf(polite));
      expect(error).toMatchObject({
        status: 400,
        attempts: [{ target: 'openai/gpt-4o', outcome: `400 ${code}` }],
      });
      expect(seen).toHaveLength(1);
    },
  );

  it('is judged by its code, whatever its message says', async () => {
    const { onPrimary } = await afterPrimary(
      rejected(400, {
        message: 'request 429500503 was overloaded, try again',
        type: 'invalid_request_error',
      }),
    );
    expect(onPrimary).toBe(1);
  });

  it('may say itself whether a retry helps', async () => {
    const yes = await afterPrimary(rejected(400, {}, { 'x-should-retry': 'true' }));
    const no = await afterPrimary(rejected(500, {}, { 'x-should-retry': 'false' }));
    const quota = await afterPrimary(
      rejected(429, { code: 'insufficient_quota' }, { 'x-should-retry': 'true' }),
    );
    expect([yes.onPrimary, no.onPrimary, quota.onPrimary]).toEqual([2, 1, 1]);
  });

  it('is followed by the target after next where both share a key that is spent', async () => {
    const seen = fakeProviders({
      [openai]: [rejected(429, { code: 'insufficient_quota' })],
      [anthropic]: [claudeStream('Paris.')],
    });
    const told = await ask(
      chainOf('targets: [openai/gpt-4o, openai/gpt-4o-mini, anthropic/claude-3-5-sonnet-latest]'),
    );
    expect(told.text).toBe('Paris.');
    expect(seen.map((one) => one.body.model)).toEqual(['gpt-4o', 'claude-3-5-sonnet-latest']);
  });

  it('is asked with its other key where the first is spent', async () => {
    vi.stubEnv('OPENAI_API_KEY_2', 'sk-other');
    const seen = fakeProviders({
      [openai]: [rejected(429, { code: 'insufficient_quota' }), chatStream('Paris.')],
    });
    const told = await ask(
      chainOf('targets: [openai/gpt-4o, { model: openai/gpt-4o, key: OPENAI_API_KEY_2 }]'),
    );
    expect(told.text).toBe('Paris.');
    expect(seen.map((one) => one.key)).toEqual(['Bearer sk-first', 'Bearer sk-other']);
  });
});

describe('an answer of Anthropic', () => {
  const first = 'targets: [anthropic/claude-3-5-sonnet-latest, openai/gpt-4o]';

  it.each([
    [
      'overload in the stream',
      { body: [claude.start, claude.ping, claude.error('overloaded_error')] },
      2,
    ],
    ['overload by status', rejected(529, { type: 'overloaded_error' }), 2],
    [
      'a spent limit',
      {
        status: 429,
        body: [
          '{"type":"error","error":{"type":"rate_limit_error","message":"","details":{"error_code":"enforced_spend_limit_reached"}}}',
        ],
      },
      1,
    ],
    [
      'a wrong key in the stream',
      { body: [claude.start, claude.error('authentication_error')] },
      1,
    ],
    [
      'an error for a body',
      { body: ['{"type":"error","error":{"type":"overloaded_error","message":"x"}}'] },
      2,
    ],
    ['an end without message_stop', { body: [claude.start, claude.reason('end_turn')] }, 2],
  ] satisfies [string, Scripted, number][])('fails with %s', async (_, script, attempts) => {
    const seen = fakeProviders({ [anthropic]: [script], [openai]: [chatStream('Paris.')] });
    const told = await ask(chainOf(first));
    expect(told.text).toBe('Paris.');
    expect(seen.filter((one) => one.host === anthropic)).toHaveLength(attempts);
  });
});
