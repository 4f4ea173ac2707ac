// `firedrill compare` from its words to its files.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it, vi } from 'vitest';
import type { CompareReport } from '../../harness/compare/compare-report.ts';
import { jsonSchemas } from '../../harness/json-schemas.ts';
import { firedrill, folderWith, mistake } from '../cli.ts';
import { fixtureChain } from '../drills.ts';

// Each starts workers many times over.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const scenario = (name: string, faults: string) => `
name: ${name}
description: the test ${name}
workload: support-desk
arrival: { rate: 2/s, for: 60s }
deadline: 10s
floor: 0.6
faults: ${faults}
`;
const files = {
  'chain.yaml': `targets: [openai/gpt-4o, anthropic/claude-3-5-sonnet-latest]
retry: { max: 0 }
`,
  'other.yaml': 'targets: [openai/gpt-4o]\nretry: { max: 0 }\n',
  'down.yaml': scenario('down', '[{ inject: server-error, on: { provider: openai } }]'),
  'fine.yaml': scenario('fine', '[]'),
  'weights.yaml': 'source: a guess\nweights: { down: 3, fine: 1 }\n',
};
const words = ['compare', 'down.yaml', 'fine.yaml', '--chain', 'chain.yaml'];
const read = (dir: string, name: string): string => readFileSync(join(dir, name), 'utf8');

describe('compare', () => {
  it('ranks, marks, recommends, and every claim can be drilled again', async () => {
    const dir = folderWith(files);
    const chains = ['--chain', 'other.yaml', '--weights', 'weights.yaml', '--out', 'out'];
    const said = await firedrill([...words, ...chains], dir);
    expect(said).toMatchObject({ code: 0, err: '' });
    const report: CompareReport = JSON.parse(read(dir, 'out/compare.json'));
    const check = new Ajv2020({ strict: false });
    expect(check.validate(jsonSchemas().compare ?? false, report), check.errorsText()).toBe(true);
    const [first, second] = report.candidates;
    expect(first).toMatchObject({ name: 'chain', rank: 1, current: true, verdict: 'current' });
    // Alone it answers only where nothing is wrong: a quarter of the weight.
    expect(second).toMatchObject({ name: 'other', rank: 2, verdict: 'worse', availability: 0.25 });
    expect(second?.worst).toMatchObject({ scenario: 'down', goodput: 0 });
    expect(report.recommendation.candidate).toBe('chain');
    expect(said.out).toContain('chain: no other is shown to be better: 1 is shown to be worse.');
    expect(said.out).toMatch(/2 +other .* worse: -6\d\.\d% \(-\d+\.\d% to -\d+\.\d%\)/);
    expect(read(dir, 'out/compare.csv').split('\n')).toHaveLength(1 + 2 * 3 + 1);
    expect(read(dir, 'out/compare.md')).toContain('**chain**: no other is shown to be better');
    const replay = second?.worst.replay.split(' ').slice(1) ?? [];
    const shown = await firedrill(replay, dir);
    expect(shown).toMatchObject({ code: 0, err: '' });
    expect(shown.out).toContain('answer: error');
  });

  it('gives the same ranking for the same seed, with one worker and with two', async () => {
    const dir = folderWith(files);
    const ranked = async (out: string, workers: string): Promise<CompareReport> => {
      const more = ['--permute', '--up-to', '2', '--workers', workers, '--json', '--out', out];
      const said = await firedrill([...words, ...more], dir);
      expect(said.err).toBe('');
      const { wall: _, ...report }: CompareReport = JSON.parse(said.out);
      return JSON.parse(JSON.stringify(report).replaceAll(out, 'out'));
    };
    const one = await ranked('out-1', '1');
    expect(await ranked('out-2', '2')).toEqual(one);
    expect(one.candidates.map(({ name }) => name).sort()).toEqual([
      'claude-3-5-sonnet-latest',
      'claude-3-5-sonnet-latest > gpt-4o',
      'gpt-4o',
      'gpt-4o > claude-3-5-sonnet-latest',
    ]);
    const chain = one.candidates.find(({ name }) => name === 'gpt-4o');
    expect(chain?.file).toBe('out/chains/003-gpt-4o.yaml');
    expect(read(dir, 'out-1/chains/003-gpt-4o.yaml')).toContain('- openai/gpt-4o\n');
  });

  it('takes own code beside chain files, and sees no difference where there is none', async () => {
    const dir = folderWith({ ...files, 'same.yaml': files['chain.yaml'] });
    const own = fixtureChain('openai-stream.ts');
    const chains = ['--chain', 'same.yaml', '--chain', own, '--out', 'out'];
    const said = await firedrill([...words, ...chains], dir);
    expect(said.code, said.err).toBe(0);
    const report: CompareReport = JSON.parse(read(dir, 'out/compare.json'));
    expect(report.candidates.find(({ name }) => name === 'same')).toMatchObject({
      verdict: 'no-difference-seen',
      difference: { goodput: 0, ci95: [0, 0] },
    });
    expect(report.candidates.map(({ name }) => name)).toContain('openai-stream');
  });
});

describe('what cannot be compared', () => {
  const one = { ...files, 'one.yaml': 'targets: [openai/gpt-4o]\n' };
  const asked = (...more: string[]) => mistake(one, [...words, ...more]);

  it('says what to write instead', async () => {
    expect(await asked()).toBe(
      'one chain is no comparison: give a second --chain, or --permute, or --vary',
    );
    expect(await asked('--up-to', '2')).toBe('--up-to goes with --permute: write both');
    expect(await asked('--permute', '--up-to', '3')).toBe(
      'chain.yaml: --up-to 3: there are 2 targets: write at most 2',
    );
    expect(await asked('--permute', '--vary', 'retry.max=1')).toContain('give one of them');
    expect(await asked('--permute', '--chain', 'other.yaml')).toBe(
      '--permute takes one --chain, found 2',
    );
    const permute = (file: string) =>
      mistake(one, ['compare', 'fine.yaml', '--chain', file, '--permute']);
    expect(await permute('one.yaml')).toBe(
      'one.yaml: --permute: there is one target, so that there is no other order',
    );
    expect(await permute(fixtureChain('openai-stream.ts'))).toMatch(
      /openai-stream\.ts: --permute takes a \.yaml chain file: nobody can change your own code/,
    );
    expect(await asked('--vary', 'retry.maks=1')).toMatch(
      /^chain\.yaml: --vary retry\.maks=1: .*maks/,
    );
    expect(await asked('--vary', 'retry.max=0')).toBe(
      'chain.yaml: --vary: every chain is the one that is there already',
    );
    expect(await asked('--vary', 'fine.yaml')).toContain('scenarios stand before --vary');
  });

  it('refuses weights of scenarios that there are not, or that are all 0', async () => {
    const weighed = (weights: string) =>
      mistake({ ...files, 'weights.yaml': `source: me\nweights: ${weights}\n` }, [
        ...words,
        ...['--chain', 'other.yaml', '--weights', 'weights.yaml'],
      ]);
    expect(await weighed('{ dawn: 1 }')).toMatch(
      /^weights\.yaml:2: unknown scenario "dawn" \(did you mean down\?\): write one of /,
    );
    expect(await weighed('{ down: 0, fine: 0 }')).toContain('the weight 0: write one above it');
    expect(await weighed('{ down: -1 }')).toContain('expected a weight from 0');
  });
});
