// What every report format owes: stable bytes for the golden report or call (the files beside it
// show them), nothing that a terminal or a spreadsheet would obey, and its input untouched.
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Format } from '../../harness/formats/format.ts';
import { goldenReport, hostile } from '../formats/golden.ts';
import { goldenCall, goldenPlace } from '../formats/golden-call.ts';

export function formatContract(name: string, format: Format): void {
  describe(name, () => {
    it('renders the golden run with the same bytes every time', async () => {
      const text = rendered(format);
      expect(rendered(format)).toBe(text);
      await expect(text).toMatchFileSnapshot(`../formats/golden/${format.file}.txt`);
    });

    it('ends its last line and has no carriage return', () => {
      expect(rendered(format)).toMatch(/[^\n]\n$/);
      expect(rendered(format)).not.toContain('\r');
    });

    it('leaves what it is given as it was', () => {
      const report = goldenReport();
      const call = goldenCall();
      if (format.kind === 'report') format.render(report);
      else format.rows(goldenPlace, call);
      expect(report).toEqual(goldenReport());
      expect(call).toEqual(goldenCall());
    });

    it('passes on nothing that a terminal obeys', () => {
      expect(rendered(format, hostile)).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u);
      const anyWords = fc.string({ unit: 'binary', minLength: 1 });
      fc.assert(
        fc.property(anyWords, (words) => {
          expect(rendered(format, words)).not.toMatch(/(?!\n)\p{Cc}/u);
        }),
        { numRuns: 50 },
      );
    });

    if (format.file.endsWith('.csv')) csvContract(format);
  });
}

function csvContract(format: Format): void {
  it('has no cell that a spreadsheet runs, and as many cells in every row as in the first', () => {
    const anyWords = fc.oneof(
      fc.constant(hostile),
      fc
        .tuple(fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n=', ' =', '＝'), fc.string())
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(anyWords, (words) => {
        const rows: string[][] = parse(rendered(format, words));
        expect(rows.length).toBeGreaterThan(1);
        for (const row of rows) {
          for (const cell of row) {
            if (!isNumber(cell)) expect(cell).not.toMatch(/^\s*[=+\-@＝＋－＠]/);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('keeps negative numbers as numbers', () => {
    expect(isNumber('-0.011')).toBe(true);
    expect(rendered(format)).not.toMatch(/'-\d/);
  });
}

function isNumber(cell: string): boolean {
  return /^-?\d+(\.\d+)?(e-?\d+)?$/.test(cell);
}

function rendered(format: Format, words?: string): string {
  if (format.kind === 'report') return format.render(goldenReport(words));
  return format.header() + format.rows(goldenPlace, goldenCall(words));
}
