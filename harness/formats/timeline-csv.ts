// timeline.csv: one row a virtual minute, for a chart of how a fallback rate rises and falls.
import type { Cell } from './csv-lines.ts';
import { csvLines } from './csv-lines.ts';
import type { ReportFormat } from './format.ts';
import { reportRows, rowHead } from './report-rows.ts';

const counts = ['minute', 'calls', 'aborted', 'usable', 'fallbacks'] as const;

export const timelineCsv: ReportFormat = {
  kind: 'report',
  file: 'timeline.csv',
  describe: 'one row per virtual minute: calls, usable answers, fallbacks, attempts per provider',
  render(report) {
    const rows = reportRows(report);
    const minutes = rows.flatMap(({ place, figures }) =>
      figures.timeline.map((minute) => ({ place, minute })),
    );
    const providers = [
      ...new Set(minutes.flatMap(({ minute }) => Object.keys(minute.attempts))),
    ].sort();
    const head = [...rowHead, ...counts, ...providers.map((provider) => `attempts.${provider}`)];
    const lines = minutes.map(({ place, minute }) => [
      ...place,
      ...counts.map((key): Cell => minute[key]),
      ...providers.map((provider) => minute.attempts[provider] ?? 0),
    ]);
    return csvLines([head, ...lines]);
  },
};
