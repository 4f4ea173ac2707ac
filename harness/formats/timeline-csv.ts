// timeline.csv: one row a virtual minute, for a chart of how a fallback rate rises and falls.
import type { Cell } from './csv-lines.ts';
import { csvLines } from './csv-lines.ts';
import type { ReportFormat } from './format.ts';
import { reportRows, rowHead } from './report-rows.ts';

const counts = ['minute', 'calls', 'aborted', 'usable', 'fallbacks'];

export const timelineCsv: ReportFormat = {
  kind: 'report',
  file: 'timeline.csv',
  describe: 'one row per virtual minute: calls, usable answers, fallbacks, attempts per provider',
  render(report) {
    const rows = reportRows(report);
    const minutes = rows.flatMap(({ place, figures }) =>
      figures.timeline.map((minute) => ({ place, minute, attempts: attemptsOf(minute) })),
    );
    const providers = [...new Set(minutes.flatMap(({ attempts }) => [...attempts.keys()]))].sort();
    const head = [...rowHead, ...counts, ...providers.map((provider) => `attempts.${provider}`)];
    const lines = minutes.map(({ place, minute, attempts }) => [
      ...place,
      ...counts.map((key): Cell => numberOf(minute[key])),
      ...providers.map((provider) => attempts.get(provider) ?? 0),
    ]);
    return csvLines([head, ...lines]);
  },
};

function attemptsOf(minute: Record<string, unknown>): Map<string, number> {
  const { attempts } = minute;
  if (typeof attempts !== 'object' || attempts === null) return new Map();
  return new Map(
    Object.entries(attempts).map(([provider, times]) => [provider, numberOf(times) ?? 0]),
  );
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
