// The report: one object that every format writes and every gate reads. Versioned; its JSON Schema
// is made from these types. Figures are those of DESIGN sections 5 and 10.
import { z } from 'zod';
import { provenanceFields } from './provenance.ts';

export const reportVersion = 1;

/** Paths that depend on the machine and the hour; all else is equal for equal input and seed. */
export const wallFields = ['wall', 'trials[].wall_ms'];

const count = z.number().int().min(0);
const figure = z.number().nullable();
const percentiles = z.looseObject({ p50: figure, p95: figure });

const invariant = z.strictObject({
  status: z.enum(['held', 'violated', 'not-applicable', 'not-judged']),
  rule: z.string(),
  /** The limit that the verdict used; null where it has none. */
  limit: z.string().nullable(),
  /** How often the scenario put the chain to this test. */
  exercised: count,
  violations: count,
  example: z
    .strictObject({
      trial: count,
      call: count,
      at_ms: z.number(),
      text: z.string(),
      replay: z.string(),
    })
    .nullable(),
});

const verdict = z.strictObject({
  path: z.string(),
  bound: z.string(),
  value: figure,
  held: z.boolean(),
  reason: z.string().nullable(),
});

const recordingsUsed = z.record(
  z.string(),
  z.strictObject({
    ...provenanceFields,
    /** No targets file has its speed and price. */
    assumed: z.boolean(),
    /**
     * Its replies by when they came: as recorded, as fast as recorded (rendered otherwise), or at
     * the pace of a targets file. What faults turn down is in none.
     */
    times: z.strictObject({ recorded: count, recorded_speed: count, assumed: count }),
  }),
);

/** One virtual minute, from 0, without gaps. `calls` includes the aborted ones. */
const minute = z.strictObject({
  minute: count,
  calls: count,
  aborted: count,
  usable: count,
  /** Answers of targets other than the primary. */
  fallbacks: count,
  /** By provider. */
  attempts: z.record(z.string(), count),
});

/** Answers beside the healthy primary's to the same questions. */
const paired = {
  baseline: figure,
  served: figure,
  drop: figure,
  /** 95%, over samples; null where there are fewer than two. */
  ci95: z.tuple([z.number(), z.number()]).nullable(),
  /** Distinct samples. */
  n: count,
  calls: count,
  /** The smallest true drop that would probably be seen. */
  mde: figure,
};

/** The figures of one trial, or of all trials of a scenario pooled by call. */
export const figuresSchema = z.looseObject({
  calls: count,
  /** Calls that the caller gave up; in no denominator. */
  aborted: count,
  outcomes: z.record(z.string(), count),
  availability: figure,
  goodput: figure,
  degraded_rate: figure,
  fallback_rate: figure,
  served_by: z.record(z.string(), z.number()).nullable(),
  /** Answers from a cache, judged by the checks of what was asked. */
  cache: z.strictObject({ hits: count, right: count, unscored: count, precision: figure }),
  ttft_ms: percentiles,
  latency_ms: percentiles,
  failover_ms: z.looseObject({ p50: figure, p95: figure, max: figure, n: count }),
  added_wait_ms: percentiles,
  recovery_ms: figure,
  attempts_per_call: z.looseObject({ mean: figure, max: figure }),
  peak_attempts_per_s: z.record(z.string(), z.number()),
  tokens: z.strictObject({ input: count, output: count, total: count }),
  wasted_tokens: figure,
  cost_usd: figure,
  /** Errors that nothing in the chain caught: each ends the process, in production. */
  crashes: z.strictObject({
    count,
    first: z.strictObject({ trial: count, at_ms: z.number(), error: z.string() }).optional(),
  }),
  quality: z.strictObject({
    ...paired,
    /** Answers presented as success of which nothing tells how good they are. */
    unscored: count,
    by_family: z.record(z.string(), z.strictObject(paired)),
    /** By who served: a target, `cache`, or `chain` for what it found by itself. */
    by_target: z.record(z.string(), z.strictObject(paired)),
    /** Calls on samples where a wrong answer is worse than none. */
    critical: z.strictObject({
      calls: count,
      as_good: count,
      worse: count,
      /** Of the worse ones, those that are not good enough. */
      should_have_said_later: count,
      said_later: count,
      no_answer: count,
      unscored: count,
    }),
  }),
  /** Who judged answers by a rubric; absent where nobody did. */
  judge: z
    .strictObject({
      target: z.string(),
      /** The version of our prompt that it got. */
      prompt: z.string(),
      /** Kinds of its recordings: `authored` says that no model gave the verdicts. */
      kind: z.string(),
      date: z.string().nullable(),
      /** Texts on which it gave a verdict; those on which it failed. */
      judged: count,
      failed: count,
      /** Answers presented as success that have no score, as the judge gave none. */
      unscored: z.strictObject({ judge_failed: count, no_verdict: count }),
    })
    .optional(),
  /** How the scenario's `expect` was met; null where it expects nothing. */
  conduct: z
    .strictObject({
      /** The worst of its calls. */
      grade: z.enum(['pass', 'partial', 'safe', 'fail']).nullable(),
      pass: count,
      partial: count,
      safe: count,
      fail: count,
      why: z.string().nullable(),
      /** The first call of that grade. */
      first: z.strictObject({ trial: count, call: count }).nullable(),
    })
    .nullable(),
  /** Healthy calls beside the others, which are in no other figure; absent without any. */
  canary: z
    .strictObject({
      calls: count,
      usable: count,
      availability: figure,
      latency_ms: z.strictObject({ p50: figure, p95: figure }),
    })
    .optional(),
  /** The scenario's rules in words, and how many attempts each met. */
  faults: z.array(z.strictObject({ fault: z.string(), met: count })),
  timeline: z.array(minute),
  reasons: z.record(z.string(), z.string()),
});

