// What GitHub is told of a drill, by the rules of its workflow commands.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { annotations, stepSummary } from '../../harness/formats/github-text.ts';
import { firedrill, folderWith } from '../cli.ts';
import { goldenReport } from './golden.ts';

describe('annotations', () => {
  it('are one error a finding, at the chain', () => {
    expect(annotations(goldenReport()).trimEnd().split('\n')).toEqual([
      expect.stringMatching(
        /^::error file=chains\/gpt-first\.yaml,line=1,title=primary-outage%3A I05::attempts per call/,
      ),
      expect.stringMatching(/title=primary-outage%3A latency_ms\.p95::latency_ms\.p95 is 7\.412 s/),
      expect.stringMatching(/title=primary-outage%3A recovery_ms::recovery_ms has no value/),
    ]);
  });

  it('are none where all thresholds held', () => {
    const report = goldenReport();
    const scenarios = report.scenarios.map((row) => ({ ...row, held: true }));
    expect(annotations({ ...report, scenarios })).toBe('');
  });

  it('are as many as GitHub shows, and say what is left', () => {
    const report = goldenReport();
    const [row] = report.scenarios;
    const scenarios = Array.from({ length: 9 }, () => row).flatMap((one) => (one ? [one] : []));
    const lines = annotations({ ...report, scenarios })
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(10);
    expect(lines.at(-1)).toBe('::error title=firedrill::18 more are in the summary');
  });

  it('hold nothing that begins a command of its own', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (words) => {
        for (const line of annotations(goldenReport(`a\n::warning::${words}`))
          .trimEnd()
          .split('\n')) {
          expect(line).toMatch(/^::error /);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('the summary of a job', () => {
  it('is the table and what was breached', () => {
    const text = stepSummary(goldenReport());
    expect(text).toContain('# Fire drill of gpt-first');
    expect(text).toContain('Breached thresholds:');
    expect(text).not.toContain('## baseline');
  });

  it('is appended where GitHub says, and only in a workflow', async () => {
    const dir = folderWith({
      'chain.yaml': 'targets: [openai/gpt-4o]\n',
      'down.yaml': `name: down
description: OpenAI is down
workload: failover-bench
arrival: { each: once }
faults: [{ inject: server-error, on: { provider: openai } }]
thresholds: { availability: ">= 99%" }
`,
      'summary.md': 'before\n',
    });
    const words = ['run', 'down.yaml', '--chain', 'chain.yaml', '--out', 'out'];
    const summaryFile = join(dir, 'summary.md');
    const told = await firedrill(words, dir, { github: { summaryFile } });
    expect(told.code).toBe(1);
    expect(told.err).toMatch(/^::error file=chain\.yaml,line=1,title=down%3A availability::/m);
    const text = readFileSync(summaryFile, 'utf8');
    expect(text).toMatch(/^before\n# Fire drill of chain/);
    const elsewhere = await firedrill([...words.slice(0, -1), 'again'], dir);
    expect(elsewhere.err).not.toContain('::error');
    expect(readFileSync(summaryFile, 'utf8')).toBe(text);
  });
});
