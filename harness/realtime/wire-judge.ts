// What crossed the wire, as a fold over the history of one trial or several: counts, the first
// questions as they went, and the rules that the wire alone can show. What callers got is nobody's
// to see here: rules about that are not judged.
import type { HistoryEvent } from '../history.ts';
import type { CallRecord } from '../outcome/call-record.ts';
import type { Join } from '../outcome/join.ts';
import { createJoin } from '../outcome/join.ts';
import type { InvariantReport, InvariantTallies, JudgeState } from '../scoring/judge-invariants.ts';
import { judgeInvariants, mergeInvariants, reportInvariants } from '../scoring/judge-invariants.ts';
import { viewOf } from '../trial/setting.ts';

/** Rules that the wire alone can show. */
const wireRules = ['I05', 'I09', 'I10', 'I11', 'I12', 'I17', 'I18'];

/** Further ones are in the history. */
const mostShown = 20;

export interface WireSeen {
  questions: number;
  requests: number;
  /** Requests without a question, that name no call either. */
  unattributed: number;
  /** The first questions, in order. */
  shown: CallRecord[];
  rules: [id: string, report: InvariantReport][];
}

interface Trial {
  state: JudgeState;
  join: Join;
  /** Questions that have not been let go. */
  open: Set<number>;
}

export class WireJudge {
  readonly #shown: CallRecord[] = [];
  #trial: Trial | null = null;
  #tallies: InvariantTallies | null = null;
  #questions = 0;
  #requests = 0;
  #unattributed = 0;
  #t = 0;

  event(event: HistoryEvent): void {
    if (event.e === 'trial') this.#begin(event);
    if (!this.#trial) return;
    if ('t' in event) this.#t = event.t;
    const { state, join, open } = this.#trial;
    if (event.e === 'call') {
      open.add(event.call);
      this.#questions++;
    } else if (event.e === 'answer') {
      open.delete(event.call);
    } else if (event.e === 'attempt') {
      this.#requests++;
      if (event.call === null) this.#unattributed++;
    }
    judgeInvariants.event?.(state, event);
    join.event(event);
  }

  /** Judges what is open as if it were over now. Once, after the last event. */
  end(): WireSeen {
    this.#finish();
    const reports = reportInvariants(this.#tallies ?? {});
    return {
      questions: this.#questions,
      requests: this.#requests,
      unattributed: this.#unattributed,
      shown: this.#shown,
      rules: wireRules.flatMap((id): [string, InvariantReport][] => {
        const report = reports[id];
        return report ? [[id, report]] : [];
      }),
    };
  }

  #begin(event: HistoryEvent & { e: 'trial' }): void {
    this.#finish();
    const view = viewOf(event);
    const state = judgeInvariants.start(view);
    const before = this.#shown.length;
    const join = createJoin(view, (record) => {
      judgeInvariants.call?.(state, record);
      if (record.call.call <= mostShown - before) this.#show(record, before);
    });
    this.#trial = { state, join, open: new Set() };
  }

  /** Questions end in another order than they began. `before`: those of earlier trials. */
  #show(record: CallRecord, before: number): void {
    const own = this.#shown.slice(before);
    const earlier = own.filter(({ call }) => call.call < record.call.call).length;
    this.#shown.splice(before + earlier, 0, record);
  }

  #finish(): void {
    if (!this.#trial) return;
    const { state, join, open } = this.#trial;
    const none = { first: null, chars: 0, score: null };
    for (const call of open)
      join.event({ e: 'answer', t: this.#t, call, kind: 'aborted', ...none });
    join.end();
    const own = judgeInvariants.end(state);
    this.#tallies = this.#tallies ? mergeInvariants(this.#tallies, own) : own;
    this.#trial = null;
  }
}
