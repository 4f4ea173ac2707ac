// Trials over real providers, as a worker runs them: the wall's clock and the chain's own keys
// around the same trial as everywhere. What providers say is graded by the checks of the samples.
import type { Chain } from '../chains/chain.ts';
import { wall } from '../clock/wall.ts';
import { HarnessError } from '../errors.ts';
import type { HistoryEvent, Recorder } from '../history.ts';
import { byChecks } from '../judge/grader.ts';
import type { Provenance } from '../provenance.ts';
import { realClock } from '../realtime/real-clock.ts';
import { Redaction } from '../recordings/redaction.ts';
import type { TrialResult } from '../trial/trial.ts';
import { runTrial } from '../trial/trial.ts';
import type { Bench, TrialOrder } from '../trial/trial-job.ts';
import type { AnswerBook } from '../upstream/answer-book.ts';
import { createAnswerBook } from '../upstream/answer-book.ts';
import { wires } from '../wires/index.ts';
import { liveProviders } from './live-providers.ts';
import type { LiveSetup } from './live-setup.ts';
import { liveWorkload } from './live-workload.ts';
import { Spending, unpriced } from './spending.ts';

export interface LiveBench {
  setup: LiveSetup;
  spending: Spending;
  redaction: Redaction;
  /** By provider. */
  keys: Record<string, string>;
  /** Stops the trial that runs, where one does: by what. */
  stop: { now: ((by: string) => void) | null };
}

/** What an earlier part of the same trial has had. */
export interface Before {
  calls: number;
  canaries: number;
  attempts: number;
  /** When it stopped, ms since the trial's start. */
  atMs: number;
}

export const nothingBefore: Before = { calls: 0, canaries: 0, attempts: 0, atMs: 0 };

/** Throws HarnessError for a chain that does not say whom it asks. */
export function liveBench(
  setup: LiveSetup,
  { chain, targets }: Pick<Bench, 'chain' | 'targets'>,
  onSpent: (spent: LiveSetup['spent']) => void,
): LiveBench {
  if (chain.targets.length === 0) throw new HarnessError(undeclared(chain));
  const unknown = chain.targets.find((name) => !targets.hasPrice(name));
  if (setup.maxUsd !== null && unknown !== undefined) throw new HarnessError(unpriced(unknown));
  const { maxUsd, maxRequests, spent } = setup;
  const keys: LiveBench['keys'] = {};
  for (const { variable, provider } of setup.keyVariables) {
    const key = process.env[variable];
    if (key) keys[provider] ??= key;
  }
  return {
    setup,
    spending: new Spending({ maxUsd, maxRequests, spent, onSpent }, targets),
    redaction: new Redaction(secretsIn(process.env, chain.targets), []),
    keys,
    stop: { now: null },
  };
}

function undeclared({ name }: Chain): string {
  return `${name} does not say whom it asks, and live nobody is asked to find out: write export const targets = ['openai/gpt-4o', ...], the primary first`;
}

/** Whatever may be one, but for what targets are called: `LLM_KEY_PROVIDER=anthropic` is no key. */
function secretsIn(environment: NodeJS.ProcessEnv, targets: readonly string[]): string[] {
  const names = new Set(targets.flatMap((target) => [target, ...target.split('/')]));
  return Object.entries(environment).flatMap(([name, value]) =>
    value && !names.has(value) && /KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL/i.test(name) ? [value] : [],
  );
}

/** Runs one trial, or what an earlier run has left of it. */
export async function runLiveJob(
  bench: Bench,
  live: LiveBench,
  order: TrialOrder,
  before: Before,
): Promise<TrialResult> {
  const { chain, targets, network, crashes, seed, cwd } = bench;
  const { setup, redaction, keys, spending } = live;
  const { scenario } = order;
  const clock = realClock(new AbortController().signal, before.atMs);
  const recorded = createAnswerBook(liveWorkload(scenario.workload, cwd), byChecks);
  const book = liveBook(recorded, chain.targets, setup.date);
  // The epoch at which the trial began, as the wall has it.
  const epochMs = Math.round(performance.timeOrigin + wall.nowMs()) - before.atMs;
  try {
    return await runTrial({
      ...order,
      scenario: { ...scenario, drain: Math.min(scenario.drain, 2 * scenario.limits.deadlineMs) },
      chain,
      primary: chain.targets[0] ?? '',
      seed,
      clockKind: 'real',
      book,
      targets,
      wires: Object.values(wires),
      network,
      ...(crashes ? { crashes } : {}),
      clock,
      epochMs,
      keys,
      record: masked(order.record, redaction),
      live: {
        calls: setup.calls,
        before,
        started: (stop) => {
          live.stop.now = stop;
        },
        providers: (fail) =>
          liveProviders({
            book: recorded,
            timers: clock.timers,
            redaction,
            spending,
            mayAsk: namedBy(bench, setup),
            fail,
          }),
      },
    });
  } finally {
    live.stop.now = null;
  }
}

/** The samples and nobody's answers: those come with the trial. */
function liveBook(book: AnswerBook, targets: string[], date: string): AnswerBook {
  const dates = { from: date, to: date };
  const live: Provenance = { kind: 'live', kinds: ['live'], dates, models: [] };
  return {
    ...book,
    targets: () => targets,
    provenance: (target) => (targets.includes(target) ? live : null),
    judge: null,
  };
}

function namedBy(
  { chain, targets }: Pick<Bench, 'chain' | 'targets'>,
  { hosts }: LiveSetup,
): (url: Readonly<URL>) => boolean {
  const providers = new Set(chain.targets.map((name) => name.slice(0, name.indexOf('/'))));
  return ({ host, hostname }) => {
    if (hosts) return hosts.includes(host);
    const known = targets.host(host) ?? targets.host(hostname);
    return known !== null && providers.has(known.provider);
  };
}

/** Whatever a provider or the chain repeats of a key does not come as far as the disk. */
function masked(record: Recorder, redaction: Redaction): Recorder {
  return (event) => {
    const text = JSON.stringify(event);
    if (redaction.text(text) === text) {
      record(event);
      return;
    }
    // What members are called, and figures, are the history's own.
    const clean: HistoryEvent = JSON.parse(text, (_, value: unknown) =>
      typeof value === 'string' ? redaction.text(value) : value,
    );
    record(clean);
  };
}
