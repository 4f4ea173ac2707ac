// Which failures of the corpus a scenario expresses, and what tests show of each: a table made of
// the scenarios, of unexpressed.yaml and of the planted mistakes.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { packageRoot } from '../harness/project.ts';
import { common } from '../harness/scenario/rule.ts';
import type { CorpusItem } from '../test/mutants/planted/corpus-items.ts';
import { corpusItems, keptBy, mistakeFor } from '../test/mutants/planted/corpus-items.ts';
import { notShown } from '../test/mutants/planted/not-shown.ts';

export interface Expressed {
  corpus: string;
  item: CorpusItem;
}

export interface Unexpressed {
  corpus: string;
  why: string;
}

/** One entry for each item of the corpus that a scenario names. */
export function expressed(): Expressed[] {
  return corpusItems(/(?:)/).flatMap((item) =>
    (item.scenario.about?.corpus ?? []).map((corpus) => ({ corpus, item })),
  );
}

const unexpressedList = z.array(
  z.strictObject({ corpus: z.string().min(1), why: z.string().min(1) }),
);

export function unexpressed(): Unexpressed[] {
  const file = join(packageRoot, 'scenarios/corpus/unexpressed.yaml');
  return unexpressedList.parse(parse(readFileSync(file, 'utf8')));
}

const head = ['corpus', 'scenario', 'faults', 'invariants', 'violated by', 'kept by'];

export function coverageTable(): string {
  const done = expressed();
  const open = unexpressed();
  const rows = [
    ...done.map(({ corpus, item }) => ({ corpus, cells: cellsOf(corpus, item) })),
    ...open.map(({ corpus, why }) => ({
      corpus,
      cells: [corpus, 'not expressed', why, '', '', ''],
    })),
  ].sort((a, b) => (a.corpus < b.corpus ? -1 : 1));
  const judged = done.filter(({ item }) => item.judged.length > 0).length;
  return [
    '# The failure corpus',
    '',
    `${rows.length} failures that people have reported. Expressed by a scenario here: ` +
      `${done.length}; not expressed: ${open.length}. Of ${judged} at least one invariant is judged ` +
      'today: a chain with the mistake under "violated by" breaks it, and the chain under "kept ' +
      'by" breaks none. `npm run coverage-table` makes this table; `test/contract/corpus.test.ts` ' +
      'drills all of it.',
    '',
    lineOf(head),
    lineOf(head.map(() => '---')),
    ...rows.map(({ cells }) => lineOf(cells)),
    '',
  ].join('\n');
}

function lineOf(cells: readonly string[]): string {
  const inOneLine = (cell: string): string =>
    cell.replace(/\s+/g, ' ').replaceAll('|', '\\|').trim();
  return `| ${cells.map(inOneLine).join(' | ')} |`;
}

function cellsOf(corpus: string, item: CorpusItem): string[] {
  const { scenario, judged, file } = item;
  return [
    corpus,
    `[${scenario.name}](${basename(file)})`,
    disturbances(file).join('; '),
    (scenario.about?.exercises ?? []).join(', '),
    judged.map((id) => `${id} ${mistakeFor(item, id) ?? notShownBy(item, id)}`).join(', '),
    keptBy(item),
  ];
}

function notShownBy({ id }: CorpusItem, invariant: string): string {
  const why = notShown[id]?.[invariant];
  return why === undefined ? '(no mistake planted)' : `(not shown: ${why})`;
}

const asWritten = z.looseObject({
  faults: z.array(z.looseObject({ inject: z.string() })).default([]),
  caller: z.array(z.looseObject({})).default([]),
});

/** Faults and callers in file order, each with its first key. */
function disturbances(file: string): string[] {
  const { faults, caller } = asWritten.parse(parse(readFileSync(file, 'utf8')));
  const notOwn = new Set(Object.keys(common.shape));
  return [
    ...faults.map((rule) => {
      const own = Object.entries(rule).find(([key]) => !notOwn.has(key));
      return own ? `${rule.inject} (${said(own)})` : rule.inject;
    }),
    ...caller.map((rule) => `caller: ${Object.entries(rule).slice(0, 1).map(said).join('')}`),
  ];
}

function said([key, value]: [string, unknown]): string {
  return `${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`;
}
