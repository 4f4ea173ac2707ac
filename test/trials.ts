// One trial in the thread of the test: any chain as a function, any scenario as text, in virtual
// time, over the real wires and the shipped answers. Gives back its history.
import type { Ask, Chain } from '../harness/chains/chain.ts';
import { readReferenceChain } from '../harness/chains/read-reference.ts';
import { installSeededRandom } from '../harness/clock/random-globals.ts';
import type { HistoryEvent } from '../harness/history.ts';
import type { Network } from '../harness/network/network.ts';
import { enableNetwork } from '../harness/network/network.ts';
import type { CallRecord } from '../harness/outcome/call-record.ts';
import { createJoin } from '../harness/outcome/join.ts';
import { shippedTargets } from '../harness/project.ts';
import { stream } from '../harness/rng.ts';
import { TrialScoring } from '../harness/run/make-report.ts';
import { parseScenario } from '../harness/scenario/scenario.ts';
import { scorers } from '../harness/scorers/index.ts';
import type { Figures } from '../harness/scoring/figures.ts';
import { judgeInvariants } from '../harness/scoring/judge-invariants.ts';
import { figuresOf } from '../harness/scoring/score.ts';
import { drillKeys } from '../harness/trial/drill-keys.ts';
import { viewOf } from '../harness/trial/setting.ts';
import { runJob } from '../harness/trial/trial-job.ts';
import { createTargets, readTargets } from '../harness/upstream/targets.ts';
import { root } from './drills.ts';

export interface Tried {
  /** YAML, from `arrival` on. */
  scenario: string;
  /** A function that answers, or a whole chain. Default: the shipped gpt-first. */
  chain?: Ask | Chain;
  seed?: number;
  /** Default: support-desk. A name, or the path of a file. */
  workload?: string;
}

export interface TrialSeen {
  events: HistoryEvent[];
  /** By number. */
  calls: Map<number, CallRecord>;
  figures: Figures;
}

/** The reference chain of a file in fixtures/chains. */
export function shippedChain(name: string): Chain {
  return readReferenceChain(`${root}/fixtures/chains/${name}.yaml`);
}

/** A chain that asks the primary first, where it asks anybody. */
function chainOf(ask: Ask): Chain {
  return {
    name: 'own',
    factory: () => ask,
    targets: ['openai/gpt-4o'],
    degradeText: null,
    limits: {},
    hosts: [],
    isolate: false,
  };
}

/** Runs one trial; trials of one thread come one after the other. */
export async function tried({ scenario, chain, seed = 1, workload }: Tried): Promise<TrialSeen> {
  process.env.OPENAI_API_KEY = drillKeys.openai;
  process.env.ANTHROPIC_API_KEY = drillKeys.anthropic;
  const head = `name: x\ndescription: x\nworkload: ${workload ?? 'support-desk'}\n`;
  const events: HistoryEvent[] = [];
  const random = installSeededRandom(stream(seed, 'load'));
  let network: Network | null = null;
  try {
    network = await enableNetwork();
    const own = typeof chain === 'function' ? chainOf(chain) : (chain ?? shippedChain('gpt-first'));
    const bench = {
      chain: own,
      targets: createTargets(readTargets([shippedTargets]), own.hosts),
      network,
      random,
      seed,
      cwd: root,
      books: new Map(),
      primaries: new Map(),
    };
    await runJob(bench, {
      scenario: parseScenario(head + scenario, 'x.yaml'),
      trial: 1,
      twin: null,
      record: (event) => events.push(structuredClone(event)),
    });
  } finally {
    await network?.disable();
    random.uninstall();
  }
  return { events, calls: callsIn(events), figures: figuresIn(events) };
}

/** The calls of a history, as every report sees them. */
export function callsIn(events: readonly HistoryEvent[]): Map<number, CallRecord> {
  const [trial] = events;
  if (trial?.e !== 'trial') throw new Error('a history begins with its trial');
  const calls = new Map<number, CallRecord>();
  const join = createJoin(viewOf(trial), (record) => calls.set(record.call.call, record));
  for (const event of events) join.event(event);
  join.end();
  return calls;
}

/** Scores and invariants of a history. */
export function figuresIn(events: readonly HistoryEvent[]): Figures {
  const scoring = new TrialScoring();
  for (const event of events) scoring.event(event);
  const all = { ...scorers, [judgeInvariants.name]: judgeInvariants };
  return figuresOf(all as typeof scorers, scoring.end().tallies);
}

/** The events of one kind. */
export function eventsOf<E extends HistoryEvent['e']>(
  { events }: Pick<TrialSeen, 'events'>,
  e: E,
): Extract<HistoryEvent, { e: E }>[] {
  return events.filter((event): event is Extract<HistoryEvent, { e: E }> => event.e === e);
}
