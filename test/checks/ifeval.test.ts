// Our checks beside outsiders' grades: every graded answer of IFEval, instruction by instruction.
import { expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { parseChecks } from '../../harness/checks/grade.ts';
import { loadIfeval } from '../../harness/workloads/ifeval.ts';
import { ifevalCheck } from '../../harness/workloads/ifeval-checks.ts';
import { ifevalAgreement, reasonFor } from '../../tools/ifeval-agreement.ts';
import { describeData } from '../data.ts';

describeData('the instructions of IFEval', (data) => {
  it('are judged as the published grades judge them, and each way of differing is explained', () => {
    const { prompts, models, rows, inside, outside } = ifevalAgreement(data);
    expect([prompts, models, rows.length]).toEqual([361, 4, 25]);
    expect(outside.share).toBeGreaterThanOrEqual(0.97);
    expect(inside.share).toBeGreaterThanOrEqual(0.9);
    const unexplained = rows.flatMap(({ differences }) =>
      differences.filter((one) => reasonFor(one) === null),
    );
    expect(unexplained).toEqual([]);
  });

  it('are one check each, and answers keep the published scores', () => {
    const { samples, recordings } = loadIfeval(`${data}/ifeval`);
    expect(samples).toHaveLength(541);
    expect(samples.every(({ checks }) => checks.length >= 1)).toBe(true);
    const scored = recordings.filter(({ score }) => typeof score === 'number');
    expect(scored).toHaveLength(4 * 361);
    expect(recordings.every(({ score }) => score !== undefined)).toBe(true);
  });
});

it.each([
  ['en:punctuation:no_comma', {}],
  ['en:detectable_format:number_bullet_lists', { num_bullets: 3 }],
  ['en:change_case:english_capital', {}],
  ['en:length_constraints:number_words', { relation: 'less than', num_words: 50 }],
])('%s is data that a workload can hold', (id, given) => {
  const raw = ifevalCheck(id, given);
  expect(parseChecks([parse(stringify(raw))])).toHaveLength(1);
});

it('an instruction that IFEval does not have is no check', () => {
  expect(() => ifevalCheck('en:keywords:rhymes', {})).toThrow(/rhymes/);
});
