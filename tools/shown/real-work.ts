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
import { wall } from '../../harness/clock.ts';
import { makePlan } from '../../harness/plan.ts';
import { runPool } from '../../harness/pool.ts';
import { shippedTargets } from '../../harness/project.ts';
import type { Job } from '../../harness/worker-protocol.ts';
import { fixtureChain, root, timeoutsIn, writeScenario } from '../../test/drills.ts';
import { numberOf, shown } from './shown.ts';

// Node's pool has one thread here as in the command itself; it is made before any code runs.
if (process.env.UV_THREADPOOL_SIZE !== '1') {
  const words = ['--import', 'tsx', fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  const env = { ...process.env, UV_THREADPOOL_SIZE: '1' };
  const { status } = spawnSync(process.execPath, words, { stdio: 'inherit', env });
  process.exit(status ?? 1);
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
  const partFile = (index: number): string => join(dir, 'parts', `${index}.jsonl`);
  const hashes = new Map<string, number>();
  const started = wall.nowMs();
  let attempts = 0;
  let timeouts = 0;
  let unearned = 0;
  let last = '';
  await runPool({
    setup: {
      chainFile: plan.chainFile,
      scenarios: plan.scenarios.map(({ file, text }) => ({ file, text })),
      targetsFiles: plan.targetsFiles,
      cwd: root,
      seed: plan.seed,
    },
    // The same trial again and again.
    jobs: Array.from(
      { length: runs },
      (_, i): Job => ({ ...job, index: i, partFile: partFile(i) }),
    ),
    workers: 2,
    signal: new AbortController().signal,
    onSpin: (spun) => check(false, `run ${spun.index} is said to spin`),
    onDone: ({ index, partFile: file }) => {
      const text = readFileSync(file, 'utf8');
      const hash = createHash('sha256').update(text).digest('hex').slice(0, 16);
      hashes.set(hash, (hashes.get(hash) ?? 0) + 1);
      const found = timeoutsIn(file);
      attempts += text.match(/"e":"attempt"/g)?.length ?? 0;
      timeouts += found.timeouts.length;
      unearned += found.timeouts.filter((one) => !found.stalled.includes(one)).length;
      last = JSON.stringify(found.timeouts) === JSON.stringify(found.stalled) ? last : file;
      rmSync(file);
      if ((index + 1) % 100 === 0) say(`${index + 1} runs, ${hashes.size} histories`);
    },
  });
  await Promise.all(busy.map((worker) => worker.terminate()));
  const seconds = (wall.nowMs() - started) / 1000;
  say(`${runs} runs with ${busy.length} busy threads beside them: ${seconds.toFixed(0)} s`);
  say(`${attempts} attempts, each after 1 MB read, unpacked and hashed; ${timeouts} timeouts`);
  check(hashes.size === 1, `one history: ${[...hashes.keys()].join(', ')}`);
  check(timeouts > 0 && unearned === 0, `${unearned} timeouts of attempts that were answered`);
  check(last === '', 'every attempt without an answer was given up, and no other');
});
