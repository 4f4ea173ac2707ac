// Every file that a run writes for others to read, by the name of its format. A test compares it
// with the folder. terminal-table.ts and timeline-text.ts are shown, not written.
import { attemptsCsv } from './attempts-csv.ts';
import { callsCsv } from './calls-csv.ts';
import type { Format } from './format.ts';
import { json } from './json.ts';
import { junitXml } from './junit-xml.ts';
import { sarif } from './sarif.ts';
import { scoresCsv } from './scores-csv.ts';
import { summaryMd } from './summary-md.ts';
import { timelineCsv } from './timeline-csv.ts';

export const formats: Readonly<Record<string, Format>> = {
  'attempts-csv': attemptsCsv,
  'calls-csv': callsCsv,
  json,
  'junit-xml': junitXml,
  sarif,
  'scores-csv': scoresCsv,
  'summary-md': summaryMd,
  'timeline-csv': timelineCsv,
};
