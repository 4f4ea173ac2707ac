// The measured means of a portability report, as the file that is committed. Nothing of the day or
// the machine is in it, so that it changes only when the answers do.
import { Document, isMap, visit } from 'yaml';
import { authoredMeans } from '../formats/provenance-text.ts';
import type { MeasuredTable } from '../measured-means.ts';
import type { PortabilityReport } from './portability-report.ts';

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
