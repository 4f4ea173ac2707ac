// One trial full of work outside JavaScript, as a program of its own: prints one line per event
// with its virtual time. Started by busy-trial.test.ts; `sequential` has each task await its
// operations,
// `parallel` has every callback start several at once, which then race for the pool threads.
// Streams, imports and WebAssembly have threads or turns of their own and so no order among such
// work.
import crypto from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { installVirtualTime } from '../../harness/clock/clock.ts';
import { stream } from '../../harness/rng.ts';

const TASKS = 8;
const ROUNDS = 6;
const POOLED = /^(digest|readFile|pbkdf2|scrypt|randomFill|gunzip|formData)$/;
/** An empty module: magic number and version. */
const WASM = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
const zipped = zlib.gzipSync(Buffer.from('firedrill '.repeat(30_000)));

const operations: Record<string, (size: number) => Promise<unknown>> = {
  digest: (size) => globalThis.crypto.subtle.digest('SHA-256', new Uint8Array(size * 20_000)),
  readFile: () => readFile(new URL(import.meta.url)),
  pbkdf2: (size) => promisify(crypto.pbkdf2)('word', 'salt', size * 200, 32, 'sha256'),
  scrypt: (size) => promisify<string, string, number, Buffer>(crypto.scrypt)('word', 'salt', size),
  randomFill: (size) =>
    new Promise((resolve) => crypto.randomFill(new Uint8Array(size * 100), resolve)),
  gunzip: () => promisify(zlib.gunzip)(zipped),
  DecompressionStream: () =>
    new Response(new Blob([zipped]).stream().pipeThrough(new DecompressionStream('gzip'))).text(),
  importData: (size) => import(`data:text/javascript,export default ${size}`),
  importFile: (size) => import(`./busy-trial.ts?${size}`, { with: {} }),
  wasm: () => WebAssembly.compile(WASM),
  formData: () => new Response(new URLSearchParams('a=b')).formData(),
};

async function main(parallel: boolean): Promise<void> {
  const time = installVirtualTime({ startEpochMs: 0, realWork: true });
  const lines: string[] = [];
  let done = 0;
  const task = async (name: number): Promise<void> => {
    const rng = stream(7, name);
    const names = Object.keys(operations).filter(
      (operation) => !parallel || POOLED.test(operation),
    );
    for (let round = 0; round < ROUNDS * (parallel ? 1 : 2); round++) {
      // Multiples of ten, so that tasks often wake at the same instant.
      await new Promise((resolve) => setTimeout(resolve, 10 * rng.int(5)));
      const chosen = Array.from({ length: parallel ? 4 : 1 }, () => names[rng.int(names.length)]);
      const run = async (operation = ''): Promise<void> => {
        await operations[operation]?.(1 + rng.int(40));
        lines.push(`${time.now()} ${name} ${operation}`);
      };
      await Promise.all(chosen.map(run));
    }
    done++;
  };
  for (let name = 0; name < TASKS; name++) void task(name);
  const { end } = await time.drive({ isDone: () => done === TASKS, untilMs: 60_000 });
  time.uninstall();
  process.stdout.write(`${lines.join('\n')}\n${end}\n`);
}

if (process.argv[1]?.endsWith('busy-trial.ts') && !import.meta.url.includes('?')) {
  await main(process.argv[2] === 'parallel');
}
