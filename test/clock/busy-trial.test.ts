import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { afterEach, expect, test } from 'vitest';

const program = fileURLToPath(new URL('busy-trial.ts', import.meta.url));
const burners: Worker[] = [];

/** The lines of one trial. */
async function run(mode: string, poolThreads: number): Promise<string[]> {
  const env = { ...process.env, UV_THREADPOOL_SIZE: String(poolThreads) };
  const args = ['--import', 'tsx', program, mode];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  return stdout.trim().split('\n');
}

function burnProcessors(threads: number): void {
  for (let i = 0; i < threads; i++) {
    burners.push(new Worker('for (;;) Math.sqrt(Math.random());', { eval: true }));
  }
}

afterEach(async () => {
  await Promise.all(burners.splice(0).map((burner) => burner.terminate()));
});

test('crypto, files, compression, imports and WebAssembly come at the same virtual time under any load', async () => {
  const calm = await run('sequential', 4);
  expect(calm.at(-1)).toBe('done');
  expect(new Set(calm.map((line) => line.split(' ')[2])).size).toBeGreaterThan(10);
  burnProcessors(3);
  for (const busy of await Promise.all([run('sequential', 4), run('sequential', 8)])) {
    expect(busy).toEqual(calm);
  }
}, 60_000);

test('with one pool thread, work that one callback starts in parallel keeps its order too', async () => {
  const calm = await run('parallel', 1);
  expect(calm.at(-1)).toBe('done');
  burnProcessors(3);
  for (const busy of await Promise.all([run('parallel', 1), run('parallel', 1)])) {
    expect(busy).toEqual(calm);
  }
}, 60_000);
