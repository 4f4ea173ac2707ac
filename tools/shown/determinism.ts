// Shows: history.jsonl and every report are byte-equal (without the fields that `wallFields` in
// harness/report.ts lists) over 20 repeats, with 1 and N workers, in shuffled orders of trials, on
// Node 22 and 24; and another seed changes the history itself.
//
//   node_modules/.bin/node --import tsx tools/shown/determinism.ts [--repeats 20]
//
// Node 22 comes from the npm package `node`, installed into a temporary folder; FIREDRILL_NODE22
// names another one. Takes about eight minutes on two cores.
import { execFile, execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { wall } from '../../harness/clock/wall.ts';
import { wallFields } from '../../harness/report.ts';
import { bytesOf, fixtureChain, root, writeShortened } from '../../test/drills.ts';
import { numberOf, shown } from './shown.ts';

const chains = [
  fixtureChain('openai-stream.ts'),
  fixtureChain('anthropic-json.ts'),
  fixtureChain('both-at-once.ts'),
  join(root, 'fixtures/chains/gpt-first.yaml'),
];
const scenarioNames = [
  'provider-outage',
  'rate-limit-storm-with-hint',
  'recovery-ramp',
  'in-stream-overload',
  'stall-mid-stream',
  'cut-stream',
  'truncated-stream',
];

function node22(dir: string): string {
  const own = process.env.FIREDRILL_NODE22;
  if (own) return own;
  const words = ['install', '--prefix', dir, '--no-save', '--no-audit', '--no-fund', 'node@22'];
  execFileSync('npm', words, { cwd: dir, stdio: 'ignore' });
  return join(dir, 'node_modules/node/bin/node');
}

await shown(
  'The same input and seed give the same bytes: workers, order of trials and Node do not matter.',
  async ({ dir, say, check }) => {
    const repeats = numberOf('repeats', 20);
    const nodes = [process.execPath, node22(dir)];
    const versions = nodes.map((node) => execFileSync(node, ['--version'], { encoding: 'utf8' }));
    const majors = versions.map((version) => version.split('.')[0]).sort();
    check(majors.join(' ') === 'v22 v24', `Node ${versions.map((v) => v.trim()).join(' and ')}`);
    const scenarios = scenarioNames.map((name) => writeShortened(dir, name, 20));
    const many = Math.max(2, availableParallelism());
    const started = wall.nowMs();
    const runs = async (name: string, more: { seed?: number; node?: string }, n: number) => {
      const outs = chains.map((chain, i) => ({ chain, out: join(dir, `${name}-${i}`) }));
      const workers = n % 2 === 0 ? 1 : many;
      const words = { runs: outs, scenarios, trials: 2, seed: more.seed ?? 1, workers, order: n };
      const file = join(root, 'tools/shown/one-run.ts');
      const node = more.node ?? process.execPath;
      await promisify(execFile)(node, ['--import', 'tsx', file, JSON.stringify(words)], {
        cwd: root,
      });
      return outs.map(({ out }) => bytesOf(out));
    };
    const first = await runs('first', {}, 0);
    for (const [i, chain] of chains.entries()) {
      const out = join(dir, `first-${i}`);
      const faults = readFileSync(join(out, 'history.jsonl'), 'utf8').match(/"e":"effect"/g);
      say(
        `${chain.slice(root.length)}: ${readdirSync(out).length} files, ${faults?.length} faults`,
      );
      check((faults?.length ?? 0) > 5, 'the trials met faults');
    }
    const files = Object.keys(first[0] ?? {});
    say(`compared: ${files.join(', ')}; without ${wallFields.join(', ')} of report.json`);
    for (let n = 1; n <= repeats; n++) {
      const node = nodes[Math.floor(n / 2) % 2] ?? '';
      const found = await runs(`repeat-${n}`, { node }, n);
      const equal = JSON.stringify(found) === JSON.stringify(first);
      const version = versions[nodes.indexOf(node)]?.trim();
      check(equal, `repeat ${n}: ${n % 2 === 0 ? 1 : many} workers, shuffle ${n}, Node ${version}`);
    }
    const other = await runs('seed', { seed: 2 }, 0);
    for (const [i, chain] of chains.entries()) {
      const differs = other[i]?.['history.jsonl'] !== first[i]?.['history.jsonl'];
      check(differs, `seed 2 gives another history: ${chain.slice(root.length)}`);
    }
    say(`${((wall.nowMs() - started) / 1000).toFixed(0)} s`);
  },
);
