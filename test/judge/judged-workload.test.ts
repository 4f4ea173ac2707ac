import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadYamlWorkload } from '../../harness/workloads/yaml-workload.ts';
import { checkOf } from './judgings.ts';

const { id } = checkOf();
const verdict = { kind: 'authored', sample: 's', judge: 'openai/gpt-4o', rubric: id };
const good = { ...verdict, answer: 'Sorry!', choice: 'yes' };

/** A workload of one sample, as its files say. */
function load(head: string, checks = '{ judged: { rubric: It says sorry. } }', lines = [good]) {
  const dir = mkdtempSync(join(tmpdir(), 'firedrill-judged-'));
  const file = join(dir, 'w.yaml');
  writeFileSync(join(dir, 'a.jsonl'), '');
  writeFileSync(join(dir, 'v.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const sample = `samples:\n  - id: s\n    prompt: x\n    checks:\n      - ${checks}\n`;
  writeFileSync(file, `name: w\nprovenance: x\nrecordings: a.jsonl\n${head}${sample}`);
  return loadYamlWorkload(file);
}

const whole = 'judge: openai/gpt-4o\nverdicts: v.jsonl\n';

describe('a workload with a judge', () => {
  it('keeps judged checks apart from those that are decided at once', () => {
    const { samples, judge } = load(whole);
    expect(samples[0]).toMatchObject({ checks: [], judged: [{ id, weight: 1 }] });
    expect(judge?.model).toEqual({ target: 'openai/gpt-4o', wire: 'openai-chat', prompt: 'v1' });
    expect(judge?.verdicts).toHaveLength(1);
  });

  it('may name wire and prompt', () => {
    const judge = 'judge: { target: openai/gpt-4o, wire: openai-responses, prompt: v1 }\n';
    expect(load(`${judge}verdicts: v.jsonl\n`).judge?.model.wire).toBe('openai-responses');
  });

  it('leaves the verdicts of other judges aside', () => {
    const other = { ...good, judge: 'openai/gpt-4o-mini' };
    expect(load(whole, undefined, [other, good]).judge?.verdicts).toHaveLength(1);
  });

  it.each([
    ['', 'w.yaml:7: a check is judged by nobody: name a model, like judge: openai/gpt-4o'],
    ['judge: openai/gpt-4o\n', 'w.yaml:4: judge: has no verdicts: name their file under verdicts'],
    ['judge: anthropic/claude\nverdicts: v.jsonl\n', 'a judge is a model of OpenAI'],
    ['judge: openai/gpt-4o\nverdicts: no.jsonl\n', 'w.yaml:5: verdicts: there is no file'],
    ['judge: openai/o3\nverdicts: v.jsonl\n', 'verdicts: openai/o3 gave none by its prompt v1'],
  ])('is refused with %j', (head, message) => {
    expect(() => load(head)).toThrow(message);
  });

  it.each([
    ['{ judged: { rubric: "" } }', 'samples.0.checks.0.judged.rubric'],
    ['{ judged: { rubric: x, choices: { yes: 1 } } }', 'give the judge at least two choices'],
    ['{ judged: { rubric: x, choices: { yes: 2, no: 0 } } }', 'judged.choices.yes'],
    ['{ judged: { rubric: x, choices: { " yes": 1, no: 0 } } }', 'is no choice'],
    ['{ judged: { rubric: x }, contains: [y] }', 'contains'],
    ['{ jugded: { rubric: x } }', 'unknown check "jugded" (did you mean judged?)'],
    ['{ judged: is it nice? }', 'expected { rubric: a text }, found "is it nice?"'],
  ])('is refused with the check %s', (checks, message) => {
    expect(() => load(whole, checks)).toThrow(message);
  });

  it('is refused where there is nothing to judge', () => {
    const plain = '{ contains: [x] }';
    expect(() => load(whole, plain)).toThrow('w.yaml:4: judge: no sample has a judged check');
  });

  it.each([
    [{ rubric: '0123456789abcdef' }, `v.jsonl:1: rubric: 0123456789abcdef is no rubric of "s"`],
    [{ sample: 't' }, 'v.jsonl:1: sample: "t" is no sample of the workload'],
    [{ text: 'Well.' }, 'give the choice, or the text that was said instead'],
    [{ kind: 'guessed' }, 'v.jsonl:1: kind'],
  ])('is refused with a verdict that has %j', (over, message) => {
    expect(() => load(whole, undefined, [{ ...good, ...over }])).toThrow(message);
  });
});
