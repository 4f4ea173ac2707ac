// Measured means by target and task family, as a file to commit: what a chain can look up before it
// lets a target answer. Nothing of the day or the machine is in it, so that it changes only when
// the answers do.
import { Document, isMap, visit } from 'yaml';
import { z } from 'zod';
import { authoredMeans } from '../formats/provenance-text.ts';
import type { PortabilityReport } from './portability-report.ts';
import { everything } from './portability-report.ts';

const measured = z.strictObject({
  mean: z.number().min(0).max(1).describe('Of what users get, from 0 to 1.'),
  n: z.number().int().min(1).describe('Samples with a score.'),
  ci95: z
    .tuple([z.number(), z.number()])
    .nullable()
    .describe('The 95% interval of the mean; null below two samples.'),
});

export const measuredSchema = z.strictObject({
  version: z.literal(1),
  workload: z.string().min(1).describe('Whose samples were asked.'),
  provenance: z
    .enum(['authored', 'recorded'])
    .describe('authored: answers were written for a product, and no provider ever sent them.'),
  targets: z
    .record(z.string(), z.record(z.string(), measured))
    .describe(`By provider/model, then by task family; "${everything}" is all of them together.`),
});

export type MeasuredTable = z.infer<typeof measuredSchema>;

export function measuredTable(report: PortabilityReport): MeasuredTable {
  const targets: MeasuredTable['targets'] = {};
  for (const { family, target, mean, n, ci95 } of report.standings) {
    if (mean === null) continue;
    const own = targets[target] ?? {};
    targets[target] = own;
    own[family] = { mean: short(mean), n, ci95: ci95 && [short(ci95[0]), short(ci95[1])] };
  }
  return { version: 1, workload: report.workload, provenance: report.provenance, targets };
}

/** What no sample of hundreds can tell apart need not differ in a committed file. */
function short(value: number): number {
  return Number(value.toFixed(4));
}

/** JSON where the file's name says so, else YAML. Ends with a newline. */
export function measuredText(table: MeasuredTable, file: string): string {
  if (/\.json$/.test(file)) return `${JSON.stringify(table, null, 2)}\n`;
  const about =
    table.provenance === 'authored' ? `# The answers are authored: ${authoredMeans}.\n` : '';
  const head = `# Made by \`firedrill portability --workload ${table.workload} --table\`.\n${about}`;
  const document = new Document(table);
  // One line for each mean.
  visit(document, {
    Map: (_, node) => {
      if (isMap(node) && node.has('mean')) node.flow = true;
    },
  });
  return `${head}${document.toString({ lineWidth: 0 })}`;
}
