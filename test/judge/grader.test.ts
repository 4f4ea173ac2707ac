import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseChecks } from '../../harness/checks/grade.ts';
import type { JudgedEvent } from '../../harness/history.ts';
import { byChecks, byVerdicts } from '../../harness/judge/grader.ts';
import { judgedCheck, textHash } from '../../harness/judge/judged-check.ts';
import { createAnswerBook } from '../../harness/upstream/answer-book.ts';
import { checkOf, sampleOf } from './judgings.ts';

const check = checkOf();

const judged = (text: string, score: number | null, rubric = check.id): JudgedEvent => ({
  e: 'judged',
  sample: 's',
  rubric,
  hash: textHash(text),
  kind: 'authored',
  score,
});

const recording = { kind: 'authored', sample: 's', text: 'Sorry!', finish: 'stop' } as const;

describe('a judged sample', () => {
  it('scores what the judge says, white space at the ends aside', () => {
    const grade = byVerdicts([judged('Sorry!', 1), judged('No.', 0)]);
    expect(grade(sampleOf(check), 'Sorry!\n')).toEqual({ score: 1 });
    expect(grade(sampleOf(check), 'No.')).toEqual({ score: 0 });
  });

  it('weighs the judge beside its plain checks', () => {
    const heavy = judgedCheck.parse({ judged: { rubric: 'x' }, weight: 3 });
    const sample = sampleOf(heavy, { checks: parseChecks([{ contains: ['refund'] }]) });
    expect(byVerdicts([judged('Sorry!', 0.5, heavy.id)])(sample, 'Sorry!')).toEqual({
      score: 0.375,
    });
  });

  it('scores nothing with 0 whatever was said of it: an empty answer needs no judge', () => {
    expect(byVerdicts([judged('', 1)])(sampleOf(check), ' \n')).toEqual({ score: 0 });
  });

  it('is not scored where one of its judged checks has no verdict, however the rest did', () => {
    const other = checkOf({ rubric: 'other' });
    const sample = sampleOf(check, { judged: [check, other] });
    const grade = byVerdicts([judged('Sorry!', 1)]);
    expect(grade(sample, 'Sorry!')).toEqual({ score: null, unjudged: 'no-verdict' });
  });

  it('never scores what nobody judged, or what the judge failed on', () => {
    const text = fc.string({ minLength: 1 }).filter((one) => one.trim() !== '');
    fc.assert(
      fc.property(text, text, (known, other) => {
        fc.pre(known.trim() !== other.trim());
        const grade = byVerdicts([judged(known, null)]);
        expect(grade(sampleOf(check), known)).toEqual({ score: null, unjudged: 'judge-failed' });
        expect(grade(sampleOf(check), other)).toEqual({ score: null, unjudged: 'no-verdict' });
        expect(byChecks(sampleOf(check), known).score).toBeNull();
      }),
    );
  });

  it('leaves an answer with the score that somebody gave it', () => {
    const book = createAnswerBook(
      {
        name: 'w',
        provenance: 'test',
        samples: [sampleOf(check)],
        recordings: [
          { ...recording, target: 'openai/gpt-4o', score: 0.7 },
          { ...recording, target: 'openai/gpt-4o-mini' },
        ],
      },
      byVerdicts([judged('Sorry!', 1)]),
    );
    expect(book.find('s', 'openai/gpt-4o', 0)?.event.score).toBe(0.7);
    expect(book.find('s', 'openai/gpt-4o-mini', 0)?.event.score).toBe(1);
  });

  it('knows a verdict by its rubric: other words, or other worth of a choice, are another', () => {
    const ids = [
      checkOf(),
      checkOf({ rubric: 'It says sorry twice.' }),
      checkOf({ rubric: 'It says sorry.', choices: { yes: 1, no: 0.5 } }),
    ].map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
    const reordered = checkOf({ rubric: 'It says sorry.', choices: { no: 0, yes: 1 } });
    expect(reordered.id).toBe(ids[0]);
  });
});
