import { describe, expect, it } from 'vitest';
import { importAnswers } from '../../harness/importing/import-answers.ts';
import { importFiles } from '../../harness/importing/import-files.ts';
import { shippedTargets } from '../../harness/project.ts';
import { parseScenario } from '../../harness/scenario/scenario.ts';
import { starterScenarios } from '../../harness/starter/starter-scenarios.ts';
import { recordingSchema } from '../../harness/upstream/recording.ts';
import { createTargets, readTargets } from '../../harness/upstream/targets.ts';
import { folderWith } from '../cli.ts';

const targets = createTargets(readTargets([shippedTargets]));

function imported(rows: string[], head = 'prompt,target,answer', partial = false) {
  const text = `${[head, ...rows].join('\n')}\n`;
  const path = `${folderWith({ 'log.csv': text })}/log.csv`;
  return importAnswers({ path, shown: 'log.csv', targets, partial });
}

describe('importing logged answers', () => {
  it('makes a recorded text of every row, with its score and its place', () => {
    const rows = ['Hello?,openai/gpt-4o,Hi.,0.5,Be brief.', 'Bye?,openai/gpt-4o,,,'];
    const { provenance, samples, recordings } = imported(rows, 'prompt,target,answer,score,system');
    expect(provenance).toBe('logged answers of log.csv');
    expect(samples.map(({ prompt, system }) => [prompt, system])).toEqual([
      ['Hello?', 'Be brief.'],
      ['Bye?', null],
    ]);
    expect(recordings).toMatchObject([
      { kind: 'recorded-text', text: 'Hi.', score: 0.5, source: 'log.csv:2' },
      { kind: 'recorded-text', text: '', source: 'log.csv:3' },
    ]);
    expect(recordings[1]).not.toHaveProperty('score');
    for (const one of recordings) expect(recordingSchema.parse(one)).toEqual(one);
  });

  it('takes the same prompt under another system prompt for another sample', () => {
    const head = 'prompt,target,answer,system';
    const { samples } = imported(['Hi,a/b,x,One.', 'Hi,a/b,x,Two.', 'Hi,a/b,x,'], head);
    expect(new Set(samples.map(({ id }) => id)).size).toBe(3);
  });

  it('is refused where no prompt has an answer of every target, with what is missing', () => {
    expect(() => imported(['One?,a/b,x', 'Two?,c/d,y'])).toThrow(
      'log.csv: no prompt was answered by every target, so no drill could fall back: ' +
        'a/b has no answer to "Two?"; c/d has no answer to "One?"; ' +
        'add these answers, or keep all prompts with --partial',
    );
  });

  it('names the first few of what is missing, and counts the rest', () => {
    const rows = [1, 2, 3, 4, 5].map((n) => `Prompt ${n}?,a/m${n},x`);
    expect(() => imported(rows)).toThrow(
      /a\/m1 has no answer to "Prompt 2\?", "Prompt 3\?", "Prompt 4\?", and 1 more; a\/m2 .*; a\/m3 .*; and 2 more; add/,
    );
  });

  it('keeps everything where one asks for it', () => {
    const { samples, leftOut } = imported(['One?,a/b,x', 'Two?,c/d,y'], undefined, true);
    expect([samples.length, leftOut]).toEqual([2, []]);
  });

  it('knows the hosts of providers that everybody reaches at one', () => {
    const { hosts } = imported(['One?,together/llama,x', 'One?,groq/m,y', 'One?,mine/m,z']);
    expect([...hosts]).toEqual([['api.together.xyz', 'together']]);
  });

  it('lets a log call a provider by a name of its own', () => {
    const place = { folder: folderWith({}), name: 'log', workload: 'log' };
    const added = (target: string): string[] => {
      const files = importFiles(imported([`One?,${target},x`]), place, targets, false);
      return files.map(({ text }) => text).filter((text) => text.includes('hosts:'));
    };
    expect(added('gemini/gemini-2.5-flash')).toEqual([
      expect.stringContaining('"generativelanguage.googleapis.com", provider: "gemini"'),
    ]);
    expect(added('google/gemini-2.5-flash')).toEqual([]);
  });
});

describe('starter scenarios', () => {
  const faulted = (rows: string[], head?: string) => {
    const starters = starterScenarios('log', 'log', imported(rows, head));
    return starters.map(({ name, text }) => parseScenario(text, `${name}.yaml`));
  };

  it('are an outage, a storm of rate limits and cut streams of the first provider', () => {
    const scenarios = faulted(['One?,groq/llama,x', 'One?,openai/gpt-4o,y']);
    expect(scenarios.map(({ faults }) => faults.map(({ fault }) => fault))).toEqual([
      ['server-error'],
      ['rate-limit'],
      ['disconnect', 'truncate'],
    ]);
    for (const { faults } of scenarios) {
      for (const { on } of faults) expect(on).toEqual({ provider: ['groq'] });
    }
  });

  it('hit the first model only where all are of one provider', () => {
    const [outage] = faulted(['One?,openai/gpt-4o,x', 'One?,openai/gpt-4o-mini,y']);
    expect(outage?.faults[0]?.on).toEqual({ provider: ['openai'], model: ['gpt-4o'] });
  });

  it('bound the quality only where every answer has a score', () => {
    const paths = (rows: string[]) =>
      faulted(rows, 'prompt,target,answer,score')[0]?.thresholds.map(({ path }) => path);
    expect(paths(['One?,a/b,x,1', 'One?,c/d,y,0.5'])).toContain('quality.drop');
    expect(paths(['One?,a/b,x,1', 'One?,c/d,y,'])).not.toContain('quality.drop');
  });

  it('wait longer for longer answers', () => {
    const long = 'word '.repeat(2000);
    const [short, patient] = ['x', long].map((text) => faulted([`One?,a/b,${text}`])[0]?.deadline);
    expect(short).toBe(10_000);
    expect(patient).toBeGreaterThan(60_000);
  });

  it('can name any model', () => {
    const [outage] = faulted(['One?,"a/b:""free""",x', 'One?,a/c,y']);
    expect(outage?.faults[0]?.on.model).toEqual(['b:"free"']);
  });
});
