// Shows: every exchange of the outside data is read, or refused with a reason. Counts by the format
// of the index, and what an import of them all leaves out.
//
//   node_modules/.bin/node --import tsx tools/shown/imports.ts
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { messageOf } from '../../harness/errors.ts';
import { csvRecords } from '../../harness/importers/csv-records.ts';
import { readExchanges } from '../../harness/importers/read-exchanges.ts';
import { importExchanges } from '../../harness/importing/import-exchanges.ts';
import { shippedTargets } from '../../harness/project.ts';
import { createTargets, readTargets } from '../../harness/upstream/targets.ts';
import { shown } from './shown.ts';

interface Row {
  file: string;
  format: string;
}

const root = resolve(import.meta.dirname, '../..');

await shown('Every exchange of the outside data is read, or refused.', async ({ say, check }) => {
  const dir = join(resolve(root, process.env.FIREDRILL_DATA ?? '../shared'), 'recordings');
  const index = join(dir, 'INDEX.csv');
  const [head, ...lines] = csvRecords(index, readFileSync(index, 'utf8')).map(({ cells }) => cells);
  const cell = (cells: string[], name: string): string => cells[head?.indexOf(name) ?? -1] ?? '';
  const rows = lines.map((cells): Row => {
    return { file: cell(cells, 'file'), format: cell(cells, 'format') };
  });
  const read: string[] = [];
  const reasons = new Map<string, number>();
  let accounted = 0;
  say('format of the index     files  exchanges  read  refused  read as');
  for (const [format, own] of Map.groupBy(rows, (row) => row.format)) {
    let exchanges = 0;
    let refused = 0;
    const names = new Set<string>();
    const files = Map.groupBy(own, (row) => join(dir, row.file));
    for (const [file, listed] of files) {
      try {
        const found = readExchanges(file);
        exchanges += found.exchanges.length;
        names.add(found.format);
        read.push(file);
        if (found.exchanges.length !== listed.length) check(false, `${file} has others`);
      } catch (error) {
        refused += listed.length;
        const reason = messageOf(error)
          .replace(`${file}: `, '')
          .replace(/\(.*?\) /, '');
        reasons.set(reason, (reasons.get(reason) ?? 0) + listed.length);
      }
    }
    accounted += exchanges + refused;
    const counts = [files.size, own.length, exchanges, refused].map((n, at) =>
      String(n).padStart([7, 9, 6, 8][at] ?? 0),
    );
    say(`${format.padEnd(22)}${counts.join(' ')}  ${[...names].join(', ') || '-'}`);
  }
  for (const [reason, count] of reasons) say(`refused, ${count}: ${reason}`);
  const files = read.map((path) => ({ path, shown: path }));
  const imported = importExchanges(files, createTargets(readTargets([shippedTargets])));
  say(`\nimported: ${imported.recordings.length}, ${imported.errors} of them errors`);
  for (const { reason, count } of imported.leftOut) say(`left out, ${count}: ${reason}`);
  check(accounted === rows.length, `${accounted} of ${rows.length} are accounted for`);
});
