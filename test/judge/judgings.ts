// The judge at work without a drill: verdicts as a file would have them, asked for over the real
// network, wire and SDK, in the thread of the test.
import { installSeededRandom } from '../../harness/clock/random-globals.ts';
import type { HistoryEvent, JudgedEvent } from '../../harness/history.ts';
import { judgeModel } from '../../harness/judge/judge-model.ts';
import type { JudgedCheck } from '../../harness/judge/judged-check.ts';
import { judgedCheck } from '../../harness/judge/judged-check.ts';
import { judgeAll } from '../../harness/judge/judging.ts';
import type { VerdictRecording, Verdicts } from '../../harness/judge/verdict.ts';
import { verdictSchema } from '../../harness/judge/verdict.ts';
import type { Network } from '../../harness/network/network.ts';
import { enableNetwork } from '../../harness/network/network.ts';
import { shippedTargets } from '../../harness/project.ts';
import { stream } from '../../harness/rng.ts';
import { parseScenario } from '../../harness/scenario/scenario.ts';
import { drillKeys } from '../../harness/trial/drill-keys.ts';
import { epochMs } from '../../harness/trial/trial-job.ts';
import { createSchedule } from '../../harness/upstream/schedule.ts';
import { createTargets, readTargets } from '../../harness/upstream/targets.ts';
import type { Sample, Workload } from '../../harness/workloads/workload.ts';
import { plainSample } from '../../harness/workloads/workload.ts';

export interface Judging {
  verdicts: Verdicts;
  /** The only verdict, where there is one. */
  first: JudgedEvent;
  /** What the judge was sent, in order. */
  requests: { url: string; key: string | null; body: Record<string, unknown> }[];
  /** What crossed the wire. */
  events: HistoryEvent[];
}

export const rubric = 'It says sorry.';

export function checkOf(given: object = { rubric }): JudgedCheck {
  return judgedCheck.parse({ judged: given });
}

export function sampleOf(check: JudgedCheck, over: Partial<Sample> = {}): Sample {
  const own = { id: 's', system: 'Be kind.', prompt: 'Where is it? {{ticket}}' };
  return { ...plainSample, ...own, judged: [check], ...over };
}

/** A verdict of gpt-4o on an answer; by default that it is good. */
export function verdictOn(
  check: JudgedCheck,
  answer: string,
  said: Record<string, unknown> = { choice: 'yes', why: 'It does.' },
): VerdictRecording {
  const kind = 'exchange' in said ? 'recorded' : 'authored';
  const common = { kind, sample: 's', judge: 'openai/gpt-4o', rubric: check.id, answer };
  return verdictSchema.parse({ ...common, ...said });
}

export interface Wanted {
  check?: JudgedCheck;
  sample?: Partial<Sample>;
  verdicts: VerdictRecording[];
  model?: unknown;
  /** YAML of the faults of the judge's provider. */
  faults?: string;
  seed?: number;
}

export async function judging(wanted: Wanted): Promise<Judging> {
  const { check = checkOf(), verdicts, model = 'openai/gpt-4o', faults, seed = 1 } = wanted;
  const workload: Workload = {
    name: 'w',
    provenance: 'test',
    samples: [sampleOf(check, wanted.sample)],
    recordings: [],
    judge: { model: judgeModel.parse(model), verdicts },
  };
  const requests: Judging['requests'] = [];
  const events: HistoryEvent[] = [];
  const random = installSeededRandom(stream(seed, 'load'));
  let network: Network | null = null;
  try {
    network = await enableNetwork();
    const found = await judgeAll(workload, {
      targets: createTargets(readTargets([shippedTargets])),
      network: seen(network, requests),
      random,
      seed,
      keys: drillKeys,
      epochMs,
      record: (event) => events.push(structuredClone(event)),
      ...(faults ? { schedule: scheduleOf(faults, seed) } : {}),
    });
    const first = [...found.values()][0]?.[0];
    if (!first) throw new Error('no verdict');
    return { verdicts: found, first, requests, events };
  } finally {
    await network?.disable();
    random.uninstall();
  }
}

function scheduleOf(faults: string, seed: number): ReturnType<typeof createSchedule> {
  const head = 'name: x\ndescription: x\nworkload: x\narrival: { rate: 1/s, for: 1s }\nfaults:\n';
  return createSchedule(parseScenario(`${head}${faults}`, 'x.yaml').faults, seed);
}

function seen(network: Network, requests: Judging['requests']): Network {
  return {
    ...network,
    enter: (stage) =>
      network.enter({
        ...stage,
        upstream: {
          receive(request, from) {
            const key = request.header('authorization');
            requests.push({ url: request.url, key, body: JSON.parse(request.body) });
            return stage.upstream.receive(request, from);
          },
          attempts: () => stage.upstream.attempts(),
          announce: (call, target) => stage.upstream.announce(call, target),
          closeAttempts: () => stage.upstream.closeAttempts(),
          forget: (call) => stage.upstream.forget(call),
        },
      }),
  };
}

/** The user's message of a request, or the last input of one to the Responses API. */
export function promptIn({ body }: Judging['requests'][number]): string {
  const list = (body.messages ?? body.input) as { content: string }[];
  return list.at(-1)?.content ?? '';
}
