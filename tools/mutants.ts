// The matrix of mutants and invariants: every bad chain has to be found by the invariant that it
// says it breaks, and has to be in order where nothing is wrong. Ends with 1 where one survives.
// `npm run mutants -- WORD` takes those with the word in their names.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rules } from '../harness/scoring/judge-invariants.ts';
import type { Entry, Seen } from '../test/mutants/catalogue.ts';
import { allMutants, seeAll, violated } from '../test/mutants/catalogue.ts';

const ids = Object.keys(rules);
const [wanted = ''] = process.argv.slice(2);
const dir = mkdtempSync(join(tmpdir(), 'firedrill-mutants-'));

try {
  const mutants = (await allMutants(dir)).filter(({ name }) => name.includes(wanted));
  if (mutants.length === 0) throw new Error(`no mutant has "${wanted}" in its name`);
  const seen = new Map<Entry, Seen | Error>();
  await seeAll(mutants, dir, (mutant, result) => seen.set(mutant, result));
  const width = Math.max(...mutants.map(({ name }) => name.length));
  say(`${''.padEnd(width)}  ${ids.map((id) => id.slice(1)).join(' ')}`);
  let killed = 0;
  let ill = 0;
  for (const mutant of mutants) {
    const result = seen.get(mutant);
    if (result === undefined || result instanceof Error) {
      say(result?.message ?? mutant.name);
      continue;
    }
    const broken = violated(result.there);
    const sick = result.healthy.filter(isIll).map(({ scenario }) => `  ill in ${scenario}`);
    if (broken.includes(mutant.breaks)) killed++;
    if (sick.length > 0) ill++;
    const marks = ids.map((id) => mark(id, mutant, broken)).join(' ');
    say(`${mutant.name.padEnd(width)} ${marks}  ${mutant.on}${sick.join('')}`);
  }
  const rate = ((100 * killed) / mutants.length).toFixed(1);
  say('\nX found by the invariant that it breaks, x found by another, ! not found');
  say(
    `${killed} of ${mutants.length} mutants were found (${rate}%), ${ill} are ill where all is well`,
  );
  process.exitCode = killed === mutants.length && ill === 0 ? 0 : 1;
} finally {
  rmSync(dir, { recursive: true, force: true });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function isIll(row: Seen['there']): boolean {
  return (row.outcomes.complete ?? 0) < row.calls || violated(row).length > 0;
}

function mark(id: string, { breaks }: Entry, broken: readonly string[]): string {
  if (id === breaks) return broken.includes(id) ? ' X' : ' !';
  return broken.includes(id) ? ' x' : ' .';
}
