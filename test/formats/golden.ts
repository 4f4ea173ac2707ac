// Small typed reports for tests of formats. `hostile` goes wherever a person, a model or
// an error may put words.
import type { InvariantRow, Report, ReportFigures, ScenarioRow } from '../../harness/report.ts';

/** Colour, cursor and title sequences, a formula, a table cell, lines, HTML, reversed words. */
export const hostile =
  "=cmd|'/C calc'!A0\u001b[31mred\u001b]0;title\u0007\r\n| x | `y` <script>alert(1)</script>\u202e\u0000 [a](http://evil.example)";

const goldenPaired: ReportFigures['quality']['by_family'][string] = {
  baseline: 0.91,
  served: 0.85,
  drop: 0.06,
  ci95: [-0.02, 0.14],
  n: 20,
  calls: 119,
  mde: 0.11,
};

export function goldenFigures(over: Partial<ReportFigures> = {}): ReportFigures {
  return {
    calls: 201,
    aborted: 1,
    outcomes: { aborted: 1, hung: 1, error: 3, degraded: 10, cached: 6, complete: 180 },
    availability: 0.93,
    availability_ci95: [0.89, 0.96],
    goodput: 0.9,
    degraded_rate: 0.05,
    fallback_rate: 0.6122,
    served_by: {
      'anthropic/claude-3-5-sonnet': 0.61,
      cache: 0.03,
      degraded: 0.05,
      'openai/gpt-4o': 0.31,
    },
    cache: { hits: 6, right: 5, unscored: 0, precision: 0.8333 },
    ttft_ms: { p50: 420, p95: 3_100, p99: 6_000 },
    latency_ms: { p50: 1_800, p95: 7_412, p99: null, max: null },
    failover_ms: { p50: 900, p95: 5_000, max: 5_100, n: 119 },
    added_wait_ms: { p50: 10, p95: 2_000 },
    recovery_ms: null,
    attempts_per_call: { mean: 1.75, max: 4 },
    peak_attempts_per_s: { anthropic: 3, openai: 6 },
    crashes: { count: 0 },
    conduct: null,
    faults: [
      { fault: 'server-error on provider openai', met: 170 },
      { fault: 'stall on provider opnai', met: 0 },
    ],
    tokens: { input: 20_000, output: 40_000, total: 60_000 },
    wasted_tokens: 1_200,
    cost_usd: 0.4321,
    quality: {
      baseline: 0.91,
      served: 0.868,
      drop: 0.042,
      ci95: [-0.011, 0.073],
      n: 24,
      calls: 180,
      unscored: 0,
      mde: 0.03,
      by_family: {
        summary: { ...goldenPaired, drop: 0.06, n: 18, calls: 120 },
        arithmetic: { ...goldenPaired, ci95: null, mde: null, n: 1, calls: 60 },
      },
      by_target: {
        'anthropic/claude-3-5-sonnet': goldenPaired,
        'openai/gpt-4o': { ...goldenPaired, served: 0.91, drop: 0, ci95: [0, 0], mde: null },
      },
      critical: {
        calls: 40,
        as_good: 30,
        worse: 4,
        should_have_said_later: 3,
        said_later: 5,
        no_answer: 1,
        unscored: 0,
      },
    },
    timeline: [
      { minute: 0, calls: 100, aborted: 0, usable: 100, fallbacks: 0, attempts: { openai: 100 } },
      {
        minute: 1,
        calls: 101,
        aborted: 1,
        usable: 86,
        fallbacks: 61,
        attempts: { anthropic: 80, openai: 170 },
      },
    ],
    reasons: {
      'latency_ms.p99': 'hung',
      'latency_ms.max': 'hung',
      recovery_ms: 'not recovered',
      'quality.by_family.arithmetic.ci95': 'one sample has no interval',
      'quality.by_family.arithmetic.mde': 'one sample has no interval',
      'quality.by_target.openai/gpt-4o.mde': 'no call was served another answer',
    },
    ...over,
  };
}

const held: InvariantRow = {
  status: 'held',
  rule: 'success only after the terminal marker',
  limit: null,
  exercised: 190,
  violations: 0,
  example: null,
};

type Used = ScenarioRow['recordings'][string];

function authoredOn(day: string): Used {
  const times = { recorded: 0, recorded_speed: 0, assumed: 190 };
  const dates = { from: day, to: day };
  return { kind: 'authored', kinds: ['authored'], dates, models: [], assumed: false, times };
}

