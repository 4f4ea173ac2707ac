import { describe, expect, it } from 'vitest';
import { json } from '../../harness/formats/json.ts';
import { reportSchema } from '../../harness/report.ts';
import { goldenReport, hostile } from './golden.ts';

describe('report.json', () => {
  it('reads back as the report that it was made of, and fits the schema', () => {
    for (const report of [goldenReport(), goldenReport(hostile)]) {
      const read: unknown = JSON.parse(json.render(report));
      expect(read).toEqual(report);
      expect(reportSchema.parse(read)).toEqual(report);
    }
  });

  it('has the same bytes whatever the order in which the report was put together', () => {
    const report = goldenReport();
    const [row] = report.scenarios;
    expect(row).toBeDefined();
    if (!row) return;
    const { version, ...rest } = report;
    const shuffled = {
      ...rest,
      scenarios: report.scenarios.map(({ served_by, invariants, recordings, ...others }) => ({
        recordings: backwards(recordings),
        invariants: backwards(invariants),
        ...others,
        served_by: backwards(served_by ?? {}),
      })),
      version,
    };
    expect(JSON.stringify(shuffled)).not.toBe(JSON.stringify(report));
    expect(json.render(shuffled)).toBe(json.render(report));
  });

  it('begins with the version', () => {
    expect(json.render(goldenReport())).toMatch(/^{\n {2}"version": 1,/);
  });
});

function backwards<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).reverse());
}
