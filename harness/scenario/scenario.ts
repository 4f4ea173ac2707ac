// A scenario: what is asked, how often, what breaks when, and what a good chain can promise. Chain-
// independent, written as YAML, read here and nowhere else.
import { z } from 'zod';
import type { Limits } from '../limits.ts';
import { defaultLimits } from '../limits.ts';
import { about } from './about.ts';
import { callerRule, isDead } from './caller-rule.ts';
import { expectation } from './expectation.ts';
import { expectedText } from './issue.ts';
import { rule } from './rule.ts';
import { thresholds } from './threshold.ts';
import { duration, rate, share, someTime } from './units.ts';
import { parseYaml, readText } from './yaml-file.ts';

const arrivalWords =
  'how calls arrive, like { rate: 1/s, for: 10m }, { users: 5, for: 10m }, { each: once } or ' +
  '{ burst: 20, every: 1m, for: 10m }';

const arrival = z.union(
  [
    /** Open loop: calls come whether or not earlier ones are done. */
    z.strictObject({
      rate: rate.describe(
        'How many calls come, like 1/s or 30/m, whether or not earlier ones are done.',
      ),
      for: someTime.describe('How long they come, like 10m.'),
      spread: z
        .enum(['poisson', 'even'])
        .default('poisson')
        .describe('poisson: as it happens; even: all as far apart.'),
    }),
    /** Closed loop: each user asks, reads, thinks, asks again. */
    z.strictObject({
      users: z
        .number()
        .int()
        .min(1)
        .max(100_000)
        .describe('How many users; each asks, reads, thinks and asks again.'),
      think: duration
        .default(0)
        .describe('How long a user thinks before the next question, like 2s.'),
      for: someTime.describe('How long they go on, like 10m.'),
    }),
    /** Every sample once, one every `gap`. */
    z.strictObject({
      each: z.literal('once').describe('Every sample of the workload once.'),
      gap: duration.default(1000).describe('The time from one to the next, like 1s.'),
    }),
    /** So many calls at one instant or evenly spread over `within`; again every so often. */
    z
      .strictObject({
        burst: z.number().int().min(1).max(100_000).describe('So many calls together.'),
        every: someTime.describe('The time from one burst to the next, like 1m.'),
        for: someTime.describe('How long they come, like 10m.'),
        within: duration
          .default(0)
          .describe('The time over which a burst is evenly spread; 0s: one instant.'),
      })
      .refine(({ every, within }) => within <= every, {
        path: ['within'],
        error: 'is longer than `every`: one burst would run into the next',
      }),
  ],
  {
    /** Only where nothing says which was meant. */
    error: ({ input }) => {
      const isMeant = typeof input === 'object' && input !== null && Object.keys(input).length > 0;
      return isMeant ? undefined : expectedText(arrivalWords, input);
    },
  },
);

export type Arrival = z.infer<typeof arrival>;

/** Limits as people write them, with those that they leave out left out. */
export const limitWords = z.strictObject({
  attempts: z.number().int().min(1).optional().describe('The most attempts of a call (I05).'),
  idle: duration
    .optional()
    .describe('The longest silence after the first payload of a stream, like 10s (I06).'),
  attempt: duration
    .optional()
    .describe('The most that an attempt may take in all, like 30s (I07).'),
  deadline: duration
    .optional()
    .describe('The time within which a call has its outcome, like 30s (I08).'),
  hintCap: duration
    .optional()
    .describe(
      "The longest that a provider's hint may hold a call up, like 60s; a longer one binds nobody (I09).",
    ),
  probesPerMinute: z
    .number()
    .positive()
    .optional()
    .describe('How often a target that is down may be asked in a minute.'),
  recovery: duration
    .optional()
    .describe('The time within which a target that is up again is used again, like 2m.'),
  refusal: z
    .enum(['surface', 'fallback'])
    .optional()
    .describe(
      'What becomes of a refusal: it is shown (surface), or another target is asked (fallback) (I16).',
    ),
});

