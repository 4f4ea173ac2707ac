// Who judged the answers by a rubric, and what it left unjudged: a judge that fails takes answers
// out of the quality figures, and whoever reads these has to see how many.
import type { Unjudged } from '../history.ts';
import { presentedAsSuccess } from '../outcome/outcome-kinds.ts';
import { withReasons } from '../scoring/figures.ts';
import type { JudgeSetting } from '../setting.ts';
import type { Scorer } from './scorer.ts';

interface Tally {
  /** Null where the workload has no judge. */
  of: JudgeSetting | null;
  /** Texts by what identifies them, once each however many trials have them. */
  judged: string[];
  failed: string[];
  /** Answers presented as success that the quality figures are without. */
  unscored: Record<Unjudged, number>;
}

interface State extends Omit<Tally, 'judged' | 'failed'> {
  judged: Set<string>;
  failed: Set<string>;
}

export const judge: Scorer<State, Tally> = {
  name: 'judge',
  start: ({ trial }) => ({
    of: trial.setting.judge ?? null,
    judged: new Set(),
    failed: new Set(),
    unscored: { 'no-verdict': 0, 'judge-failed': 0 },
  }),
  event(state, event) {
    if (event.e !== 'judged') return;
    const list = event.score === null ? state.failed : state.judged;
    list.add(`${event.sample}~${event.rubric}~${event.hash}`);
  },
  call({ unscored }, { outcome, answer, healthy }) {
    if (!answer || !presentedAsSuccess.has(outcome)) return;
    const why = answer.unjudged ?? healthy?.unjudged;
    if (why) unscored[why]++;
  },
  end: ({ of, judged, failed, unscored }) => ({
    of,
    judged: [...judged],
    failed: [...failed],
    unscored,
  }),
  merge: (a, b) => ({
    of: a.of ?? b.of,
    judged: [...new Set([...a.judged, ...b.judged])],
    failed: [...new Set([...a.failed, ...b.failed])],
    unscored: {
      'no-verdict': a.unscored['no-verdict'] + b.unscored['no-verdict'],
      'judge-failed': a.unscored['judge-failed'] + b.unscored['judge-failed'],
    },
  }),
  /** Nothing where nobody judges. */
  figures({ of, judged, failed, unscored }) {
    if (!of) return withReasons({});
    return withReasons({
      judge: {
        ...of,
        judged: judged.length,
        failed: failed.length,
        unscored: {
          judge_failed: unscored['judge-failed'],
          no_verdict: unscored['no-verdict'],
        },
      },
    });
  },
};
