// Records of a CSV file with the line on which each starts. The parser counts lines to a record's
// end and counts CRLF inside quotes twice, so the start comes from its byte offsets.
import { CsvError, parse } from 'csv-parse/sync';
import { InputError } from '../errors.ts';

const LF = 10;
const CR = 13;

interface Parsed {
  record: string[];
  info: { bytes: number };
}

/** All records but blank lines; they may differ in length. Throws InputError with the line. */
export function csvRecords(file: string, text: string): { cells: string[]; line: number }[] {
  const bytes = Buffer.from(text);
  let line = 1;
  let at = 0;
  return parsed(file, bytes).map(({ record, info }) => {
    // Blank lines before a record are counted to it.
    while (bytes[at] === LF || bytes[at] === CR) line += bytes[at++] === LF ? 1 : 0;
    const start = line;
    for (; at < info.bytes; at++) if (bytes[at] === LF) line++;
    return { cells: record, line: start };
  });
}

function parsed(file: string, bytes: Buffer): Parsed[] {
  try {
    // The declared result type does not know the `info` option.
    return parse(bytes, {
      info: true,
      skip_empty_lines: true,
      relax_column_count: true,
      record_delimiter: ['\r\n', '\n', '\r'],
    }) as unknown as Parsed[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line: unknown = error.lines;
    const place = typeof line === 'number' ? { file, line } : { file };
    throw new InputError(`is not valid CSV: ${error.message}`, place);
  }
}