/** Only those that were written. */
export function ownLimits(given: z.infer<typeof limitWords>): Partial<Limits> {
  const { attempts, idle, attempt, deadline, hintCap, probesPerMinute, recovery, refusal } = given;
  const all: { [Name in keyof Limits]: Limits[Name] | undefined } = {
    attempts,
    idleMs: idle,
    attemptMs: attempt,
    deadlineMs: deadline,
    hintCapMs: hintCap,
    probesPerMinute,
    recoveryMs: recovery,
    refusal,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

const limits = limitWords.transform((given): Limits => ({ ...defaultLimits, ...ownLimits(given) }));

const fields = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/, 'expected a name like primary-outage')
    .describe('What reports call it: lower case, digits and hyphens, like primary-outage.'),
  description: z.string().min(1).describe('One sentence for tables and reports.'),
  about: about.optional().describe('Where it comes from; nothing is decided by it.'),
  workload: z
    .string()
    .min(1)
    .describe('What is asked: a name from `firedrill list workloads`, or a .yaml file.'),
  arrival: arrival.describe(
    'How calls arrive: at a rate, from users who wait, every sample once, or in bursts.',
  ),
  repeat: z
    .strictObject({
      share: share.describe('The share of such calls, like 30%.'),
      zipf: z
        .number()
        .positive()
        .default(1.1)
        .describe('How uneven it is which question they ask (Zipf): 0.5 little, 2 much.'),
      follow: share
        .optional()
        .describe(
          'The share of them that ask a sample which follows the earlier one, in other words or something near it.',
        ),
    })
    .optional()
    .describe('So many calls ask an earlier question word for word; only those can hit a cache.'),
  deadline: duration.optional().describe('What the user would wait, like 8s; goodput uses it.'),
  floor: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('The least score, from 0 to 1, that counts as a good answer.'),
  drain: duration
    .default(20 * 60_000)
    .describe(
      'How long calls may stay open after the last arrival before they are hung, like 20m.',
    ),
  faults: z.array(rule).default([]).describe('The rules: what breaks, where, when, and how often.'),
  caller: z
    .array(callerRule)
    .default([])
    .describe(
      "What callers do beside waiting; the first rule that matches a call is its caller's.",
    ),
  canary: z
    .strictObject({ every: someTime.describe('The time from one to the next, like 10s.') })
    .optional()
    .describe('Healthy calls beside the others, which no fault and no rule of `caller` touches.'),
  limits: limits
    .prefault({})
    .describe('What invariants are judged against, where the defaults do not fit.'),
  expect: expectation
    .optional()
    .describe(
      'What callers should get where a fault is met: for a grade per scenario (`conduct`).',
    ),
  thresholds: thresholds
    .default([])
    .describe('Bounds on the figures of the report, by path; a breached one fails the run.'),
});

export const scenarioSchema = fields.superRefine(
  ({ canary, caller, expect, thresholds }, context) => {
    caller.forEach((_, index) => {
      if (!isDead(caller, index)) return;
      const message =
        'no call is left to this rule by those above it: write `call` or `chance` in them, or put ' +
        'this rule above them';
      context.addIssue({ code: 'custom', path: ['caller', index], message });
    });
    const lacking: [head: string, message: string][] = [];
    if (!canary) {
      lacking.push(['canary.', 'the scenario has no canary calls: write canary: { every: 10s }']);
    }
    if (!expect) {
      lacking.push(['conduct.', 'the scenario expects nothing: write expect: { caller: answer }']);
    }
    for (const [head, message] of lacking) {
      const bound = thresholds.find(({ path }) => path.startsWith(head));
      if (bound) context.addIssue({ code: 'custom', path: ['thresholds', bound.path], message });
    }
  },
);

export type Scenario = z.infer<typeof scenarioSchema>;

/** Reads a scenario's text; `file` is where it came from, for messages. */
export function parseScenario(text: string, file: string): Scenario {
  return parseYaml(text, file, scenarioSchema);
}

export function readScenario(file: string): Scenario {
  return parseScenario(readText(file), file);
}
