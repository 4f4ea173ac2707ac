// What each fallback loses against the primary, on answers made by hand.
import { describe, expect, it } from 'vitest';
import type { Driven } from '../../harness/portability/drive.ts';
import { matrixOf, straysOf } from '../../harness/portability/matrix.ts';
import type { SampleRow } from '../../harness/portability/portability-report.ts';
import type { Got } from '../../harness/portability/read-trial.ts';
import { plainSample } from '../../harness/workloads/workload.ts';

const targets = ['a/primary', 'b/other'] as const;

type Scores = Pick<Got, 'score' | 'healthy'> & { status?: Got['status'] };

/** By sample, what came from the primary, and what from the other. */
function matrix(scores: [primary: Scores, other: Scores][]): SampleRow[] {
  const samples = scores.map((_, index) => ({ ...plainSample, id: `s${index}` }));
  const driven = targets.map((target): Driven => ({ target, standing: 'asked', files: null }));
  const answers = targets.map((target, at) => {
    const own = scores.map((pair, index): [string, Got] => [`s${index}`, gotOf(index, pair[at])]);
    return [target, new Map(own)] as const;
  });
  const workload = { name: 'w', provenance: 'p', samples, recordings: [] };
  return matrixOf(workload, driven, new Map(answers));
}

function gotOf(index: number, scores: Scores | undefined): Got {
  const none = { why: null, wellFormed: true, judged: [], objections: new Map(), attempts: [] };
  const unscored = { score: null, healthy: null };
  return { sample: `s${index}`, status: 'answered', text: 'x', ...none, ...unscored, ...scores };
}

const drops = (rows: SampleRow[]): unknown[] => rows.map(({ cells }) => cells[1]?.drop);

describe('what a fallback loses', () => {
  it('is told from the same draw of the recordings', () => {
    const rows = matrix([
      [
        { score: 1, healthy: 1 },
        { score: 0.5, healthy: 0.5 },
      ],
      [
        { score: 1, healthy: 1 },
        { score: 0.5, healthy: 1 },
      ],
    ]);
    expect(drops(rows)).toEqual([0, 0.5]);
    expect(rows[0]?.cells[0]?.drop).toBeNull();
  });

  it('is told from what the chain delivers, where that is not what the primary sends', () => {
    // JSON in prose: the recording is worth nothing, what the chain takes out of it is.
    const same = matrix([
      [
        { score: 1, healthy: 0 },
        { score: 1, healthy: 0 },
      ],
      [
        { score: 1, healthy: 0 },
        { score: 0, healthy: 0 },
      ],
    ]);
    expect(drops(same)).toEqual([0, 1]);
    expect(straysOf(same, 0.6)).toMatchObject([{ sample: 's1', primary: 1, score: 0 }]);
    // Another draw: what the chain would make of it, nobody knows.
    const other = matrix([
      [
        { score: 1, healthy: 0 },
        { score: 1, healthy: 1 },
      ],
      [
        { score: 1, healthy: 1 },
        { score: 1, healthy: 0 },
      ],
    ]);
    expect(drops(other)).toEqual([0, 0]);
  });

  it('is told from nothing but what came, where the primary does not answer', () => {
    const rows = matrix([
      [
        { score: 0, healthy: 1, status: 'failed' },
        { score: 1, healthy: 1 },
      ],
      [
        { score: 1, healthy: 1 },
        { score: 0.5, healthy: 0 },
      ],
    ]);
    // That it failed once is no rework of what it sends at other times.
    expect(drops(rows)).toEqual([-1, -0.5]);
  });

  it('is nothing that can be told where a side has no score', () => {
    const rows = matrix([
      [
        { score: null, healthy: null },
        { score: 1, healthy: null },
      ],
      [
        { score: 1, healthy: 1 },
        { score: null, healthy: 1 },
      ],
    ]);
    expect(drops(rows)).toEqual([null, null]);
  });
});
