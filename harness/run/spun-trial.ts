// The end of a trial whose worker was ended because its chain span: what it had written is closed,
// every call that was open is hung, and so are those that would still have come.
import { renameSync, rmSync } from 'node:fs';
import { HarnessError } from '../errors.ts';
import type { HistoryEvent, JudgedEvent, TrialEvent } from '../history.ts';
import { byVerdicts } from '../judge/grader.ts';
import { findWorkload } from '../project.ts';
import { mix } from '../rng.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { lostCalls } from '../trial/lost-calls.ts';
import { trialSeed } from '../trial/trial-event.ts';
import { createAnswerBook } from '../upstream/answer-book.ts';
import type { OpenCall } from '../upstream/answers.ts';
import { lastTurn } from '../upstream/session-turn.ts';
import type { HistoryWriter } from './history-file.ts';
import { linesOf, writeHistory } from './history-file.ts';

/** Where a chain span: the call that was last heard of, and when. */
export interface SpinPlace {
  call: number;
  atMs: number;
}

/** Where the trial came from. */
interface Origin {
  scenario: Scenario;
  /** Where workloads are looked up. */
  cwd: string;
}

/**
 * Makes a whole history out of `file`'s partial one; `nowMs` is when the chain was last seen to
 * live. Throws HarnessError where it span before it was asked anything.
 */
export function finishSpun(file: string, nowMs: number, origin: Origin): SpinPlace {
  const torn = `${file}.torn`;
  renameSync(`${file}.partial`, torn);
  const writer = writeHistory(file);
  try {
    const left = copied(torn, writer);
    if (!left.trial || left.calls === 0) {
      throw new HarnessError('the chain never gives back control while it starts');
    }
    const atMs = Math.max(left.nowMs, nowMs);
    const { calls, endMs } = lose(left, left.trial, atMs, origin, writer);
    for (const call of left.open) writer.record({ e: 'hung', t: endMs, call, how: 'spinning' });
    writer.record({ e: 'close', t: endMs, calls, attempts: left.attempts });
    writer.close();
    return { call: left.last, atMs };
  } catch (error) {
    writer.discard();
    throw error;
  } finally {
    rmSync(torn, { force: true });
  }
}

interface Left {
  trial: TrialEvent | null;
  open: Set<number>;
  /** Ids of the texts that are written. */
  texts: Set<string>;
  /** What the judge says of texts. */
  judged: JudgedEvent[];
  /** Canaries among them. */
  calls: number;
  canaries: number;
  attempts: number;
  nowMs: number;
  /** The call of the last event that has one. */
  last: number;
}

function copied(torn: string, writer: HistoryWriter): Left {
  const open = new Set<number>();
  const texts = new Set<string>();
  const none = { calls: 0, canaries: 0, attempts: 0 };
  const left: Left = { trial: null, open, texts, judged: [], ...none, nowMs: 0, last: 0 };
  for (const line of linesOf(torn)) {
    const event = whole(line);
    if (!event) break;
    if ('t' in event) left.nowMs = event.t;
    if ('call' in event && event.call !== null) left.last = event.call;
    if (event.e === 'trial') left.trial = event;
    else if (event.e === 'text') texts.add(event.id);
    else if (event.e === 'judged') left.judged.push(event);
    else if (event.e === 'attempt') left.attempts++;
    else if (event.e === 'answer') open.delete(event.call);
    else if (event.e === 'call') {
      left.calls++;
      if (event.canary) left.canaries++;
      open.add(event.call);
    }
    writer.record(event);
  }
  return left;
}

/**
 * The calls that would still have come; how many there are then, and when the last of them came.
 */
function lose(
  { calls, canaries, open, texts, judged }: Left,
  trial: TrialEvent,
  atMs: number,
  { scenario, cwd }: Origin,
  writer: HistoryWriter,
): { calls: number; endMs: number } {
  const book = createAnswerBook(findWorkload(scenario.workload, cwd), byVerdicts(judged));
  const seed = trialSeed(trial.seed, trial.scenario, trial.trial);
  // The same draw as the upstream of the trial makes.
  const drawSeed = mix(seed, 'draw');
  const announce = ({ call, sample }: OpenCall): string | null => {
    const found = lastTurn(book, sample, trial.primary, mix(drawSeed, sample, call));
    if (!found || found.failure) return null;
    if (!texts.has(found.event.id)) writer.record(found.event);
    texts.add(found.event.id);
    return found.event.id;
  };
  const end = { calls, endMs: atMs };
  const of = { scenario, samples: book.samples, seed };
  const made = { calls: calls - canaries, canaries };
  for (const event of lostCalls(of, made, announce)) {
    end.calls++;
    end.endMs = Math.max(end.endMs, event.due);
    open.add(event.call);
    writer.record({ ...event, t: end.endMs });
  }
  return end;
}

/** The last line of a torn file may be cut anywhere. */
function whole(line: string): HistoryEvent | null {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
