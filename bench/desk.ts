// What the benchmark drills: one question with one authored answer of about 50 tokens, targets with
// and without a pace, and everything a trial needs around them, in this thread.
import type { Chain, ChainFactory } from '../harness/chains/chain.ts';
import type { SeededRandom } from '../harness/clock/random-globals.ts';
import type { Network } from '../harness/network/network.ts';
import { writeHistory } from '../harness/run/history-file.ts';
import { TrialScoring } from '../harness/run/make-report.ts';
import type { Scenario } from '../harness/scenario/scenario.ts';
import { parseScenario } from '../harness/scenario/scenario.ts';
import type { Bench } from '../harness/trial/trial-job.ts';
import { runJob } from '../harness/trial/trial-job.ts';
import { createAnswerBook } from '../harness/upstream/answer-book.ts';
import { createTargets } from '../harness/upstream/targets.ts';
import type { Workload } from '../harness/workloads/workload.ts';

export const answerText = 'All is well here '.repeat(13).trim();

const workload: Workload = {
  name: 'bench',
  provenance: 'authored',
  samples: [
    {
      id: 'one',
      family: null,
      critical: false,
      system: null,
      prompt: 'Ticket {{ticket}}: how are things?',
      schema: null,
      checks: [],
    },
  ],
  recordings: ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'].map((target) => ({
    kind: 'authored',
    sample: 'one',
    target,
    text: answerText,
    finish: 'stop',
  })),
};

/** `tokensPerSecond` decides whether the chunks of a stream come one by one or all at once. */
export function benchWith(
  factory: ChainFactory,
  tokensPerSecond: number,
  world: { network: Network; random: SeededRandom },
): Bench {
  const chain: Chain = {
    name: 'bench',
    factory,
    targets: ['openai/gpt-4o'],
    degradeText: null,
    limits: {},
    hosts: [],
    isolate: false,
  };
  const figure = { source: 'bench' };
  const model = {
    ttft: { p50: 500, p95: 900, ...figure },
    speed: { tokensPerSecond, ...figure },
    price: { input: 1, output: 1, ...figure },
  };
  const targets = createTargets([
    {
      hosts: [
        { host: 'api.openai.com', provider: 'openai' },
        { host: 'api.anthropic.com', provider: 'anthropic' },
      ],
      models: { 'openai/gpt-4o': model, 'anthropic/claude-3-5-sonnet-latest': model },
    },
  ]);
  return {
    chain,
    targets,
    ...world,
    seed: 1,
    cwd: process.cwd(),
    books: new Map([['bench', { workload, book: createAnswerBook(workload), verdicts: null }]]),
    primaries: new Map(),
  };
}

/** `calls` at `rate` a second, without faults unless `faults` has YAML lines of them. */
export function benchScenario(calls: number, rate: number, faults = ''): Scenario {
  const seconds = Math.ceil(calls / rate);
  return parseScenario(
    `name: bench\ndescription: bench\nworkload: bench\n` +
      `arrival: { rate: ${rate}/s, for: ${seconds}s, spread: even }\ndeadline: 10s\n` +
      (faults === '' ? '' : `faults:\n${faults}`),
    'bench.yaml',
  );
}

/** A whole trial with its history on disk and its scores; resolves with the number of calls. */
export async function drill(bench: Bench, scenario: Scenario, file: string): Promise<number> {
  const history = writeHistory(file);
  const scoring = new TrialScoring();
  const { calls } = await runJob(bench, {
    scenario,
    trial: 1,
    twin: null,
    record: (event) => {
      history.record(event);
      scoring.event(event);
    },
  });
  history.close();
  scoring.end();
  return calls;
}
