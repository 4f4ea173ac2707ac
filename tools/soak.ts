// The soak: every good chain of test/good over every shipped scenario, seed after seed. None of
// them may be accused of anything; each accusation is printed as it is found, with the words that
// replay it. What is done is kept in reports/soak: a soak that was stopped goes on where it was.
//
//   npm run soak -- [--from 1] [--seeds 1000] [--chains a,b] [--scenarios x,y] [--workers 2]
//                   [--seed 1] [--calls 120] [--crowd 8] [--full-seeds 5] [--long-calls 600]
//                   [--long-seeds 5] [--twin-seeds 1000] [--block 20] [--keep docs/soak]
//                   [--aside twins]
//
// So many seeds (--block) are drilled by the same workers, and lost if it is stopped among them.
// Rates are lowered to at most --calls calls in a trial, crowds to --crowd callers (all of them, if
// it is not given); so many --full-seeds have all calls. Incidents of hours have numbers of their
// own (--long-...).
// Twins are more than half of the work: after --twin-seeds, trials go without them. --from and
// --seeds are the first and the last: what they gave is kept as a part of docs/soak.json, and
// docs/soak.md is written anew of all parts. With --aside NAME it is kept beside the soak of all
// scenarios: for some of them, with what that one leaves out.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '../harness/errors.ts';
import { packageRoot } from '../harness/project.ts';
import { drill, fingerprintOf, shortHash } from './soak/drill.ts';
import type { SoakPart } from './soak/part.ts';
import {
  chainPart,
  commit,
  groupsOf,
  readParts,
  refuseKept,
  withoutOf,
  withPart,
} from './soak/part.ts';
import type { Accusation, Block } from './soak/state.ts';
import { BlockFile, harnessHash } from './soak/state.ts';
import { summary } from './soak/summary.ts';
import type { GoodChain, Group, Most, SoakScenario } from './soak/what.ts';
import { goodChains, soakScenarios, unfit } from './soak/what.ts';

const { values } = parseArgs({
  options: {
    from: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1000' },
    'full-seeds': { type: 'string', default: '5' },
    'long-seeds': { type: 'string', default: '5' },
    'twin-seeds': { type: 'string' },
    chains: { type: 'string' },
    scenarios: { type: 'string' },
    workers: { type: 'string', default: '2' },
    calls: { type: 'string', default: '120' },
    'long-calls': { type: 'string', default: '600' },
    crowd: { type: 'string' },
    block: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    keep: { type: 'string' },
    aside: { type: 'string' },
  },
});
const seed = Number(values.seed);
const first = Number(values.from);
const seeds = Number(values.seeds);
/** Trials of a scenario that are judged, and written down, together. */
const blockSize = Number(values.block);
const most: Most = {
  calls: Number(values.calls),
  longCalls: Number(values['long-calls']),
  crowd: Number(values.crowd ?? Number.POSITIVE_INFINITY),
};
const groups: Record<Group, number> = {
  all: seeds,
  full: Math.min(seeds, Number(values['full-seeds'])),
  long: Math.min(seeds, Number(values['long-seeds'])),
};
const aside = values.aside ?? null;
const twinSeeds = Math.min(seeds, Number(values['twin-seeds'] ?? seeds));
const dir = join(packageRoot, 'reports/soak');
const trialsDir = join(dir, `trials-${process.pid}`);

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

interface Soaking {
  chain: GoodChain;
  scenarios: SoakScenario[];
  state: BlockFile;
  /** Scenarios that do not fit it, by reason. */
  leftOut: Map<string, string[]>;
}

function soakingOf(chain: GoodChain, all: SoakScenario[], harness: string): Soaking {
  const leftOut: Soaking['leftOut'] = new Map();
  const scenarios = all.filter((scenario) => {
    const why = unfit(chain, scenario);
    if (why !== null) leftOut.set(why, [...(leftOut.get(why) ?? []), scenario.key]);
    return why === null;
  });
  const fingerprint = shortHash(fingerprintOf(chain, scenarios, seed), harness);
  return { chain, scenarios, state: new BlockFile(dir, chain.name, fingerprint), leftOut };
}

function told({ chain, scenario, trial, rule, text, replay }: Accusation): string {
  return `ACCUSED ${chain}, ${scenario}, trial ${trial}, ${rule}: ${text}\n  ${replay}`;
}

/** Whether a block begins with it. */
const isFirst = (from: number): boolean => (from - 1) % blockSize === 0;

/** The last trial of the block that begins with `from`. */
function lastOf(from: number, group: Group): number {
  return Math.min(from + blockSize - 1, groups[group]);
}

/** Whether the block that begins with `from` has twins. */
const hasTwins = (from: number): boolean => from <= twinSeeds;