const row = {
  scenario: z.string(),
  description: z.string(),
  chain: z.string(),
  clock: z.enum(['virtual', 'real']),
  virtual_ms: z.number(),
  recordings: recordingsUsed,
};

const judged = {
  invariants: z.record(z.string(), invariant),
  verdicts: z.array(verdict),
};

const scenarioRow = z.looseObject({
  ...row,
  /** What was drilled, from where it was started; null where that is not known. */
  files: z.strictObject({ scenario: z.string().nullable(), chain: z.string().nullable() }),
  trials: count,
  /** The command that runs this row again. */
  again: z.string(),
  held: z.boolean(),
  ...figuresSchema.shape,
  ...judged,
});

const trialRow = z.looseObject({
  ...row,
  seed: z.number(),
  trial: count,
  wall_ms: z.number(),
  ...figuresSchema.shape,
  ...judged,
});

export const reportSchema = z.strictObject({
  version: z.literal(reportVersion),
  tool: z.strictObject({ name: z.literal('firedrill'), version: z.string() }),
  chain: z.string(),
  seed: z.number(),
  /** Whether every threshold of every scenario held. */
  held: z.boolean(),
  /** Of a live run that ended before its last call: by what, and where. It can go on. */
  stopped: z
    .strictObject({ by: z.string(), scenario: z.string(), trial: count, calls: count })
    .optional(),
  /** One row a scenario: all its trials pooled by call; the verdicts are of these. */
  scenarios: z.array(scenarioRow),
  trials: z.array(trialRow),
  /** Depends on the machine and the hour. */
  wall: z.strictObject({
    started: z.string(),
    ms: z.number(),
    workers: count,
    node: z.string(),
  }),
});

export type Report = z.infer<typeof reportSchema>;
export type ScenarioRow = z.infer<typeof scenarioRow>;
export type TrialRow = z.infer<typeof trialRow>;
export type ReportFigures = z.infer<typeof figuresSchema>;
export type InvariantRow = z.infer<typeof invariant>;

/** What a row says of itself beside its figures. */
const rowKeys = new Set(
  [...Object.keys(scenarioRow.shape), ...Object.keys(trialRow.shape)].filter(
    (key) => !Object.hasOwn(figuresSchema.shape, key),
  ),
);

/** The figures of a row, without what says which row it is. */
export function figuresIn(row: ScenarioRow | TrialRow): ReportFigures {
  const entries = Object.entries(row).filter(([key]) => !rowKeys.has(key));
  return Object.fromEntries(entries) as ReportFigures;
}
