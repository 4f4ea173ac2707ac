// Shows: our checks agree with outsiders' grades. The instructions of the graded IFEval prompts,
// strictly, on the answers of four models; every kind of disagreement with who is right and why.
//
//   node_modules/.bin/node --import tsx tools/shown/ifeval-agreement.ts
import { resolve } from 'node:path';
import { outsideData } from '../../harness/workloads/ifeval.ts';
import { ifevalAgreement, reasonFor } from '../ifeval-agreement.ts';
import { shown } from './shown.ts';

const root = resolve(import.meta.dirname, '../..');

await shown('Our checks agree with the published grades of IFEval.', async ({ say, check }) => {
  const data = process.env.FIREDRILL_DATA ? outsideData() : resolve(root, '../shared');
  const { prompts, models, rows, inside, outside } = ifevalAgreement(data);
  const width = Math.max(...rows.map(({ kind }) => kind.length));
  say(`${'instruction'.padEnd(width)}     n  agreed   ours only  theirs only`);
  for (const { kind, n, same, differences } of rows) {
    const own = differences.filter(({ ours }) => ours).length;
    say(
      [
        kind.padEnd(width),
        String(n).padStart(5),
        `${((100 * same) / n).toFixed(1)}%`.padStart(7),
        String(own).padStart(11),
        String(differences.length - own).padStart(12),
      ].join(' '),
    );
  }
  say('');
  const all = rows.flatMap(({ differences }) => differences);
  for (const [name, first] of new Map(all.map((one) => [`${one.kind} ${one.ours}`, one]))) {
    const where = all
      .filter((one) => `${one.kind} ${one.ours}` === name)
      .map(({ model, key }) => `${model} ${key}`);
    const says = first.ours ? 'we say it holds, they do not' : 'they say it holds, we do not';
    const reason = reasonFor(first);
    say(`${first.kind}: ${says} (${where.join(', ')})`);
    check(reason !== null, reason ?? 'nobody has read these: say who is right in reasons');
  }
  say('');
  check(prompts === 361 && models === 4, `${prompts} graded prompts of ${models} models`);
  check(rows.length === 25, `${rows.length} kinds of instructions`);
  for (const [what, { n, same, share, needed }] of [
    ['outside the sentence-count and language kinds', outside],
    ['inside them', inside],
  ] as const) {
    const figures = `${same} of ${n} agreed, ${(100 * share).toFixed(2)}%`;
    check(share >= needed, `${what}: ${figures}; ${100 * needed}% needed`);
  }
});
