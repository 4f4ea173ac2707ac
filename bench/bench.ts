// `npm run bench`: every figure of DESIGN section 9 beside its goal, as a table and as JSON. Ratios
// from one process run each; absolute times depend on the machine and are shown for orientation.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import Table from 'cli-table3';
import { workersSpeedUp } from './workers.ts';

const root = resolve(import.meta.dirname, '..');

function measured<T>(script: string, ...words: string[]): T {
  const flags = ['--expose-gc', '--max-semi-space-size=32', '--import', 'tsx'];
  const args = [...flags, resolve(root, 'bench', script), ...words];
  const text = execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  return JSON.parse(text.trim().split('\n').at(-1) ?? '');
}

interface Calls {
  us: Record<string, number>;
  json: number;
  stream: number;
  paced: number;
  hour1: number;
  hour10: number;
}

interface Memory {
  calls: number;
  peakMb: number;
  heapMb: number;
}

const quick = process.argv.includes('--quick');
const calls = measured<Calls>('calls.ts', quick ? '3' : '7');
const sizes = quick ? [10_000, 100_000] : [10_000, 100_000, 1_000_000];
const memory = sizes.map((size) => measured<Memory>('memory.ts', String(size)));
const dir = mkdtempSync(join(tmpdir(), 'firedrill-bench-'));
const speedUp = await workersSpeedUp(dir);
rmSync(dir, { recursive: true, force: true });

const [, hundred, million] = memory;
const growth = million && hundred ? million.peakMb / hundred.peakMb : null;

type Row = { figure: string; value: number | null; unit: string; goal: number; least: boolean };
const rows: Row[] = [
  { figure: 'JSON call over the bare SDK', value: calls.json, unit: 'x', goal: 2.5, least: false },
  { figure: '50-chunk stream, no pacing', value: calls.stream, unit: 'x', goal: 1.4, least: false },
  {
    figure: '50-chunk stream, a timer a chunk',
    value: calls.paced,
    unit: 'x',
    goal: 3,
    least: false,
  },
  {
    figure: 'outage hour, 1 call/s',
    value: calls.hour1,
    unit: 'x real time',
    goal: 3000,
    least: true,
  },
  {
    figure: 'outage hour, 10 calls/s',
    value: calls.hour10,
    unit: 'x real time',
    goal: 500,
    least: true,
  },
  { figure: 'peak memory, 1M over 100k calls', value: growth, unit: 'x', goal: 1.15, least: false },
  { figure: 'two workers over one', value: speedUp, unit: 'x', goal: 1.4, least: true },
];

const table = new Table({ head: ['figure', 'measured', 'goal', ''], style: { head: [] } });
for (const { figure, value, unit, goal, least } of rows) {
  const met =
    value === null ? 'not measured' : (least ? value >= goal : value <= goal) ? 'met' : 'MISSED';
  const shown = value === null ? '-' : `${value.toFixed(value > 100 ? 0 : 2)} ${unit}`;
  table.push([figure, shown, `${least ? '>=' : '<='} ${goal}`, met]);
}
const result = {
  node: process.version,
  cores: availableParallelism(),
  rows: rows.map(({ figure, value, goal, least }) => ({ figure, value, goal, least })),
  us: calls.us,
  memory,
};
process.stdout.write(`${table.toString()}\n${JSON.stringify(result)}\n`);
const out = process.argv.find((word) => word.startsWith('--out='));
if (out) writeFileSync(out.slice('--out='.length), `${JSON.stringify(result, null, 2)}\n`);
