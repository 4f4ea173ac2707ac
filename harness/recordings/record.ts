// Recording from real providers: every job of a plan, a lane for each target, within the limits.
// The journal has every answer as soon as it is there; the file of recordings is only ever replaced
// whole.
import type { TargetSettings } from '../chains/settings.ts';
import type { ModelPrice } from '../plan-view.ts';
import type { Recording } from '../upstream/recording.ts';
import { bodyOf } from '../upstream/recording.ts';
import { writeWhole } from '../whole-file.ts';
import type { Sample } from '../workloads/workload.ts';
import { LimitReached } from './budget.ts';
import type { RealTarget } from './real-target.ts';
import type { RecordJournal } from './record-journal.ts';
import type { RecordJob } from './record-plan.ts';
import { mergedRecordings } from './record-plan.ts';
import type { SessionSetting } from './record-session.ts';
import { recordSession } from './record-session.ts';

export interface RecordInput
  extends Pick<
    SessionSetting,
    'budget' | 'redaction' | 'keepErrors' | 'retries' | 'date' | 'sleep'
  > {
  jobs: readonly RecordJob[];
  journal: RecordJournal;
  /** Makes the client of a target; `before` answers turns that are recorded already. */
  open(settings: TargetSettings, before: () => Response | null): RealTarget;
  price(target: string): ModelPrice | null;
  /** When aborted, nothing further is sent; what is under way is waited for. */
  signal: AbortSignal;
  onStep(): void;
}

export interface RecordResult {
  /** Of what could not be recorded: how often, by target and reason. */
  failures: Map<string, number>;
  /** Jobs that were not begun, because their target turned everything down. */
  skipped: number;
  /** The option that would have been exceeded; null: none. */
  limit: string | null;
}

/** After these, no other question to the same target fares better. */
const endsLane: ReadonlySet<string> = new Set(['auth', 'quota', 'permission', 'not-found']);

export async function recordAll(input: RecordInput): Promise<RecordResult> {
  const result: RecordResult = { failures: new Map(), skipped: 0, limit: null };
  const lanes = Map.groupBy(input.jobs, ({ target }) => target.name);
  const ends = await Promise.allSettled(
    [...lanes.values()].map((jobs) => recordLane(jobs, input, result)),
  );
  const broken = ends.find(({ status }) => status === 'rejected');
  if (broken?.status === 'rejected') throw broken.reason;
  return result;
}

async function recordLane(
  jobs: readonly RecordJob[],
  input: RecordInput,
  result: RecordResult,
): Promise<void> {
  const [first] = jobs;
  if (!first) return;
  const known: Recording[] = [];
  const target = input.open(first.target, () => {
    const next = known.shift();
    return next ? responseOf(next) : null;
  });
  for (const [index, job] of jobs.entries()) {
    if (input.signal.aborted || result.limit !== null) return;
    const turns = input.journal.begun.get(job.key)?.kept ?? [];
    known.splice(0, known.length, ...turns);
    try {
      const failure = await recordSession(job, target, turns, settingOf(job, input));
      if (failure === null) continue;
      const at = new URL(job.target.baseURL).host;
      const why = `${job.target.name} at ${at}: ${input.redaction.text(failure.outcome)}`;
      result.failures.set(why, (result.failures.get(why) ?? 0) + 1);
      if (!endsLane.has(failure.meaning)) continue;
      result.skipped += jobs.length - index - 1;
      return;
    } catch (error) {
      if (!(error instanceof LimitReached)) throw error;
      result.limit = error.message;
      return;
    }
  }
}

function settingOf({ key, target }: RecordJob, input: RecordInput): SessionSetting {
  const { budget, redaction, keepErrors, retries, date, sleep, journal } = input;
  return {
    budget,
    redaction,
    keepErrors,
    retries,
    date,
    sleep,
    isStopped: () => input.signal.aborted,
    price: input.price(target.name),
    sent: (turn) => journal.write({ e: 'sent', key, turn }),
    failed: (turn) => journal.write({ e: 'failed', key, turn }),
    kept: (turn, recording, last) => journal.write({ e: 'kept', key, turn, recording, last }),
    stepped: input.onStep,
  };
}

/** A turn that was recorded before it, for the SDK to read again. */
function responseOf(recording: Recording): Response {
  if (recording.kind !== 'recorded') return new Response(null, { status: 204 });
  const { status, headers } = recording.exchange;
  const unpacked = headers.filter(([name]) => !/^content-(?:encoding|length)$/i.test(name));
  return new Response(Buffer.from(bodyOf(recording)), { status, headers: unpacked });
}

/** What the journal has whole goes into the file; what it leaves is of no use, or is still open. */
export function foldJournal(
  file: string,
  samples: readonly Sample[],
  targets: readonly { name: string }[],
  there: readonly Recording[],
  journal: RecordJournal,
): Recording[] {
  const whole = [...journal.begun].filter(([, { isDone }]) => isDone);
  const answered = new Map(whole.map(([key, { kept }]) => [key, kept]));
  if (answered.size === 0) {
    journal.forget((_, { kept, isOpen }) => !isOpen && kept.length === 0);
    return [...there];
  }
  const merged = mergedRecordings(samples, targets, there, answered);
  writeWhole(file, merged.map((one) => `${JSON.stringify(one)}\n`).join(''));
  journal.forget((_, { kept, isOpen, isDone }) => isDone || (!isOpen && kept.length === 0));
  return merged;
}

/** Requests that were sent, and nobody knows what became of them: they may have been paid. */
export function openIn(journal: RecordJournal): string[] {
  return [...journal.begun].filter(([, { isOpen }]) => isOpen).map(([key]) => key);
}
