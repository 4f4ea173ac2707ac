// Where tests find the exchanges and graded answers that others recorded. They live outside the
// repository; without them these tests are skipped in words, unless FIREDRILL_REQUIRE_DATA=1.
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe } from 'vitest';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** The folder of outside data, or null where there is none. */
export function dataDir(): string | null {
  const dir = resolve(root, process.env.FIREDRILL_DATA ?? '../shared');
  if (existsSync(resolve(dir, 'recordings/INDEX.csv'))) return dir;
  if (process.env.FIREDRILL_REQUIRE_DATA === '1') {
    throw new Error(`FIREDRILL_REQUIRE_DATA=1, but there is no recordings/INDEX.csv in ${dir}`);
  }
  return null;
}

/** A group of tests over the outside data; its name carries "(data)" so that skips are counted. */
export function describeData(name: string, body: (dir: string) => void): void {
  const dir = dataDir();
  if (dir === null) describe.skip(`${name} (data)`, () => body('/nonexistent'));
  else describe(`${name} (data)`, () => body(dir));
}
