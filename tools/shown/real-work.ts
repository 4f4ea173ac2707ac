// Shows: a chain that reads a file of 1 MB, gunzips it and runs pbkdf2 between its attempts has one
// history over 1,000 runs on a machine under load, and no timeout that a real clock would not give.
//
//   node_modules/.bin/node --import tsx tools/shown/real-work.ts [--runs 1000] [--busy 2]
//
// Load: threads that do nothing but use the processor. Timeouts: attempts that the chain gave up,
// against those to which a fault had sent nothing. Takes ten minutes on two cores.
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import { wall } from '../../harness/clock/wall.ts';
import { shippedTargets } from '../../harness/project.ts';
import type { Plan } from '../../harness/run/plan.ts';
import { makePlan, setupOf } from '../../harness/run/plan.ts';
import { runPool } from '../../harness/run/pool.ts';
import type { Job } from '../../harness/run/worker-protocol.ts';
import { fixtureChain, root, timeoutsIn, writeScenario } from '../../test/drills.ts';
import { numberOf, shown } from './shown.ts';

// Node's pool has one thread here as in the command itself; it is made before any code runs.
if (process.env.UV_THREADPOOL_SIZE !== '1') {
  const words = ['--import', 'tsx', fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  const env = { ...process.env, UV_THREADPOOL_SIZE: '1' };
  const { status } = spawnSync(process.execPath, words, { stdio: 'inherit', env });
  process.exit(status ?? 1);
}

/** A trial of its own, though the plan has only one. */
function numbered(dir: string, index: number): Pick<Job, 'index' | 'partFile'> {
  return { index, partFile: join(dir, 'parts', `${index}.jsonl`) };
}

await shown('Real work between attempts takes no virtual time.', async ({ dir, say, check }) => {
  const runs = numberOf('runs', 1000);
  const busy = Array.from(
    { length: numberOf('busy', 2) },
    () => new Worker('for (let i = 0; ; i++) Math.sqrt(i);', { eval: true }),
  );
  process.env.FIREDRILL_TEST_PACKED = join(dir, 'megabyte.gz');
  const megabyte = Buffer.from(randomBytes(768 * 1024).toString('base64'));
  writeFileSync(process.env.FIREDRILL_TEST_PACKED, gzipSync(megabyte));
  const scenario = writeScenario(dir, 'works', {
    arrival: { rate: '4/s', for: '4s' },
    faults: [
      { inject: 'server-error', status: 503, chance: '30%' },
      { inject: 'stall', at: 'headers', chance: '15%' },
    ],
  });
  const plan = makePlan({
    chainFile: fixtureChain('real-work.ts'),
    scenarioFiles: [scenario],
    targetsFiles: [shippedTargets],
    seed: 1,
    trials: 1,
    cwd: root,
  });
  const [job] = plan.jobs;
  if (!job) throw new Error('the plan has no trial');
  mkdirSync(join(dir, 'parts'));
  const started = wall.nowMs();
  const { hashes, attempts, timeouts, unearned, unequal } = await measured(
    plan,
    // The same trial again and again.
    Array.from({ length: runs }, (_, index): Job => ({ ...job, ...numbered(dir, index) })),
    say,
  );
  await Promise.all(busy.map((worker) => worker.terminate()));
  const took = `${((wall.nowMs() - started) / 1000).toFixed(0)} s`;
  say(`${runs} runs with ${busy.length} busy threads beside them: ${took}`);
  say(`${attempts} attempts, each after 1 MB read, unpacked and hashed; ${timeouts} timeouts`);
  check(hashes.size === 1, `one history: ${[...hashes].join(', ')}`);
  check(timeouts > 0 && unearned === 0, `${unearned} timeouts of attempts that were answered`);
  check(unequal === 0, 'every attempt without an answer was given up, and no other');
});

interface Measured {
  hashes: Set<string>;
  attempts: number;
  timeouts: number;
  /** Timeouts of attempts that were answered. */
  unearned: number;
  /** Runs in which another set of attempts was given up than had no answer. */
  unequal: number;
}

async function measured(plan: Plan, jobs: Job[], say: (line: string) => void): Promise<Measured> {
  const all: Measured = { hashes: new Set(), attempts: 0, timeouts: 0, unearned: 0, unequal: 0 };
  let done = 0;
  await runPool({
    setup: setupOf(plan, root),
    jobs,
    workers: 2,
    signal: new AbortController().signal,
    onSpin: (spun) => {
      throw new Error(`run ${spun.index} is said to spin`);
    },
    onDone: ({ partFile }) => {
      const text = readFileSync(partFile, 'utf8');
      const { timeouts, stalled } = timeoutsIn(partFile);
      rmSync(partFile);
      all.hashes.add(createHash('sha256').update(text).digest('hex').slice(0, 16));
      all.attempts += text.match(/"e":"attempt"/g)?.length ?? 0;
      all.timeouts += timeouts.length;
      all.unearned += timeouts.filter((one) => !stalled.includes(one)).length;
      if (timeouts.join() !== stalled.join()) all.unequal++;
      if (++done % 100 === 0) say(`${done} runs, ${all.hashes.size} histories`);
    },
  });
  return all;
}
