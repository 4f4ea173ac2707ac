// Providers' rate limits as they work: requests and tokens in a time, refilled all the time.
// @see https://learn.microsoft.com/en-us/microsoft-cloud/dev/dev-proxy/concepts/llm-rate-limits
import { z } from 'zod';
import { quota } from '../scenario/units.ts';
import { Bucket } from './bucket.ts';
import type { Effect } from './effect.ts';
import type { AttemptView, Fault, Traits } from './fault.ts';
import { limitScope, scopeOf } from './limit-scope.ts';
import type { RateLimits } from './rejection.ts';

const settings = z
  .strictObject({
    requests: quota.optional().describe('The limit on requests, like 60/m.'),
    tokens: quota.optional().describe('The limit on tokens, like 40000/m.'),
    burst: z
      .number()
      .int()
      .min(1)
      .optional()
      .describe('So many requests at once; else as many as the limit says.'),
    tokenBurst: z
      .number()
      .int()
      .min(1)
      .optional()
      .describe('So many tokens at once; else as many as the limit says.'),
    cost: z
      .enum(['larger', 'sum', 'input'])
      .default('larger')
      .describe(
        'What a request costs: the larger of its input and the output that it asks for (OpenAI), their sum, or its input alone (Anthropic).',
      ),
    scope: limitScope,
  })
  .refine(({ requests, tokens }) => requests !== undefined || tokens !== undefined, {
    message: 'give requests or tokens, like requests: 60/m, tokens: 40000/m',
  })
  .refine(({ requests, burst }) => requests !== undefined || burst === undefined, {
    path: ['burst'],
    message: 'is of requests: give requests, or write tokenBurst',
  })
  .refine(({ tokens, tokenBurst }) => tokens !== undefined || tokenBurst === undefined, {
    path: ['tokenBurst'],
    message: 'is of tokens: give tokens',
  });

type Settings = z.infer<typeof settings>;

interface Buckets {
  requests: Bucket | null;
  tokens: Bucket | null;
}

/** The buckets of everything that has a limit of its own. */
type State = Map<string, Buckets>;

/** A request that is turned down takes nothing out of the buckets. */
export const tokenBucket: Fault<Settings, State> = {
  kind: 'token-bucket',
  describe: 'real limits on requests and tokens, with true hints and what is left in the headers',
  example: '{ inject: token-bucket, requests: 60/m, tokens: 40000/m, on: { provider: openai } }',
  settings,
  start: () => new Map(),
  decide(given, attempt, _rng, state): Effect {
    const { requests, tokens } = bucketsOf(given, attempt, state);
    const { now } = attempt;
    const cost = tokens ? costOf(given, attempt.asks()) : 0;
    const limitsNow = (): RateLimits => ({
      ...(requests ? { requests: requests.allowance(now) } : {}),
      ...(tokens ? { tokens: tokens.allowance(now) } : {}),
    });
    if (tokens && cost > tokens.capacity) {
      const over = { what: 'tokens', asked: cost } as const;
      const rejection = { reason: 'too-large', status: 429, over, limits: limitsNow() } as const;
      return { kind: 'reject', rejection };
    }
    const forRequests = requests?.waitMs(1, now) ?? 0;
    const forTokens = tokens?.waitMs(cost, now) ?? 0;
    if (forRequests > 0 || forTokens > 0) {
      const over =
        forTokens > forRequests
          ? ({ what: 'tokens', asked: cost } as const)
          : ({ what: 'requests', asked: 1 } as const);
      const hint = { retryAfter: String(Math.ceil(Math.max(forRequests, forTokens) / 1000)) };
      const rejection = { reason: 'rate-limit', hint, over, limits: limitsNow() } as const;
      return { kind: 'reject', rejection };
    }
    requests?.take(1, now);
    tokens?.take(cost, now);
    return { kind: 'limits', limits: limitsNow() };
  },
};

function bucketsOf(given: Settings, attempt: AttemptView, state: State): Buckets {
  const scope = scopeOf(given.scope, attempt);
  let buckets = state.get(scope);
  if (!buckets) {
    buckets = {
      requests: given.requests ? new Bucket(given.requests, given.burst) : null,
      tokens: given.tokens ? new Bucket(given.tokens, given.tokenBurst) : null,
    };
    state.set(scope, buckets);
  }
  return buckets;
}

function costOf({ cost }: Settings, { inputTokens, maxTokens }: Traits): number {
  switch (cost) {
    case 'larger':
      return Math.max(inputTokens, maxTokens ?? 0);
    case 'sum':
      return inputTokens + (maxTokens ?? 0);
    case 'input':
      return inputTokens;
    default:
      return cost satisfies never;
  }
}
