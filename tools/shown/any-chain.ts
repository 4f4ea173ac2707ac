// One chain file and one scenario through everything that firedrill can drill: the reference chain,
// every library, an app's handler, every gateway, and a Python program. Each row is a command, run
// as a user runs it; what crossed the wire and what the callers got is read from what it wrote.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { adapters } from '../../harness/adapters/index.ts';
import { gateways } from '../../harness/gateways/index.ts';
import { installationDir } from '../../harness/gateways/installed.ts';
import type { Report } from '../../harness/report.ts';
import { readHistory } from '../../harness/run/history-file.ts';
import { cellOf } from '../../harness/scorecard/cells.ts';
import { root } from '../../test/drills.ts';
import { processesWith } from '../../test/gateways/left-over.ts';
import { shown } from './shown.ts';

const scenario = `name: primary-down
description: OpenAI answers 503 to everything
workload: failover-bench
arrival: { each: once, gap: 2s }
drain: 2m
deadline: 30s
faults:
  - { inject: server-error, status: 503, on: { provider: openai } }
`;
const chainFile = 'fixtures/chains/failover-bench.yaml';
const primary = 'openai/gpt-4o';
const questions = [
  'Explain to a child in a few sentences why the sea has tides.',
  'Explain in a few sentences why bread dough rises.',
];

await shown('One chain file and one scenario through everything', async ({ dir, say, check }) => {
  const file = join(dir, 'primary-down.yaml');
  writeFileSync(file, scenario);
  const firedrill = (words: string[]) =>
    spawnSync(process.execPath, [join(root, 'bin/dev.mjs'), ...words], {
      cwd: root,
      encoding: 'utf8',
    });
  const table = [
    '| system | time | callers got | attempts on openai / others | longest | broken rules |',
    '| --- | --- | --- | --- | --- | --- |',
  ];
  const rows: [name: string, words: string[]][] = [
    ['reference', ['--chain', chainFile]],
    ...[...Object.keys(adapters), ...Object.keys(gateways)].map((name): [string, string[]] => [
      name,
      ['--chain', chainFile, '--through', name],
    ]),
    ['Hono app', ['--chain', 'test/fixtures/chains/hono-app.ts']],
  ];
  for (const [name, words] of rows) {
    const out = join(dir, name.replace(' ', '-'));
    const { status, stderr } = firedrill(['run', file, ...words, '--out', out]);
    check(status === 0 || status === 1, `${name} was drilled ${status === 2 ? stderr : ''}`);
    if (status === 2) continue;
    const report: Report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'));
    const [row] = report.scenarios;
    if (!row) continue;
    const { outcomes, attempts, latency_ms, violated } = cellOf(name, primary, row);
    const got = Object.entries(outcomes).map(([outcome, count]) => `${count} ${outcome}`);
    const longest = latency_ms.max === null ? 'none' : `${latency_ms.max} ms`;
    const asked = `${attempts.primary} / ${attempts.others}`;
    const cells = [name, row.clock, got.join(', '), asked, longest, violated.join(' ') || '-'];
    table.push(`| ${cells.join(' | ')} |`);
    check(attempts.primary > 0, `${name}: its attempts on the dead provider were seen`);
  }
  const python = join(installationDir(root, 'python'), 'bin/python');
  const script = join(root, 'tools/shown/outside/fallback_loop.py');
  const out = join(dir, 'python');
  const { status, stdout } = firedrill([
    'exec',
    '--scenario',
    file,
    '--out',
    out,
    '--',
    python,
    script,
    ...questions,
  ]);
  const answers = stdout.split('\n').filter((line) => line.startsWith('{'));
  const served = answers.map((line) => String(JSON.parse(line).served));
  const asked = { openai: 0, anthropic: 0 };
  for (const event of readHistory(join(out, 'history.jsonl'))) {
    if (event.e !== 'attempt') continue;
    if (event.provider === 'openai' || event.provider === 'anthropic') asked[event.provider]++;
  }
  const cells = ['exec python', 'real', `served by ${served.join(', ')}`];
  const last = [...cells, `${asked.openai} / ${asked.anthropic}`, '', `exit ${status}`];
  table.push(`| ${last.join(' | ')} |`);
  const fellBack = served.length === questions.length && !served.some((name) => name === 'openai');
  check(fellBack, 'the Python loop fell back');
  check(asked.openai === 2 * questions.length, 'its tries on the dead provider were seen');
  check(processesWith(dir).length === 0, 'nothing that was started is left');
  say(`\n${table.join('\n')}`);
});
