// The shipped providers behind the loopback server, for gateways in processes of their own: each
// call is asked alone, so that all requests belong to the one that is open.
import { join } from 'node:path';
import type { HistoryEvent } from '../../harness/history.ts';
import type { Loopback } from '../../harness/network/loopback.ts';
import { openLoopback } from '../../harness/network/loopback.ts';
import { packageRoot, shippedTargets } from '../../harness/project.ts';
import { parseScenario } from '../../harness/scenario/scenario.ts';
import { createAnswerBook } from '../../harness/upstream/answer-book.ts';
import { createSchedule } from '../../harness/upstream/schedule.ts';
import { createTargets, readTargets } from '../../harness/upstream/targets.ts';
import type { Upstream } from '../../harness/upstream/upstream.ts';
import { createUpstream } from '../../harness/upstream/upstream.ts';
import { wires } from '../../harness/wires/index.ts';
import { loadYamlWorkload } from '../../harness/workloads/yaml-workload.ts';

const workload = loadYamlWorkload(join(packageRoot, 'fixtures/workloads/support-desk.yaml'));
const [sample = workload.samples[0]] = workload.samples;

export interface Providers {
  origin: Loopback['origin'];
  /** The question of every call. */
  prompt: string;
  /** What a target answers to it. */
  answer(target: string): string;
  /** Mistakes of the harness: requests that it could not answer. */
  failures: Error[];
  /** From now on these rules of a scenario, in YAML. The targets that were asked since the last. */
  next(rules?: string): string[];
  close(): Promise<void>;
}

export async function openProviders(): Promise<Providers> {
  if (!sample) throw new Error('the shipped workload has no sample');
  const failures: Error[] = [];
  let history: HistoryEvent[] = [];
  let call = 0;
  let upstream: Upstream = upstreamWith('[]', (event) => history.push(event));
  const loopback = await openLoopback({
    upstream: { ...upstream, receive: (request, from) => upstream.receive(request, from) },
    attribute: () => ({ call, sample: sample.id }),
    fail: (error) => failures.push(error),
  });
  return {
    origin: loopback.origin,
    prompt: sample.prompt,
    answer: (target) => answered(target),
    failures,
    next(rules = '[]') {
      const asked = history.flatMap((event) =>
        event.e === 'attempt' ? [`${event.provider}/${event.model}`] : [],
      );
      history = [];
      call += 1;
      upstream = upstreamWith(rules, (event) => history.push(event));
      return asked;
    },
    close: () => loopback.close(),
  };
}

function answered(target: string): string {
  const recording = workload.recordings.find(
    (one) => one.sample === sample?.id && one.target === target,
  );
  if (recording?.kind !== 'authored') throw new Error(`no answer of ${target}`);
  return recording.text;
}

function upstreamWith(rules: string, record: (event: HistoryEvent) => void): Upstream {
  const began = performance.now();
  const text = `name: x\ndescription: x\nworkload: support-desk\narrival: { each: once }\nfaults: ${rules}\n`;
  return createUpstream({
    seed: 1,
    book: createAnswerBook(workload),
    targets: createTargets(readTargets([shippedTargets])),
    wires: Object.values(wires),
    schedule: createSchedule(parseScenario(text, 'x.yaml').faults, 1),
    record,
    now: () => Math.round(performance.now() - began),
    epochMs: Date.now(),
    keys: {},
  });
}
