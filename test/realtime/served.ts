// `firedrill serve` as a process of its own, and what it says.
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../drills.ts';

export interface Started {
  child: ChildProcess;
  /** With a slash at its end. */
  control: string;
  /** As a program is to be given it. */
  environment: Record<string, string>;
  out(): string;
  err(): string;
  /** Interrupts it, as Ctrl-C does; the code with which it ended. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

/** The words behind `serve`. Rejects with what it said where it does not start. */
export async function startServe(words: string[], cwd: string): Promise<Started> {
  const child = spawn(process.execPath, [join(root, 'bin/dev.mjs'), 'serve', ...words], { cwd });
  let out = '';
  let err = '';
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  await new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      if (out.includes('Ctrl-C ends it')) resolve();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    ended.then((code) => reject(new Error(`ended with ${code}: ${err}`)));
  });
  const variables = [...out.matchAll(/^export (\w+)=(.*)$/gm)];
  return {
    child,
    control: /^control {2}(.*)$/m.exec(out)?.[1] ?? '',
    environment: Object.fromEntries(variables.map(([, name = '', value = '']) => [name, value])),
    out: () => out,
    err: () => err,
    end(signal = 'SIGINT') {
      child.kill(signal);
      return ended;
    },
  };
}

/** Resolves with what a control route answers. */
export async function control<Body>(
  { control: at }: Pick<Started, 'control'>,
  route: string,
  body?: unknown,
): Promise<Body> {
  const write = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
  const response = await fetch(`${at}${route}`, body === undefined ? {} : write);
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text}`);
  return JSON.parse(text) as Body;
}
