// The files of a comparison; its chains are written before they are drilled.
import { join } from 'node:path';
import { writeWhole } from '../whole-file.ts';
import { compareCsv } from './compare-csv.ts';
import { compareMd } from './compare-md.ts';
import type { CompareReport } from './compare-report.ts';

/** compare.json comes last: where it is, all the others are. */
export function writeComparison(dir: string, report: CompareReport): void {
  writeWhole(join(dir, 'compare.csv'), compareCsv(report));
  writeWhole(join(dir, 'compare.md'), compareMd(report));
  writeWhole(join(dir, 'compare.json'), `${JSON.stringify(report, null, 2)}\n`);
}
