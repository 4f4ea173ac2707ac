// What the scenarios of Failover Bench and of the failure corpus rest on: positions like
// `40 tokens` lie where the scenarios think they do, whoever answers.
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { grade } from '../../harness/checks/grade.ts';
import { createAnswerBook } from '../../harness/upstream/answer-book.ts';
import { tokensOf } from '../../harness/upstream/tokens.ts';
import { loadYamlWorkload } from '../../harness/workloads/yaml-workload.ts';

const file = new URL('../../fixtures/workloads/failover-bench.yaml', import.meta.url);
const workload = loadYamlWorkload(fileURLToPath(file));
const book = createAnswerBook(workload);
const targets = [
  'openai/gpt-4o',
  'anthropic/claude-3-5-sonnet-latest',
  'google/gemini-2.0-flash',
  'openai/gpt-4o-mini',
] as const;

describe.each(targets)('the answers of %s in failover-bench', (target) => {
  it.each(workload.samples.map((sample) => [sample.id, sample] as const))(
    'to %s are authored, right and sixty tokens long',
    (id, { checks }) => {
      const { answer, event } = book.find(id, target, 0) ?? {};
      expect(event?.kind).toBe('authored');
      expect(tokensOf(answer?.text ?? '')).toBe(60);
      expect(grade(checks, answer?.text ?? '').score).toBe(1);
    },
  );
});
