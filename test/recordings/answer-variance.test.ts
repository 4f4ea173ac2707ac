// Several recordings of one prompt are drawn by seed, and how far they lie apart shows in the
// interval of quality: what a model says differently each time is no certainty.
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { ReportFigures } from '../../harness/report.ts';
import { folderWith } from '../cli.ts';
import { tried } from '../trials.ts';

const count = 80;
const primary = 'openai/gpt-4o';
const fallback = 'anthropic/claude-3-5-sonnet-latest';

const scenario = `arrival: { each: once }
faults: [{ inject: server-error, on: { provider: openai } }]
`;

/** A workload whose fallback has an answer of each of these scores to every sample. */
function workloadWith(scores: readonly number[]): string {
  const ids = Array.from({ length: count }, (_, n) => `q${n}`);
  const line = (sample: string, target: string, score: number, text: string): string =>
    `${JSON.stringify({ kind: 'recorded-text', sample, target, score, text })}\n`;
  const lines = ids.flatMap((id) => [
    line(id, primary, 1, `The best answer to ${id}.`),
    ...scores.map((score, n) => line(id, fallback, score, `Answer ${n} to ${id}.`)),
  ]);
  const samples = ids.map((id) => ({ id, prompt: `What is ${id}?` }));
  const workload = { name: 'varied', provenance: 'made', recordings: 'a.jsonl', samples };
  const dir = folderWith({ 'a.jsonl': lines.join(''), 'varied.yaml': JSON.stringify(workload) });
  return join(dir, 'varied.yaml');
}

async function qualityOf(workload: string, seed: number): Promise<ReportFigures['quality']> {
  const { figures } = await tried({ scenario, workload, seed });
  return figures.quality as ReportFigures['quality'];
}

const widthOf = ({ ci95 }: ReportFigures['quality']): number =>
  ci95 === null ? Number.NaN : ci95[1] - ci95[0];

it('has a wider interval with several recordings of a prompt that differ, around the same drop', async () => {
  const one = await qualityOf(workloadWith([0.5]), 1);
  const alike = await qualityOf(workloadWith([0.5, 0.5, 0.5]), 1);
  const apart = await qualityOf(workloadWith([0.2, 0.8]), 1);
  const farther = await qualityOf(workloadWith([0, 1]), 1);
  expect([one, alike].map(({ n, drop }) => [n, drop])).toEqual([
    [count, 0.5],
    [count, 0.5],
  ]);
  // What 80 samples leave possible where none is seen to differ (docs/statistics.md).
  expect(widthOf(alike)).toBe(widthOf(one));
  expect(widthOf(one)).toBeLessThan(0.1);
  // 80 draws of 0.2 or 0.8 have a standard error of 0.034, of 0 or 1 one of 0.056: 3.98 of it.
  expect(widthOf(apart)).toBeCloseTo(0.134, 1);
  expect(widthOf(apart)).toBeGreaterThan(widthOf(one) * 1.2);
  expect(widthOf(farther)).toBeCloseTo(0.223, 1);
  expect(widthOf(farther)).toBeGreaterThan(widthOf(one) * 2);
  for (const { ci95 } of [apart, farther]) {
    expect(ci95?.[0]).toBeLessThan(0.5);
    expect(ci95?.[1]).toBeGreaterThan(0.5);
  }
});

it('draws by seed: the same seed the same answers, another seed others', async () => {
  const workload = workloadWith([0, 1]);
  const drops: (number | null)[] = [];
  for (const seed of [1, 1, 2, 3, 4, 5]) drops.push((await qualityOf(workload, seed)).drop);
  expect(drops[1]).toBe(drops[0]);
  expect(new Set(drops).size).toBeGreaterThan(2);
  // All draws of six seeds lie around the middle: none is preferred.
  const mean = drops.slice(1).reduce<number>((sum, drop) => sum + (drop ?? 0), 0) / 5;
  expect(Math.abs(mean - 0.5)).toBeLessThan(0.15);
});
