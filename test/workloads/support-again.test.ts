import { describe, expect, it } from 'vitest';
import { cosine } from '../../harness/chains/embedder.ts';
import { grade } from '../../harness/checks/grade.ts';
import { makePlan } from '../../harness/run/plan.ts';
import { vectorOf } from '../../harness/wires/vectors.ts';
import { loadYamlWorkload } from '../../harness/workloads/yaml-workload.ts';
import { folderWith } from '../cli.ts';
import { root } from '../drills.ts';

const { samples, recordings } = loadYamlWorkload(`${root}/fixtures/workloads/support-again.yaml`);
const firsts = samples.filter(({ follows }) => follows === undefined);
const followers = samples.filter(({ follows }) => follows !== undefined);

const answersTo = (id: string): string[] =>
  recordings.flatMap((one) => (one.sample === id && 'text' in one && one.text ? [one.text] : []));

describe('the workload support-again', () => {
  it('has three wordings and a near miss behind each question', () => {
    expect(followers).toHaveLength(4 * firsts.length);
    expect(followers.filter(({ id }) => id.endsWith('-near'))).toHaveLength(firsts.length);
  });

  it.each(samples.map((sample) => [sample.id, sample] as const))(
    '%s is answered well by three targets',
    (id, { checks }) => {
      const answers = answersTo(id);
      expect(answers).toHaveLength(3);
      for (const answer of answers) expect(grade(checks, answer).score).toBe(1);
    },
  );

  it.each(followers.map((sample) => [sample.id, sample] as const))(
    '%s tells right answers of a cache from wrong ones',
    (id, { checks, follows = '' }) => {
      const scores = answersTo(follows).map((answer) => grade(checks, answer).score);
      expect(new Set(scores)).toEqual(new Set([id.endsWith('-near') ? 0 : 1]));
    },
  );

  it('has near misses that are as near as other wordings are: likeness cannot tell them', () => {
    const vector = (id: string): Float32Array => {
      const { prompt = '' } = samples.find((sample) => sample.id === id) ?? {};
      return vectorOf('text-embedding-3-small', prompt, 1536);
    };
    const nearness = (suffix: string): number[] =>
      firsts.map(({ id }) => cosine(vector(id), vector(id + suffix))).sort((a, b) => a - b);
    const middle = (all: number[]): number => all[Math.floor(all.length / 2)] ?? 0;
    expect(middle(nearness('-near'))).toBeGreaterThan(0.8);
    expect(middle(nearness('-again'))).toBeGreaterThan(0.8);
    expect(middle(nearness('-in-other-words'))).toBeLessThan(0.5);
  });
});

describe('samples that follow another', () => {
  const load = (follows: string) => () =>
    loadYamlWorkload(
      `${folderWith({
        'r.jsonl': '{"kind":"authored","sample":"a","target":"openai/gpt-4o","text":"x"}\n',
        'w.yaml':
          'name: w\nprovenance: authored\nrecordings: r.jsonl\nsamples:\n' +
          `  - { id: a, prompt: p }\n  - { id: b, prompt: q, follows: a }\n` +
          `  - { id: c, prompt: q, follows: ${follows} }\n`,
      })}/w.yaml`,
    );

  it('must follow one that is there and follows none itself', () => {
    expect(load('a')).not.toThrow();
    expect(load('z')).toThrow(/w\.yaml:7: follows: "z" is no sample here/);
    expect(load('b')).toThrow(/w\.yaml:7: follows: "b" follows another one itself/);
  });

  it('are asked for in vain where a workload has none', () => {
    const dir = folderWith({
      'chain.mjs': 'export default () => async () => "x";\n',
      's.yaml':
        'name: s\ndescription: d\nworkload: support-desk\narrival: { rate: 1/s, for: 1m }\n' +
        'repeat: { share: 50%, follow: 50% }\n',
    });
    const input = { chainFile: `${dir}/chain.mjs`, scenarioFiles: [`${dir}/s.yaml`] };
    expect(() => makePlan({ ...input, targetsFiles: [], seed: 1, trials: 1, cwd: dir })).toThrow(
      /s\.yaml:5: no sample of support-desk follows another one: leave it out/,
    );
  });
});