/** Blocks of an earlier soak with other numbers of seeds are not counted twice. */
function isPlanned(scenarios: SoakScenario[]): (block: Block) => boolean {
  const byKey = new Map(scenarios.map((one) => [one.key, one.group]));
  return ({ scenario, from, to, twins }) => {
    const group = byKey.get(scenario);
    if (group === undefined || from < first || twins !== hasTwins(from)) return false;
    return isFirst(from) && to === lastOf(from, group);
  };
}

async function soak(all: Soaking[], signal: AbortSignal): Promise<void> {
  for (let from = first; from <= seeds; from += blockSize) {
    for (const { chain, scenarios, state } of all) {
      for (const group of ['all', 'full', 'long'] as const) {
        const to = lastOf(from, group);
        const twins = hasTwins(from);
        const open = scenarios.filter(
          (one) => one.group === group && to >= from && !state.has(one.key, from, to, twins),
        );
        if (open.length === 0 || signal.aborted) continue;
        const started = performance.now();
        const options = { chain, scenarios: open, from, to, twins, seed, dir: trialsDir, signal };
        await drill({
          ...options,
          workers: Number(values.workers),
          onBlock: (block) => state.add(block),
          onAccusation: (accusation) => say(told(accusation)),
        });
        const s = ((performance.now() - started) / 1000).toFixed(1);
        say(`${chain.name}: ${open.length} scenarios, trials ${from} to ${to}, ${s} s`);
      }
    }
  }
}

function chosen<T extends { name: string }>(things: T[], names: string | undefined): T[] {
  if (names === undefined) return things;
  const wanted = names.split(',');
  for (const name of wanted) {
    if (!things.some((thing) => thing.name === name)) throw new Error(`there is no ${name}`);
  }
  return things.filter(({ name }) => wanted.includes(name));
}

const drillsIn = (blocks: readonly Block[]): number =>
  blocks.reduce((total, block) => total + block.drills, 0);

interface Soaked {
  all: Soaking[];
  scenarios: SoakScenario[];
  /** These, and those that were not wanted. */
  shipped: SoakScenario[];
  /** The commit. */
  code: string;
}

function partOf({ all, scenarios, shipped, code }: Soaked): SoakPart {
  const done = all.map(({ chain, state, leftOut }) => {
    return { name: chain.name, blocks: state.blocks.filter(isPlanned(scenarios)), leftOut };
  });
  const crowd = values.crowd === undefined ? null : most.crowd;
  const mostCalls = { all: most.calls, long: most.longCalls, crowd };
  const names = [...new Set(scenarios.map(({ name }) => name))];
  return {
    aside: aside === null ? null : { name: aside, scenarios: names },
    from: first,
    to: seeds,
    seed,
    code,
    mostCalls,
    groups: groupsOf(scenarios, groups),
    lowered: scenarios.filter(({ lowered }) => lowered).map(({ name }) => name),
    without: aside === null ? withoutOf(shipped, scenarios) : [],
    twinsTo: twinSeeds,
    drills: done.reduce((total, { blocks }) => total + drillsIn(blocks), 0),
    chains: Object.fromEntries(
      done.map(({ name, blocks, leftOut }) => [name, chainPart(blocks, leftOut)]),
    ),
    accusations: done.flatMap(({ blocks }) => blocks.flatMap(({ accusations }) => accusations)),
  };
}

async function main(): Promise<void> {
  if (!isFirst(first)) throw new Error(`--from: expected 1, ${blockSize + 1}, ...`);
  const [json, text] = [`${values.keep}.json`, `${values.keep}.md`];
  const keeps = values.keep !== undefined;
  const kept = keeps ? readParts(json) : [];
  refuseKept(kept, { name: aside, from: first, to: seeds });
  // Before hours in which files may change. A checkout where nothing is kept may have no history.
  const code = keeps ? commit() : 'this code';
  mkdirSync(trialsDir, { recursive: true });
  const shipped = soakScenarios(join(dir, 'scenarios'), most);
  const scenarios = chosen(shipped, values.scenarios);
  const good = await goodChains();
  const harness = harnessHash();
  const all = chosen(good, values.chains).map((chain) => soakingOf(chain, scenarios, harness));
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());
  await soak(all, stop.signal);
  const part = partOf({ all, scenarios, shipped, code });
  say(summary([part], good));
  if (stop.signal.aborted) {
    say('stopped: the same command goes on');
    process.exitCode = 130;
    return;
  }
  if (keeps) {
    const now = withPart(kept, part);
    writeFileSync(json, `${JSON.stringify(now, null, 1)}\n`);
    writeFileSync(text, summary(now, good));
  }
  process.exitCode = part.accusations.length > 0 ? 1 : 0;
}

try {
  await main();
} catch (error) {
  say(messageOf(error));
  process.exitCode = 2;
} finally {
  rmSync(trialsDir, { recursive: true, force: true });
}
