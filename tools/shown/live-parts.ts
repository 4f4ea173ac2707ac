// A live network in this thread, without a chain: for measuring what passing through costs.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { wall } from '../../harness/clock/wall.ts';
import { liveProviders } from '../../harness/live/live-providers.ts';
import { Spending } from '../../harness/live/spending.ts';
import type { Stage } from '../../harness/network/network.ts';
import { shippedTargets } from '../../harness/project.ts';
import { Redaction } from '../../harness/recordings/redaction.ts';
import { createAnswerBook } from '../../harness/upstream/answer-book.ts';
import { createSchedule } from '../../harness/upstream/schedule.ts';
import { createTargets, readTargets } from '../../harness/upstream/targets.ts';
import type { Upstream } from '../../harness/upstream/upstream.ts';
import { createUpstream } from '../../harness/upstream/upstream.ts';
import { wires } from '../../harness/wires/index.ts';
import { plainSample } from '../../harness/workloads/workload.ts';

export interface LiveParts {
  stage: Stage;
  upstream: Upstream;
  failures: Error[];
  /** How many attempts have ended. */
  readonly ended: number;
}

export function liveParts(host: string): LiveParts {
  const targets = createTargets(readTargets([shippedTargets]), [
    { host, provider: 'openai', region: null },
  ]);
  const samples = [{ ...plainSample, id: 'who', prompt: 'Who is there?' }];
  const book = createAnswerBook({ name: 'w', provenance: '', samples, recordings: [] });
  const timers = {
    set: (run: () => void, ms: number) => wall.setTimeout(run, ms),
    clear: (id: unknown) => wall.clearTimeout(id as NodeJS.Timeout),
  };
  const failures: Error[] = [];
  const fail = (error: Error): void => {
    failures.push(error);
  };
  const spent = { requests: 0, tokens: 0, usd: 0 };
  const limits = { maxUsd: null, maxRequests: null, spent, onSpent: () => {} };
  let ended = 0;
  const upstream = createUpstream({
    seed: 1,
    book,
    targets,
    wires: Object.values(wires),
    schedule: createSchedule([], 1),
    record: (event) => {
      if (event.e === 'end') ended++;
    },
    now: () => Math.round(wall.nowMs()),
    epochMs: performance.timeOrigin,
    keys: {},
    live: liveProviders({
      book,
      timers,
      redaction: new Redaction([], []),
      spending: new Spending(limits, targets),
      mayAsk: (url) => url.host === host,
      fail,
    }),
  });
  return {
    stage: { upstream, timers, fail },
    upstream,
    failures,
    get ended() {
      return ended;
    },
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? 0)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

export function filesBelow(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' }).map((name) => join(dir, name));
}
