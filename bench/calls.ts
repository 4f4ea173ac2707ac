// Time of a drilled call over the bare SDK's, and virtual over wall time of an outage hour, all in
// one process: medians of several rounds, taken in turn so that a slow moment hits both.
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installSeededRandom } from '../harness/clock/random-globals.ts';
import { enableNetwork } from '../harness/network/network.ts';
import { stream } from '../harness/rng.ts';
import { bareUs, spacedUs, stubbedChain } from './bare.ts';
import { fallbackChain, jsonChain, streamChain } from './chains.ts';
import { benchScenario, benchWith, drill } from './desk.ts';

const rounds = Number(process.argv[2] ?? 7);
const file = join(tmpdir(), `firedrill-bench-${process.pid}.jsonl`);
const world = { network: await enableNetwork(), random: installSeededRandom(stream(1, 'bench')) };

/** Far faster than a token a ms: all chunks of a stream are due at once. */
const atOnce = 1e9;

const drilled = {
  stubbed: { bench: benchWith(stubbedChain, atOnce, world), calls: 4000 },
  json: { bench: benchWith(jsonChain, atOnce, world), calls: 4000 },
  stream: { bench: benchWith(streamChain, atOnce, world), calls: 1500 },
  paced: { bench: benchWith(streamChain, 60, world), calls: 1500 },
} as const;

async function drilledUs(name: keyof typeof drilled): Promise<number> {
  const { bench, calls } = drilled[name];
  const start = performance.now();
  // 100 a second at half a second each: 50 in flight, as on the other side.
  const done = await drill(bench, benchScenario(calls, 100), file);
  return ((performance.now() - start) * 1000) / done;
}

const outage = (rate: number): string =>
  `  - { inject: server-error, status: 503, on: { provider: openai }, from: 20m, to: 30m }\n`.repeat(
    rate > 0 ? 1 : 0,
  );

async function hour(rate: number): Promise<number> {
  const bench = benchWith(fallbackChain, 60, world);
  const start = performance.now();
  await drill(bench, benchScenario(3600 * rate, rate, outage(rate)), file);
  return 3_600_000 / (performance.now() - start);
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

const us: Record<string, number[]> = {
  bareJson: [],
  bareProvider: [],
  spaced: [],
  stubbed: [],
  bareStream: [],
  json: [],
  stream: [],
  paced: [],
};
const hours: Record<'1' | '10', number[]> = { '1': [], '10': [] };
for (let round = 0; round <= rounds; round++) {
  const taken = {
    bareJson: await bareUs('json', 4000),
    bareProvider: await bareUs('json', 4000, 'provider'),
    spaced: await spacedUs(4000),
    stubbed: await drilledUs('stubbed'),
    json: await drilledUs('json'),
    bareStream: await bareUs('stream', 1500),
    stream: await drilledUs('stream'),
    paced: await drilledUs('paced'),
  };
  // The first round warms up.
  if (round > 0) for (const [name, value] of Object.entries(taken)) us[name]?.push(value);
  if (round > 0 && round <= 3) {
    hours['1'].push(await hour(1));
    hours['10'].push(await hour(10));
  }
}
rmSync(file, { force: true });
const of = (name: string): number => median(us[name] ?? []);
process.stdout.write(
  `${JSON.stringify({
    us: Object.fromEntries(Object.keys(us).map((name) => [name, of(name)])),
    json: of('json') / of('bareJson'),
    stream: of('stream') / of('bareStream'),
    paced: of('paced') / of('bareStream'),
    hour1: median(hours['1']),
    hour10: median(hours['10']),
  })}\n`,
);
process.exit(0);
