// The judge in a whole run, as it ships: in workers, with its figures in every report.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { terminalTable } from '../../harness/formats/terminal-table.ts';
import { scenarioFiles } from '../../harness/project.ts';
import { readHistory } from '../../harness/run/history-file.ts';
import { bytesOf, drill, root } from '../drills.ts';

const dir = mkdtempSync(join(tmpdir(), 'judged-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const wanted = {
  chain: join(root, 'fixtures/chains/gpt-first.yaml'),
  scenarios: scenarioFiles(['judged'], root),
  trials: 2,
};

it('the shipped judged scenario shows a drop, and says everywhere that it is authored', async () => {
  const out = join(dir, 'one');
  const { report } = await drill({ ...wanted, out });
  const [row] = report?.scenarios ?? [];
  if (!report || !row) throw new Error('no report');
  expect(row.held).toBe(true);
  expect(row.quality.drop).toBeGreaterThan(0.05);
  const [low, high] = row.quality.ci95 as [number, number];
  expect(low).toBeGreaterThan(0);
  expect(high).toBeGreaterThan(row.quality.drop ?? Number.NaN);
  expect(row.judge).toMatchObject({ kind: 'authored', judged: 29, failed: 1 });
  const summary = readFileSync(join(out, 'summary.md'), 'utf8');
  expect(summary).toMatch(/\| tone-outage .* authored verdicts \|/);
  expect(summary).toContain('judged by openai/gpt-4o, authored verdicts: 29 texts have a verdict');
  expect(summary).toContain('verdicts written for the product; no model ever gave them');
  expect(terminalTable(report, { colour: false, width: 200 })).toContain('(no model gave them)');
  const history = [...readHistory(join(out, 'history.jsonl'))];
  expect(history.filter((event) => event.e === 'trial' && event.twin === null)).toHaveLength(2);
}, 120_000);

it('has the same bytes with two workers, each of which asks the judge itself', async () => {
  const out = join(dir, 'two');
  await drill({ ...wanted, out, workers: 2 });
  expect(bytesOf(out)).toEqual(bytesOf(join(dir, 'one')));
}, 120_000);
