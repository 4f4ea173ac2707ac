// The frame of every script in this folder: prints what is claimed and what was measured, and ends
// with 1 where the claim does not hold.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Showing {
  /** A folder of its own; removed at the end. */
  dir: string;
  say(line: string): void;
  /** Counts as failed where `holds` is false. */
  check(holds: boolean, what: string): void;
}

export async function shown(
  claim: string,
  body: (showing: Showing) => Promise<void>,
): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'firedrill-shown-'));
  const say = (line: string): void => {
    process.stdout.write(`${line}\n`);
  };
  let failed = 0;
  const check = (holds: boolean, what: string): void => {
    if (!holds) failed++;
    say(`${holds ? 'ok    ' : 'FAILED'} ${what}`);
  };
  say(`${claim}\n`);
  try {
    await body({ dir, say, check });
  } catch (error) {
    check(false, error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
  say(failed === 0 ? '\nshown' : `\nNOT shown: ${failed} checks failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

/** The number after `--name` on the command line. */
export function numberOf(name: string, otherwise: number): number {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
}

/** The word after `--name` on the command line. */
export function wordOf(name: string, otherwise: string): string {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : (process.argv[at + 1] ?? otherwise);
}
