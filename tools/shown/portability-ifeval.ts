// Real answers, somebody else's grades: the four models of ../shared/ifeval ranked as one chain's
// targets, beside the published figures of the same grades and the paper's English column. Needs
// the outside data (FIREDRILL_DATA).
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { PortabilityReport } from '../../harness/portability/portability-report.ts';
import { shown } from './shown.ts';

const root = resolve(import.meta.dirname, '../..');
const data = resolve(process.env.FIREDRILL_DATA ?? resolve(root, '../shared'));

/** From ../shared/ifeval/README.md, in percent, strict. */
const published = [
  { target: 'openai/gpt-4o-2024-08-06', prompts: 84.2, instructions: 88.8, paper: 88.6 },
  {
    target: 'anthropic/claude-3-5-sonnet-20240620',
    prompts: 83.1,
    instructions: 88.8,
    paper: 88.1,
  },
  { target: 'openai/gpt-4o-mini-2024-07-18', prompts: 80.3, instructions: 85.7, paper: 86.0 },
  { target: 'anthropic/claude-3-haiku-20240307', prompts: 68.4, instructions: 77.5, paper: 77.3 },
];

/** How many instructions each prompt has. */
function instructionsBySample(): Map<string, number> {
  const lines = readFileSync(join(data, 'ifeval/prompts.jsonl'), 'utf8').trim().split('\n');
  return new Map(
    lines.map((line) => {
      const { key, instruction_id_list: list } = JSON.parse(line);
      return [`ifeval-${key}`, list.length];
    }),
  );
}

function measured(dir: string): PortabilityReport {
  const chain = join(dir, 'ifeval-four.yaml');
  const shipped = readFileSync(resolve(root, 'fixtures/chains/ifeval.yaml'), 'utf8');
  const last = '  - openai/gpt-4o-mini-2024-07-18\n';
  writeFileSync(chain, shipped.replace(last, `${last}  - anthropic/claude-3-haiku-20240307\n`));
  const words = ['bin/dev.mjs', 'portability', '--chain', chain, '--workload', 'ifeval'];
  const env = { ...process.env, FIREDRILL_DATA: data };
  const json = execFileSync(process.execPath, [...words, '--out', join(dir, 'out'), '--json'], {
    cwd: root,
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return JSON.parse(json);
}

interface Levels {
  prompts: number;
  instructions: number;
}

/** Both levels, from what came through the chain. */
function levelsOf({ samples }: PortabilityReport, target: string): Levels {
  const sizes = instructionsBySample();
  let [all, followed, prompts, whole] = [0, 0, 0, 0];
  for (const { sample, cells } of samples) {
    const score = cells.find((cell) => cell.target === target)?.score ?? null;
    if (score === null) continue;
    const size = sizes.get(sample) ?? 0;
    all += size;
    followed += Math.round(score * size);
    prompts++;
    if (score === 1) whole++;
  }
  return { prompts: (whole / prompts) * 100, instructions: (followed / all) * 100 };
}

const one = (value: number): string => value.toFixed(1).padStart(5);
const points = (share: number | undefined | null): string =>
  typeof share === 'number' ? (share * 100).toFixed(1) : '-';

await shown(
  'portability over IFEval ranks the four models as their graders do',
  async ({ dir, say, check }) => {
    const report = measured(dir);
    say('score: mean over prompts of the share of instructions followed (ours);');
    say('prompts: prompts with all followed; instructions: all instructions together.');
    say('Published: strict, over the same 361 prompts. Paper: instruction level, over all 541.\n');
    say(
      `${'target'.padEnd(38)} rank     score (95%)           drop, points (95%)      mde   n    ` +
        'prompts: ours published   instructions: ours published paper',
    );
    for (const row of published) {
      const found = report.standings.find(
        ({ target, family }) => target === row.target && family === '*',
      );
      if (!found) throw new Error(`no row of ${row.target}`);
      const { rank, mean, ci95, primary, n } = found;
      const ours = levelsOf(report, row.target);
      const score = `${points(mean)} (${points(ci95?.[0])} to ${points(ci95?.[1])})`;
      const drop = primary
        ? `${points(primary.drop)} (${points(primary.ci95?.[0])} to ${points(primary.ci95?.[1])})`
        : '-';
      say(
        `${row.target.padEnd(38)} ${String(rank ?? 'primary').padEnd(8)} ${score.padEnd(21)} ${drop.padEnd(23)} ${points(primary?.mde).padEnd(5)} ${n}           ` +
          `${one(ours.prompts)} ${one(row.prompts)}                 ${one(ours.instructions)} ${one(row.instructions)}   ${one(row.paper)}`,
      );
      check(
        Math.abs(ours.prompts - row.prompts) < 0.06 &&
          Math.abs(ours.instructions - row.instructions) < 0.06,
        `${row.target}: both levels are the published ones`,
      );
    }
    const ranked = report.standings
      .filter(({ family, rank }) => family === '*' && rank !== null)
      .sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0))
      .map(({ target }) => target);
    const byPaper = published.slice(1).sort((a, b) => b.paper - a.paper);
    check(
      ranked.join() === byPaper.map(({ target }) => target).join(),
      `the fallbacks in the paper's order: ${ranked.join(', ')}`,
    );
    const worst = report.standings.find(({ target }) => target === ranked[2]);
    check(worst?.primary?.verdict === 'worse', 'claude-3-haiku is shown to be worse than gpt-4o');
  },
);
