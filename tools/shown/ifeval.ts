// Real answers, somebody else's grades: the ten-minute outage over IFEval with two chains and
// twenty seeds. The drop that the grades lead to expect, given who served, must lie in the printed
// interval on at least 18 of 20 seeds. Needs the outside data (FIREDRILL_DATA).
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const data = resolve(process.env.FIREDRILL_DATA ?? resolve(root, '../shared'));
const seeds = Number(process.argv[2] ?? 20);

interface Row {
  served_by: Record<string, number>;
  quality: { drop: number; ci95: [number, number]; n: number; calls: number; mde: number };
}

/** Mean strict score over the graded prompts: the share of instructions followed, by prompt. */
function meanGrade(target: string): number {
  const file = resolve(data, 'ifeval/grades', `${target.split('/')[1]}.jsonl`);
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  const scores = lines.map((line) => JSON.parse(line).strict as boolean[]);
  const each = scores.map((strict) => strict.filter(Boolean).length / strict.length);
  return each.reduce((sum, score) => sum + score, 0) / each.length;
}

/** What the grades lead to expect: every target's own distance from the primary, by its share. */
function expectedDrop(servedBy: Record<string, number>, primary: string): number {
  const targets = Object.entries(servedBy).filter(([target]) => target.includes('/'));
  const all = targets.reduce((sum, [, share]) => sum + share, 0);
  const drops = targets.map(([target, share]) => share * (meanGrade(primary) - meanGrade(target)));
  return drops.reduce((sum, drop) => sum + drop, 0) / all;
}

function drill(chain: string, seed: number): Row {
  const out = mkdtempSync(join(tmpdir(), 'ifeval-'));
  try {
    const words = ['bin/dev.mjs', 'run', 'scenarios/outside-data/ifeval-outage.yaml'];
    words.push('--chain', `fixtures/chains/${chain}.yaml`, '--seed', String(seed));
    words.push('--out', join(out, 'run'), '--json');
    const env = { ...process.env, FIREDRILL_DATA: data };
    const json = execFileSync(process.execPath, words, {
      cwd: root,
      env,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    return JSON.parse(json).scenarios[0];
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

const points = (share: number): string => `${(share * 100).toFixed(2)}`.padStart(6);
let held = true;
for (const chain of ['ifeval', 'ifeval-mini']) {
  let inside = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const { quality, served_by } = drill(chain, seed);
    const expected = expectedDrop(served_by, 'openai/gpt-4o-2024-08-06');
    const within = expected >= quality.ci95[0] && expected <= quality.ci95[1];
    if (within) inside++;
    const interval = `${points(quality.ci95[0])} to ${points(quality.ci95[1])}`;
    console.log(
      `${chain.padEnd(11)} seed ${String(seed).padStart(2)}  drop ${points(quality.drop)} points (${interval})  expected ${points(expected)}  n ${quality.n}  calls ${quality.calls}  mde ${points(quality.mde)}  ${within ? 'inside' : 'OUTSIDE'}`,
    );
  }
  const needed = Math.ceil(seeds * 0.9);
  console.log(`${chain}: ${inside} of ${seeds} inside, ${needed} needed`);
  held &&= inside >= needed;
}
process.exitCode = held ? 0 : 1;
