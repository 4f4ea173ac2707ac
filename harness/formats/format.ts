// The contract of a report format: one file each, one key in index.ts. A format turns the report,
// or the history line by line, into the text of one file; writing it is not its business.
import type { CallRecord } from '../outcome/call-record.ts';
import type { Report } from '../report.ts';

/** Where a call stands in a run of several trials. */
export interface CallPlace {
  scenario: string;
  chain: string;
  trial: number;
  /** Null for the trial itself, else which twin of it. */
  twin: string | null;
}

/** What a row of a call has beside it. */
export interface RowPlace extends CallPlace {
  /** By target what kind its answers are, in words. */
  answers: ReadonlyMap<string, string>;
}

/** A format over the finished report. */
export interface ReportFormat {
  kind: 'report';
  /** The file's name in the run's folder. */
  file: string;
  describe: string;
  render(report: Report): string;
}

/** A format over calls, written as they are joined from the history: memory stays flat. */
export interface CallFormat {
  kind: 'calls';
  file: string;
  describe: string;
  /** The first line. */
  header(): string;
  /** The lines of one finished call. */
  rows(place: RowPlace, record: CallRecord): string;
}

export type Format = ReportFormat | CallFormat;
