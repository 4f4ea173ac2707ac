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
      rate,
      for: someTime,
      spread: z.enum(['poisson', 'even']).default('poisson'),
    }),
    /** Closed loop: each user asks, reads, thinks, asks again. */
    z.strictObject({
      users: z.number().int().min(1).max(100_000),
      think: duration.default(0),
      for: someTime,
    }),
    /** Every sample once, one every `gap`. */
    z.strictObject({ each: z.literal('once'), gap: duration.default(1000) }),
    /** So many calls at one instant or evenly spread over `within`; again every so often. */
    z
      .strictObject({
        burst: z.number().int().min(1).max(100_000),
        every: someTime,
        for: someTime,
        within: duration.default(0),
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

const limits = z
  .strictObject({
    attempts: z.number().int().min(1).optional(),
    idle: duration.optional(),
    attempt: duration.optional(),
    deadline: duration.optional(),
    hintCap: duration.optional(),
    probesPerMinute: z.number().positive().optional(),
    recovery: duration.optional(),
    refusal: z.enum(['surface', 'fallback']).optional(),
  })
  .transform(
    (given): Limits => ({
      attempts: given.attempts ?? defaultLimits.attempts,
      idleMs: given.idle ?? defaultLimits.idleMs,
      attemptMs: given.attempt ?? defaultLimits.attemptMs,
      deadlineMs: given.deadline ?? defaultLimits.deadlineMs,
      hintCapMs: given.hintCap ?? defaultLimits.hintCapMs,
      probesPerMinute: given.probesPerMinute ?? defaultLimits.probesPerMinute,
      recoveryMs: given.recovery ?? defaultLimits.recoveryMs,
      refusal: given.refusal ?? defaultLimits.refusal,
    }),
  );

const fields = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'expected a name like primary-outage'),
  description: z.string().min(1),
  /** Where it comes from: nothing is decided by it. */
  about: about.optional(),
  workload: z.string().min(1),
  arrival,
  /** Share of calls that ask an earlier question word for word, by Zipf's law over questions. */
  repeat: z.strictObject({ share, zipf: z.number().positive().default(1.1) }).optional(),
  /** What the user would wait; goodput uses it. */
  deadline: duration.optional(),
  /** The least score that counts as a good answer. */
  floor: z.number().min(0).max(1).default(0),
  /** How long the trial goes on after the last arrival, for calls still open. */
  drain: duration.default(20 * 60_000),
  faults: z.array(rule).default([]),
  /** What callers do beside waiting; the first rule that matches a call is its caller's. */
  caller: z.array(callerRule).default([]),
  /** Calls beside the others that no fault and no rule of `caller` touches. */
  canary: z.strictObject({ every: someTime }).optional(),
  limits: limits.prefault({}),
  /** What callers should get where a fault is met: for a grade per scenario. */
  expect: expectation.optional(),
  thresholds: thresholds.default([]),
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
