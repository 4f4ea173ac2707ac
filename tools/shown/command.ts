// A command line as a process of its own, as people start it from a checkout.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../../test/drills.ts';

export interface Ended {
  code: number;
  out: string;
  err: string;
}

export function command(words: string[], cwd = root): Promise<Ended> {
  const file = join(root, 'bin/dev.mjs');
  const options = { cwd, maxBuffer: 64 * 1024 * 1024 };
  return new Promise((resolve) => {
    execFile(process.execPath, [file, ...words], options, (error, out, err) => {
      const code = typeof error?.code === 'number' ? error.code : error ? -1 : 0;
      resolve({ code, out, err });
    });
  });
}
