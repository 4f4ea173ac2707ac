// The YAML of the reference chain's layers that may be left out: caches, breaker, balance, quality
// floor. The file as a whole is reference-config.ts's. Reading it loads no SDK.
import { z } from 'zod';
import { duration } from '../scenario/units.ts';
import type { CacheSettings, SemanticSettings } from './settings.ts';
import { embeddingTarget } from './target-config.ts';

/** What holds where the file says nothing; ms. */
const defaults = {
  ttlMs: 3_600_000,
  maxEntries: 1_000,
  semanticMs: 1_000,
  failures: 5,
  cooldownMs: 30_000,
} as const;

export const positive = duration.refine((ms) => ms > 0, { message: 'expected more than 0ms' });

const semantic = z
  .strictObject({
    threshold: z
      .number()
      .gt(0, { message: 'expected more than 0, like 0.92' })
      .max(1)
      .describe('The least cosine of two questions that are taken for the same, like 0.92.'),
    ask: z
      .enum(['first', 'last'])
      .default('last')
      .describe(
        'last: only a call that no target answers is answered by likeness; first: before any is asked.',
      ),
    model: embeddingTarget.prefault('openai/text-embedding-3-small'),
    timeout: positive
      .default(defaults.semanticMs)
      .describe('The longest that a call waits for vectors before it goes on without, like 1s.'),
  })
  .transform(({ threshold, ask, model, timeout }): SemanticSettings => {
    return { threshold, ask, timeoutMs: timeout, target: model };
  });

export const cache = z
  .strictObject({
    exact: z
      .boolean()
      .describe('true: the same question word for word gets the answer from before.'),
    ttl: positive.default(defaults.ttlMs).describe('How long an answer is kept, like 1h.'),
    maxEntries: z
      .number()
      .int()
      .min(1)
      .default(defaults.maxEntries)
      .describe('How many answers are kept.'),
    semantic: semantic
      .optional()
      .describe('Whether a question in other words gets it too; not where it is left out.'),
  })
  .refine((given) => given.exact || given.semantic, {
    path: ['exact'],
    message: 'expected true; leave cache out for none',
  })
  .transform(({ exact, ttl, maxEntries, semantic }): CacheSettings => {
    return { exact, ttlMs: ttl, maxEntries, semantic: semantic ?? null };
  });

export const breaker = z
  .strictObject({
    failures: z
      .number()
      .int()
      .min(1)
      .default(defaults.failures)
      .describe('So many failures of a target in a row open it, like 5.'),
    cooldown: positive
      .default(defaults.cooldownMs)
      .describe('So long nobody asks the target; then one call does, to see. Like 30s.'),
  })
  .transform(({ failures, cooldown }) => ({ failures, cooldownMs: cooldown }));

export const balance = z.strictObject({
  strategy: z
    .literal('healthy-weighted')
    .describe(
      'healthy-weighted: targets of one model that follow each other share its calls, by how well each is.',
    ),
});

export const quality = z.strictObject({
  minimum: z
    .number()
    .gt(0, { message: 'expected more than 0; leave quality out for no minimum' })
    .max(1)
    .describe('The least measured mean, up to 1, of a target that may answer a critical question.'),
  critical: z
    .literal('try-later', { message: 'expected try-later; leave quality out to answer anyhow' })
    .describe(
      'try-later: a critical question that no such target answers gets the polite reply, or an error.',
    ),
  measured: z
    .string()
    .min(1)
    .describe('The table of measured means, from here: `firedrill portability --table` makes it.'),
});
