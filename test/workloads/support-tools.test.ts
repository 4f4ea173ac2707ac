// What the shipped sessions with tools promise: whole for every target, and alike in their steps.
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { grade } from '../../harness/checks/grade.ts';
import type { KnownAnswer } from '../../harness/upstream/answer-book.ts';
import { createAnswerBook } from '../../harness/upstream/answer-book.ts';
import { loadYamlWorkload } from '../../harness/workloads/yaml-workload.ts';

const file = new URL('../../fixtures/workloads/support-tools.yaml', import.meta.url);
const workload = loadYamlWorkload(fileURLToPath(file));
const book = createAnswerBook(workload);
const targets = ['openai/gpt-4o', 'openai/gpt-4o-mini', 'anthropic/claude-3-5-sonnet-latest'];

function session(sample: string, target: string): KnownAnswer[] {
  const answers: KnownAnswer[] = [];
  for (let turn = 1; ; ) {
    const known = book.find(sample, target, 0, turn);
    if (!known) throw new Error(`${target} has no turn ${turn} of ${sample}`);
    answers.push(known);
    const calls = known.answer.toolCalls.length;
    if (calls === 0) return answers;
    turn += calls;
  }
}

const steps = (sample: string, target: string): unknown[] =>
  session(sample, target).map(({ answer }) =>
    answer.toolCalls.map(({ name, arguments: given }) => [name, JSON.parse(given)]),
  );

const final = (sample: string, target: string): string =>
  session(sample, target).at(-1)?.answer.text ?? '';

describe('the sessions of support-tools', () => {
  it('are authored, eight to twelve, with one slot for a number of the call', () => {
    expect(workload.recordings.every(({ kind }) => kind === 'authored')).toBe(true);
    expect(workload.samples.length).toBeGreaterThanOrEqual(8);
    expect(workload.samples.length).toBeLessThanOrEqual(12);
    for (const { prompt } of workload.samples) expect(prompt.split('{{ticket}}')).toHaveLength(2);
  });

  it('call the same tools with the same arguments whoever answers, so that any turn may change hands', () => {
    for (const { id } of workload.samples) {
      for (const target of targets)
        expect(steps(id, target), id).toEqual(steps(id, 'openai/gpt-4o'));
    }
  });

  it('call nothing that a tool cannot take', () => {
    for (const { id, tools = [] } of workload.samples) {
      for (const [name, given] of steps(id, 'openai/gpt-4o').flat() as [string, object][]) {
        const { required } = tools.find((tool) => tool.name === name)?.parameters ?? {};
        for (const key of required as string[]) expect(given, `${id} ${name}`).toHaveProperty(key);
      }
    }
  });

  it('have one to four turns, some with two calls at once, and some with words beside a call', () => {
    const all = workload.samples.flatMap(({ id }) => targets.map((target) => session(id, target)));
    expect([...new Set(all.map((turns) => turns.length))].sort()).toEqual([1, 2, 3, 4]);
    expect(all.flat().some(({ answer }) => answer.toolCalls.length === 2)).toBe(true);
    const beside = all
      .flat()
      .filter(({ answer }) => answer.toolCalls.length > 0 && answer.text !== '');
    expect(beside.length).toBeGreaterThan(5);
  });

  it('end in answers that differ by target, and that some target has in full', () => {
    for (const { id, checks } of workload.samples) {
      const texts = targets.map((target) => final(id, target));
      expect(new Set(texts).size, id).toBe(targets.length);
      expect(Math.max(...texts.map((text) => grade(checks, text).score)), id).toBe(1);
    }
  });

  it('show a quality drop on the small model only', () => {
    const mean = (target: string): number =>
      workload.samples.reduce(
        (sum, { id, checks }) => sum + grade(checks, final(id, target)).score,
        0,
      ) / workload.samples.length;
    expect(mean('openai/gpt-4o')).toBe(1);
    expect(mean('anthropic/claude-3-5-sonnet-latest')).toBe(1);
    expect(mean('openai/gpt-4o-mini')).toBeCloseTo(0.8);
  });
});
