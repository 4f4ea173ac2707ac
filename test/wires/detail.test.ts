// What is exactly wrong with a request or over which limit it is, as the official SDKs tell it.
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import type { Rejection } from '../../harness/faults/rejection.ts';
import { anthropicMessages } from '../../harness/wires/anthropic-messages.ts';
import { openaiChat } from '../../harness/wires/openai-chat.ts';
import { fetchOf, stamp } from './served.ts';

const messages = [{ role: 'user' as const, content: 'Hi' }];

async function openAiSees(rejection: Rejection): Promise<unknown> {
  const fetch = fetchOf(openaiChat, (asked) => openaiChat.reject(rejection, asked, stamp));
  const client = new OpenAI({ apiKey: 'sk-test', fetch, maxRetries: 0, logLevel: 'off' });
  return client.chat.completions.create({ model: 'gpt-4o', messages }).catch((error) => error);
}

async function anthropicSees(rejection: Rejection): Promise<unknown> {
  const fetch = fetchOf(anthropicMessages, (asked) =>
    anthropicMessages.reject(rejection, asked, stamp),
  );
  const client = new Anthropic({ apiKey: 'sk-test', fetch, maxRetries: 0, logLevel: 'off' });
  const ask = { model: 'claude-sonnet-5-5', max_tokens: 99, messages };
  return client.messages.create(ask).catch((error) => error);
}

describe('a load that grows too fast', () => {
  const rejection: Rejection = { reason: 'rate-limit', ramp: true, hint: { retryAfter: '5' } };

  it('is slow_down for OpenAI, a rate limit by its class', async () => {
    const error = await openAiSees(rejection);
    expect(error).toBeInstanceOf(OpenAI.RateLimitError);
    expect(error).toMatchObject({ status: 429, type: 'rate_limit_error', code: 'slow_down' });
  });

  it('is a limit on the ramp for Anthropic, with a hint', async () => {
    const error = await anthropicSees(rejection);
    expect(error).toBeInstanceOf(Anthropic.RateLimitError);
    expect(error).toMatchObject({ status: 429, errorCode: 'ramp_limit_exceeded' });
    expect((error as InstanceType<typeof Anthropic.APIError>).headers?.get('retry-after')).toBe(
      '5',
    );
  });
});

describe('a limit that a rule has counted', () => {
  const tokens = { limit: 40_000, remaining: 300, resetMs: 59_550 };

  it('is named in the words of OpenAI, with true numbers', async () => {
    const over = { what: 'tokens', asked: 700 } as const;
    const hint = { retryAfter: '1' };
    const error = await openAiSees({ reason: 'rate-limit', over, hint, limits: { tokens } });
    expect(error).toMatchObject({ type: 'tokens', code: 'rate_limit_exceeded' });
    expect(String(error)).toContain(
      'on tokens per min (TPM): Limit 40000, Used 39700, Requested 700. Please try again in 1s.',
    );
  });

  it('is named in the words of Anthropic, too', async () => {
    const over = { what: 'tokens', asked: 700 } as const;
    const hint = { retryAfter: '1' };
    const error = await anthropicSees({ reason: 'rate-limit', over, hint, limits: { tokens } });
    expect(error).toBeInstanceOf(Anthropic.RateLimitError);
    expect(String(error)).toContain('rate limit of 40,000 input tokens per minute');
  });

  it('that the request is over as a whole has no time to come back', async () => {
    const over = { what: 'tokens', asked: 50_000 } as const;
    const rejection = { reason: 'too-large', status: 429, over, limits: { tokens } } as const;
    const error = await openAiSees(rejection);
    expect(error).toMatchObject({ status: 429, type: 'tokens', code: 'rate_limit_exceeded' });
    expect(String(error)).toMatch(/Request too large .*Limit 40000, Requested 50000\. The input/);
    expect(String(error)).not.toContain('try again');
  });
});

describe('a rejection with words of its own', () => {
  it('keeps them, whatever is wrong with the request', async () => {
    const flaw = { is: 'unsupported-parameter', name: 'top_k' } as const;
    const rejection = { reason: 'invalid-request', flaw, message: 'No.' } as const;
    expect(String(await openAiSees(rejection))).toContain('No.');
    expect(String(await anthropicSees(rejection))).toContain('No.');
  });
});