function recordedOf(model: string): Used {
  const times = { recorded: 110, recorded_speed: 6, assumed: 3 };
  const dates = { from: '2026-10-01', to: '2026-10-03' };
  const kinds: Used['kinds'] = ['recorded-text', 'recorded'];
  return { kind: 'recorded-text', kinds, dates, models: [model], assumed: false, times };
}

/** Two scenarios, the first breached; `words` stands in every place that holds words. */
export function goldenReport(words?: string): Report {
  const name = words ?? 'primary-outage';
  const chain = words ?? 'gpt-first';
  const violated: InvariantRow = {
    status: 'violated',
    rule: words ?? 'attempts per call never exceed the limit',
    limit: words ?? '4 attempts',
    exercised: 120,
    violations: 2,
    example: {
      trial: 1,
      call: 312,
      at_ms: 311_200,
      text: words ?? 'Call 312 made 5 attempts: at 311.2 s, 311.6 s, 312.4 s, 314.0 s, 316.9 s.',
      replay: words ?? 'firedrill replay reports/latest --trial 1 --call 312',
    },
  };
  const breached = {
    scenario: name,
    description: words ?? 'OpenAI answers 503 for ten minutes',
    chain,
    clock: 'virtual' as const,
    virtual_ms: 1_500_000,
    recordings: {
      [words ?? 'openai/gpt-4o']: authoredOn(words ?? '2026-11-02'),
      'anthropic/claude-3-5-sonnet': recordedOf(words ?? 'claude-3-5-sonnet-20241022'),
    },
    ...(words
      ? goldenFigures({
          served_by: { [words]: 1 },
          quality: {
            ...goldenFigures().quality,
            by_family: { [words]: goldenPaired },
            by_target: { [words]: goldenPaired },
          },
          recovery_ms: null,
          reasons: { recovery_ms: words },
        })
      : goldenFigures()),
    invariants: { I01: held, I05: violated },
    verdicts: [
      { path: 'availability', bound: '>= 90%', value: 0.93, held: true, reason: null },
      { path: 'latency_ms.p95', bound: words ?? '<= 6s', value: 7_412, held: false, reason: null },
      {
        path: 'recovery_ms',
        bound: '<= 2m',
        value: null,
        held: false,
        reason: words ?? 'not recovered',
      },
      { path: 'invariants', bound: 'all', value: 1, held: false, reason: 'violated: I05' },
    ],
  };
  const calm: ScenarioRow = {
    ...breached,
    scenario: 'baseline',
    description: 'Nothing is wrong',
    ...goldenFigures({
      outcomes: { complete: 201 },
      aborted: 0,
      availability: 1,
      fallback_rate: 0,
      served_by: { 'openai/gpt-4o': 1 },
    }),
    invariants: {
      I01: held,
      I04: { ...held, status: 'not-judged' },
      I25: { ...held, status: 'not-applicable', exercised: 0 },
    },
    verdicts: [],
    trials: 1,
    files: { scenario: 'scenarios/baseline.yaml', chain: 'chains/gpt-first.yaml' },
    again: 'firedrill run baseline --chain chains/gpt-first.yaml --seed 7',
    held: true,
  };
  const { trials: _, held: __, again: ___, files: ____, ...calmTrial } = calm;
  return {
    version: 1,
    tool: { name: 'firedrill', version: words ?? '0.1.0' },
    chain,
    seed: 7,
    held: false,
    scenarios: [
      {
        ...breached,
        trials: 2,
        files: filesOf(words),
        again: words ?? 'firedrill run primary-outage --chain FILE --seed 7 --trials 2',
        held: false,
      },
      calm,
    ],
    trials: [
      { ...breached, seed: 11, trial: 1, wall_ms: 400 },
      { ...breached, seed: 12, trial: 2, wall_ms: 410 },
      { ...calmTrial, seed: 21, trial: 1, wall_ms: 90 },
    ],
    wall: { started: '2026-11-21T10:00:00.000Z', ms: 2_300, workers: 2, node: 'v24.21.0' },
  };
}

function filesOf(words?: string): ScenarioRow['files'] {
  const scenario = words ?? 'scenarios/primary outage.yaml';
  return { scenario, chain: words ?? 'chains/gpt-first.yaml' };
}
