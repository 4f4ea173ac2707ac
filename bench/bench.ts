// `npm run bench`: every figure of DESIGN section 9 beside its goal, as a table and as JSON. Ratios
// from one process run each; absolute times depend on the machine and are shown for orientation.
// Plain Node, as from the built package: it strips the types itself.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import Table from 'cli-table3';
import { workersSpeedUp } from './workers.ts';

const root = resolve(import.meta.dirname, '..');

function measured<T>(script: string, ...words: string[]): T {
  const flags = ['--expose-gc', '--max-semi-space-size=32'];
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

type Row = [figure: string, value: number | null, unit: string, bound: '<=' | '>=', goal: number];
const rows: Row[] = [
  ['JSON call over the bare SDK', calls.json, 'x', '<=', 2.5],
  ['50-chunk stream, no pacing', calls.stream, 'x', '<=', 1.4],
  ['50-chunk stream, a timer a chunk', calls.paced, 'x', '<=', 3],
  ['outage hour, 1 call/s', calls.hour1, 'x real time', '>=', 3000],
  ['outage hour, 10 calls/s', calls.hour10, 'x real time', '>=', 500],
  ['peak memory, 1M over 100k calls', growth, 'x', '<=', 1.15],
  ['two workers over one', speedUp, 'x', '>=', 1.4],
];

const table = new Table({ head: ['figure', 'measured', 'goal', ''], style: { head: [] } });
for (const [figure, value, unit, bound, goal] of rows) {
  const holds = value !== null && (bound === '>=' ? value >= goal : value <= goal);
  const met = value === null ? 'not measured' : holds ? 'met' : 'MISSED';
  const shown = value === null ? '-' : `${value.toFixed(value > 100 ? 0 : 2)} ${unit}`;
  table.push([figure, shown, `${bound} ${goal}`, met]);
}

/** Where the time of a JSON call goes, in steps that each add one thing. */
const { bareJson = 0, bareProvider = 0, spaced = 0, stubbed = 0, json = 0 } = calls.us;
const steps = [
  ['the SDK on a stub that sends a content type and a body', bareJson],
  ["+ the provider's twelve headers", bareProvider],
  ['+ every call begins and is answered in a turn of its own', spaced],
  ['+ virtual time, a trial, its history and scores', stubbed],
  ['+ MSW, wire, recording, history and scores of attempts', json],
] as const;
const ladder = new Table({ head: ['JSON call', 'us', 'x'], style: { head: [] } });
for (const [what, us] of steps) ladder.push([what, us.toFixed(0), (us / bareJson).toFixed(2)]);

const result = {
  node: process.version,
  cores: availableParallelism(),
  rows: rows.map(([figure, value, , bound, goal]) => ({ figure, value, bound, goal })),
  us: calls.us,
  memory,
};
process.stdout.write(`${table}\n${ladder}\n${JSON.stringify(result)}\n`);
const out = process.argv.find((word) => word.startsWith('--out='));
if (out) writeFileSync(out.slice('--out='.length), `${JSON.stringify(result, null, 2)}\n`);
