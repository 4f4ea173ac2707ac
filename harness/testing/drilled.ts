// What a drill in a test has seen: its figures, and its calls as timelines.
import { callTimeline } from '../formats/timeline-text.ts';
import type { CallRecord } from '../outcome/call-record.ts';
import { callsIn } from '../outcome/calls-in.ts';
import type { ScenarioRow } from '../report.ts';
import { readHistory } from '../run/history-file.ts';
import type { RunFacts } from '../run/make-report.ts';

/** One call of a drill, and where it stands in it. */
export interface SeenCall {
  record: CallRecord;
  trial: number;
  /** The chain's first target. */
  primary: string;
}

export class Drilled {
  /** All figures, rules and verdicts, as report.json has them. */
  readonly report: ScenarioRow;
  /** What the chain printed. */
  readonly printed: string;
  readonly #historyFile: string;
  readonly #replay: RunFacts['replay'];

  constructor(
    report: ScenarioRow,
    historyFile: string,
    printed: string,
    replay: RunFacts['replay'],
  ) {
    this.report = report;
    this.printed = printed;
    this.#historyFile = historyFile;
    this.#replay = replay;
  }

  /** A call, by its number, as `firedrill replay` shows it. Throws where there is none. */
  timeline(call: number, trial = 1): string {
    const found = this.first((seen) => seen.record.call.call === call && seen.trial === trial);
    if (found) return this.timelineOf(found);
    throw new RangeError(`trial ${trial} of ${this.report.scenario} has no call ${call}`);
  }

  /** @internal The first call of which `is` is true. */
  first(is: (seen: SeenCall) => boolean): SeenCall | null {
    for (const seen of this.#calls()) if (is(seen)) return seen;
    return null;
  }

  /** @internal The call with the greatest value; null where none has one. */
  most(valueIn: (seen: SeenCall) => number | null): SeenCall | null {
    let most = Number.NEGATIVE_INFINITY;
    let found: SeenCall | null = null;
    for (const seen of this.#calls()) {
      const value = valueIn(seen);
      if (value === null || value <= most) continue;
      most = value;
      found = seen;
    }
    return found;
  }

  /** @internal */
  timelineOf({ record, trial }: SeenCall): string {
    const { scenario, chain } = this.report;
    return callTimeline(record, { scenario, chain, trial, twin: null });
  }

  /** @internal The command that shows it. */
  replayOf({ record, trial }: SeenCall): string {
    return this.#replay(this.report.scenario, trial, record.call.call);
  }

  /** Without canaries, and without the twins that rules compare. */
  *#calls(): Generator<SeenCall> {
    for (const { trial: of, record } of callsIn(readHistory(this.#historyFile))) {
      const { trial, primary, twin } = of;
      if (twin === null && !record.call.canary) yield { record, trial, primary };
    }
  }
}
