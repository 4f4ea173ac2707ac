import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { attemptsCsv } from '../../harness/formats/attempts-csv.ts';
import { callsCsv } from '../../harness/formats/calls-csv.ts';
import type { CallFormat, ReportFormat } from '../../harness/formats/format.ts';
import { scoresCsv } from '../../harness/formats/scores-csv.ts';
import { timelineCsv } from '../../harness/formats/timeline-csv.ts';
import type { Report } from '../../harness/report.ts';
import { goldenFigures, goldenReport } from './golden.ts';
import { goldenCall, goldenPlace } from './golden-call.ts';

type Row = Record<string, string>;

function rowsOf(format: ReportFormat, report: Report): Row[] {
  return parse(format.render(report), { columns: true });
}

function callRows(format: CallFormat): Row[] {
  const text = format.header() + format.rows(goldenPlace, goldenCall());
  return parse(text, { columns: true });
}

describe('scores.csv', () => {
  it('has the pooled row of a scenario before the rows of its trials', () => {
    const rows = rowsOf(scoresCsv, goldenReport());
    expect(rows.map(({ scenario, row, trial }) => [scenario, row, trial])).toEqual([
      ['primary-outage', 'pooled', ''],
      ['primary-outage', 'trial', '1'],
      ['primary-outage', 'trial', '2'],
      ['baseline', 'pooled', ''],
      ['baseline', 'trial', '1'],
    ]);
  });

  it('names columns as thresholds name figures, and leaves a figure without a value empty', () => {
    const [row] = rowsOf(scoresCsv, goldenReport());
    expect(row).toMatchObject({
      'latency_ms.p95': '7412',
      'latency_ms.p99': '',
      'quality.ci95.low': '-0.011',
      'served_by.openai/gpt-4o': '0.31',
      'outcomes.degraded': '10',
      'invariants.I05': 'violated',
      held: 'no',
      without_value: expect.stringContaining('latency_ms.p99: hung; latency_ms.max: hung; '),
      'quality.by_family.summary.mde': '0.11',
      'quality.critical.should_have_said_later': '3',
    });
  });

  it('keeps a target whose name begins the name of another', () => {
    const report = goldenReport();
    const [row] = report.scenarios;
    if (row)
      Object.assign(
        row,
        goldenFigures({ served_by: { 'openai/gpt-4': 0.4, 'openai/gpt-4.1': 0.6 } }),
      );
    expect(rowsOf(scoresCsv, report)[0]).toMatchObject({
      'served_by.openai/gpt-4': '0.4',
      'served_by.openai/gpt-4.1': '0.6',
    });
  });

  it('has no column for a group that has no value in one row and parts in another', () => {
    const report = goldenReport();
    const [row] = report.scenarios;
    if (row) row.quality = { ...row.quality, ci95: null };
    const [first] = rowsOf(scoresCsv, report);
    expect(first).toMatchObject({ 'quality.ci95.low': '', 'quality.ci95.high': '' });
    expect(first).not.toHaveProperty('quality.ci95');
  });

  it('does not depend on the machine and the hour', () => {
    const other = goldenReport();
    other.wall = { started: '2027-01-01T00:00:00.000Z', ms: 1, workers: 9, node: 'v22.15.0' };
    for (const trial of other.trials) trial.wall_ms += 1_000;
    expect(scoresCsv.render(other)).toBe(scoresCsv.render(goldenReport()));
  });
});

describe('timeline.csv', () => {
  it('has a row a minute and a column a provider, 0 where it was not asked', () => {
    const rows = rowsOf(timelineCsv, goldenReport()).filter(({ row }) => row === 'pooled');
    expect(rows).toHaveLength(4);
    expect(rows[0]).toMatchObject({ minute: '0', 'attempts.anthropic': '0', fallbacks: '0' });
    expect(rows[1]).toMatchObject({ minute: '1', 'attempts.anthropic': '80', fallbacks: '61' });
  });
});

describe('calls.csv', () => {
  it('counts times from when the call was due', () => {
    expect(callRows(callsCsv)).toMatchObject([
      {
        call: '312',
        due_ms: '311200',
        outcome: 'truncated',
        served_by: 'anthropic/claude-3-5-sonnet',
        ttft_ms: '810',
        latency_ms: '2310',
        score: '0.4',
        healthy_score: '0.9',
      },
    ]);
  });
});

describe('attempts.csv', () => {
  it('says of every attempt what was injected, what came back and whether it served', () => {
    expect(callRows(attemptsCsv)).toMatchObject([
      {
        attempt: '401',
        attempt_of_call: '1',
        status: '503',
        injected: 'reject as server-error, status 503 (rule 1: server-error)',
        ended: 'complete',
        served: 'no',
      },
      {
        attempt: '402',
        attempt_of_call: '2',
        ended: 'short',
        terminal_marker: 'no',
        served: 'yes',
      },
    ]);
  });

  it('has no line for a call without attempts', () => {
    expect(attemptsCsv.rows(goldenPlace, { ...goldenCall(), attempts: [] })).toBe('');
  });
});
