// Peak memory of one trial of so many calls, history and scoring on: a process of its own each.
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installSeededRandom } from '../harness/clock/random-globals.ts';
import { enableNetwork } from '../harness/network/network.ts';
import { stream } from '../harness/rng.ts';
import { jsonChain } from './chains.ts';
import { benchScenario, benchWith, drill } from './desk.ts';

const calls = Number(process.argv[2] ?? 10_000);
const file = join(tmpdir(), `firedrill-bench-${process.pid}.jsonl`);
const world = { network: await enableNetwork(), random: installSeededRandom(stream(1, 'bench')) };
await drill(benchWith(jsonChain, 60, world), benchScenario(calls, 50), file);
rmSync(file, { force: true });
const peakMb = process.resourceUsage().maxRSS / 1024;
globalThis.gc?.();
const heapMb = process.memoryUsage().heapUsed / 1024 / 1024;
process.stdout.write(`${JSON.stringify({ calls, peakMb, heapMb })}\n`);
process.exit(0);
