// The small workloads that scenarios of the corpus ask.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { grade } from '../../harness/checks/grade.ts';
import { createAnswerBook } from '../../harness/upstream/answer-book.ts';
import { loadYamlWorkload } from '../../harness/workloads/yaml-workload.ts';

const fixture = (path: string): string =>
  fileURLToPath(new URL(`../../fixtures/${path}`, import.meta.url));
const load = (name: string) => loadYamlWorkload(fixture(`workloads/${name}.yaml`));
const linesOf = (name: string): string[] =>
  readFileSync(fixture(`recordings/${name}.jsonl`), 'utf8')
    .trim()
    .split('\n');

describe('support-forms', () => {
  it('asks questions of support-desk as they are there, each with a schema', () => {
    const desk = new Map(load('support-desk').samples.map((sample) => [sample.id, sample]));
    const { samples } = load('support-forms');
    expect(samples).toHaveLength(2);
    for (const sample of samples) {
      const { prompt, system, schema } = desk.get(sample.id) ?? {};
      expect(sample).toMatchObject({ prompt, system, schema });
      expect(schema).toBeTypeOf('object');
    }
  });

  it('has the answers of support-desk, word for word', () => {
    const desk = linesOf('support-desk');
    expect(linesOf('support-forms').filter((line) => !desk.includes(line))).toEqual([]);
  });
});

describe('support-search', () => {
  it('has an answer of both targets to each question, authored and right', () => {
    const workload = load('support-search');
    const book = createAnswerBook(workload);
    expect(workload.recordings.every(({ kind }) => kind === 'authored')).toBe(true);
    for (const { id, checks, prompt } of workload.samples) {
      expect(prompt.split('{{ticket}}')).toHaveLength(2);
      for (const target of ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest']) {
        const text = book.find(id, target, 0, 1)?.answer.text ?? '';
        expect(grade(checks, text).score, `${target}, ${id}`).toBe(1);
      }
    }
  });
});
