// Verdicts are got before a trial begins, all of them: the judge is asked about every text that its
// recordings know, known answers and damaged ones alike, and scoring only looks them up. So scores
// stay what they are everywhere else, written with the text and the same at once for all that reads
// a history, and neither the chain's clock nor its attempts nor a fault of the scenario sees the
// judge. A text that no recording knows could not be judged later either.
//
// The judge is asked as a chain would ask: official SDK, MSW, the wire that renders what is stored,
// in virtual time of its own. Its answers are those of a workload whose samples are the verdicts.
import { installVirtualTime } from '../clock/clock.ts';
import type { SeededRandom } from '../clock/random-globals.ts';
import { alarms, elapsedMs } from '../clock/virtual-clock.ts';
import { HarnessError } from '../errors.ts';
import type { HistoryEvent, JudgedEvent } from '../history.ts';
import type { Network } from '../network/network.ts';
import { callScope } from '../network/network.ts';
import { mix, stream } from '../rng.ts';
import { createAnswerBook } from '../upstream/answer-book.ts';
import type { Recording } from '../upstream/recording.ts';
import type { Schedule } from '../upstream/schedule.ts';
import { createSchedule } from '../upstream/schedule.ts';
import type { Targets } from '../upstream/targets.ts';
import { createUpstream } from '../upstream/upstream.ts';
import { wires } from '../wires/index.ts';
import type { Sample, Workload } from '../workloads/workload.ts';
import { plainSample } from '../workloads/workload.ts';
import type { Opinion } from './ask-judge.ts';
import { createJudge } from './ask-judge.ts';
import type { JudgeQuestion } from './judge-prompt.ts';
import { textHash } from './judged-check.ts';
import type { VerdictRecording, Verdicts } from './verdict.ts';
import { keyOf } from './verdict.ts';

export interface JudgingBench {
  targets: Targets;
  network: Network;
  random: SeededRandom;
  seed: number;
  keys: Record<string, string>;
  epochMs: number;
  /** Faults of the judge's own provider; none in a drill. */
  schedule?: Schedule;
  /** What crosses the wire; in no history. */
  record?(event: HistoryEvent): void;
  beat?(): void;
}

export async function judgeAll(workload: Workload, bench: JudgingBench): Promise<Verdicts> {
  const { judge } = workload;
  if (!judge) return new Map();
  const asked = judge.verdicts.map((verdict, index) => ({
    verdict,
    // What it says is in its name: rendered answers are kept in a thread by theirs.
    id: `${keyOf(verdict)}~${textHash(JSON.stringify(verdict))}~${index}`,
    question: questionOf(workload, verdict),
  }));
  const verdicts = new Map<string, JudgedEvent[]>();
  const seed = mix(bench.seed, 'judge', workload.name);
  const ask = createJudge({ ...judge.model, apiKey: bench.keys.openai ?? '', seed });
  const recordings = asked.map(({ verdict, id }) => recordingOf(verdict, id));
  await inItsOwnTime({ ...bench, seed }, recordings, async () => {
    for (const [index, { verdict, id, question }] of asked.entries()) {
      const opinion = await callScope.run({ call: index + 1, sample: id }, () => ask(question));
      const list = verdicts.get(keyOf(verdict)) ?? [];
      verdicts.set(keyOf(verdict), [...list, eventOf(verdict, opinion)]);
    }
  });
  return verdicts;
}

async function inItsOwnTime(
  bench: JudgingBench,
  recordings: Recording[],
  work: () => Promise<void>,
): Promise<void> {
  const { network, random, seed } = bench;
  random.reseed(stream(seed, 'random'));
  const time = installVirtualTime({ startEpochMs: bench.epochMs, realWork: 'auto' });
  let failure: Error | null = null;
  let done = false;
  const fail = (error: unknown): void => {
    failure ??= error instanceof Error ? error : new HarnessError(String(error));
  };
  network.enter({ upstream: upstreamOf(bench, recordings), timers: alarms, fail });
  try {
    work()
      .catch(fail)
      .finally(() => {
        done = true;
      });
    const { end } = await time.drive({
      isDone: () => done || failure !== null,
      untilMs: Number.POSITIVE_INFINITY,
      onBeat: () => bench.beat?.(),
    });
    if (failure) throw failure;
    if (end !== 'done') throw new HarnessError(`the judge never answered (${end})`);
  } finally {
    network.leave();
    time.uninstall();
  }
}

function upstreamOf(
  bench: JudgingBench,
  recordings: Recording[],
): ReturnType<typeof createUpstream> {
  const { seed, targets, keys, epochMs, record = () => {} } = bench;
  const samples = recordings.map(({ sample }): Sample => ({ ...plainSample, id: sample }));
  return createUpstream({
    seed,
    book: createAnswerBook({ name: 'verdicts', provenance: '', samples, recordings }),
    targets,
    wires: Object.values(wires),
    schedule: bench.schedule ?? createSchedule([], seed),
    record,
    now: elapsedMs,
    epochMs,
    keys,
  });
}

/** A verdict as what a model sends: a call of the tool by which autoevals has it choose. */
function recordingOf(verdict: VerdictRecording, id: string): Recording {
  const common = { sample: id, target: verdict.judge };
  if (verdict.kind === 'recorded') {
    const { kind, wire, exchange } = verdict;
    return { ...common, kind, wire, exchange };
  }
  const { kind, choice, why, text } = verdict;
  if (choice === undefined) return { ...common, kind, text: text ?? '', finish: 'stop' };
  const toolCalls = [{ name: 'select_choice', arguments: { reasons: why, choice } }];
  return { ...common, kind, text: '', finish: 'stop', toolCalls };
}

function questionOf(
  { samples }: Workload,
  { sample, rubric, answer }: VerdictRecording,
): JudgeQuestion {
  const of = samples.find(({ id }) => id === sample);
  const check = of?.judged?.find(({ id }) => id === rubric);
  if (!of || !check) throw new HarnessError(`a verdict on ${sample}, which has no such rubric`);
  const task = [of.system, of.prompt].filter((part) => part !== null).join('\n\n');
  return {
    task: task.replaceAll('{{ticket}}', '5000000'),
    answer,
    rubric: check.rubric,
    choices: check.choices,
  };
}

function eventOf(verdict: VerdictRecording, opinion: Opinion): JudgedEvent {
  const { sample, rubric, kind, answer } = verdict;
  return {
    e: 'judged',
    sample,
    rubric,
    hash: textHash(answer),
    kind,
    ...('failed' in opinion ? { score: null, failed: opinion.failed } : opinion),
  };
}
