// A live stage in the thread of the test: the network, the upstream and the providers behind it,
// with rules in between; no chain and no trial.
import { onTestFinished } from 'vitest';
import { wall } from '../../harness/clock/wall.ts';
import type { HistoryEvent } from '../../harness/history.ts';
import { liveProviders } from '../../harness/live/live-providers.ts';
import type { SpendingOptions } from '../../harness/live/spending.ts';
import { Spending } from '../../harness/live/spending.ts';
import { callScope, enableNetwork } from '../../harness/network/network.ts';
import { Redaction } from '../../harness/recordings/redaction.ts';
import { rule } from '../../harness/scenario/rule.ts';
import { createAnswerBook } from '../../harness/upstream/answer-book.ts';
import { createSchedule } from '../../harness/upstream/schedule.ts';
import { createTargets } from '../../harness/upstream/targets.ts';
import { createUpstream } from '../../harness/upstream/upstream.ts';
import { wires } from '../../harness/wires/index.ts';
import { plainSample } from '../../harness/workloads/workload.ts';
import { said } from './providers.ts';

export interface LiveStage {
  events: HistoryEvent[];
  failures: Error[];
  /** Runs it as a part of call 1. */
  within<T>(work: () => Promise<T>): Promise<T>;
  /** Of one kind. */
  of<E extends HistoryEvent['e']>(e: E): Extract<HistoryEvent, { e: E }>[];
}

export interface StageOptions {
  /** By host, with its port. */
  hosts: Record<string, string>;
  rules?: Record<string, unknown>[];
  limits?: Partial<SpendingOptions>;
}

const source = 'of this test';
const price = { input: 1, output: 10, source };
export const sample = { ...plainSample, id: 'who', prompt: 'Who is there?' };

export async function liveStage({
  hosts,
  rules = [],
  limits = {},
}: StageOptions): Promise<LiveStage> {
  const events: HistoryEvent[] = [];
  const failures: Error[] = [];
  const ttft = { p50: 20, p95: 20, source };
  const speed = { tokensPerSecond: 100, source };
  const targets = createTargets(
    [
      {
        hosts: [],
        models: {
          'openai/gpt-4o-mini': { price },
          'anthropic/claude-3-5-haiku-latest': { price },
        },
        assumed: {
          rejection: { p50: 5, p95: 5, why: source },
          model: { ttft, speed, price, why: source },
        },
      },
    ],
    Object.entries(hosts).map(([host, provider]) => ({ host, provider, region: null })),
  );
  const recordings = [
    {
      kind: 'authored' as const,
      sample: 'who',
      target: 'of/another',
      text: said,
      finish: 'stop' as const,
    },
  ];
  const book = createAnswerBook({ name: 'w', provenance: '', samples: [sample], recordings });
  const started = performance.now();
  const timers = {
    set: (run: () => void, ms: number) => wall.setTimeout(run, ms),
    clear: (id: unknown) => wall.clearTimeout(id as NodeJS.Timeout),
  };
  const fail = (error: Error): void => {
    failures.push(error);
  };
  const none = { maxUsd: null, maxRequests: null, spent: { requests: 0, tokens: 0, usd: 0 } };
  const spending = new Spending({ ...none, onSpent: () => {}, ...limits }, targets);
  const upstream = createUpstream({
    seed: 1,
    book,
    targets,
    wires: Object.values(wires),
    schedule: createSchedule(
      rules.map((given) => rule.parse(given)),
      1,
    ),
    record: (event) => events.push(structuredClone(event)),
    now: () => Math.round(performance.now() - started),
    epochMs: Date.now(),
    keys: {},
    live: liveProviders({
      book,
      timers,
      redaction: new Redaction([], []),
      spending,
      mayAsk: ({ host }) => Object.hasOwn(hosts, host),
      fail,
    }),
  });
  const network = await enableNetwork();
  onTestFinished(() => network.disable());
  network.enter({ upstream, timers, fail });
  return {
    events,
    failures,
    within: (work) => callScope.run({ call: 1, sample: 'who' }, work),
    of: <E extends HistoryEvent['e']>(e: E) =>
      events.filter((event): event is Extract<HistoryEvent, { e: E }> => event.e === e),
  };
}
