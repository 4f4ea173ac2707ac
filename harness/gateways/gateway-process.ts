// A gateway as a process: started in a small environment of its own, waited for until it is
// healthy, and ended with all that it started. Whatever goes wrong is one sentence that names its
// log.
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { resolve as absolute, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { clipped } from '../clipped.ts';
import { wall } from '../clock/wall.ts';
import { HarnessError, InputError } from '../errors.ts';
import type { GatewayOptions, RunningGateway } from './gateway.ts';
import type { OwnGroup } from './own-group.ts';
import { startGroup } from './own-group.ts';

export interface GatewayProgram {
  name: string;
  command(port: number): string[];
  environment: Record<string, string>;
  /** Further variables, whose values are in no message. */
  secrets: Record<string, string>;
  /** Answers 2xx once requests can be sent. */
  healthPath: string;
  /** How long that may take. */
  startMs: number;
}

type GatewayProcess = Pick<RunningGateway, 'baseURL' | 'logFile' | 'group' | 'crashed' | 'stop'>;

const pollMs = 100;
const answerMs = 5_000;

/** Writes what a gateway reads into its folder; the absolute path. */
export function writeConfiguration(dir: string, name: string, text: string): string {
  mkdirSync(dir, { recursive: true });
  const file = absolute(dir, name);
  writeFileSync(file, text);
  return file;
}

/** Throws InputError, HarnessError or the reason of an abort; no process is left then. */
export async function startGatewayProcess(
  { dir: given, port: wanted, signal }: Pick<GatewayOptions, 'dir' | 'port' | 'signal'>,
  program: GatewayProgram,
): Promise<GatewayProcess> {
  signal.throwIfAborted();
  const { name, secrets, environment } = program;
  const dir = absolute(given);
  mkdirSync(dir, { recursive: true });
  const port = await freePort(name, wanted ?? 0);
  const logFile = join(dir, `${name}.log`);
  const log = openSync(logFile, 'a');
  const env = {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    HOME: dir,
    LANG: 'C.UTF-8',
    ...environment,
    ...secrets,
  };
  const group = await startGroup(program.command(port), { cwd: dir, env, log }).finally(() =>
    closeSync(log),
  );
  let isStopped = false;
  const report = (what: string): HarnessError => {
    const said = lastLine(logFile, Object.values(secrets));
    return new HarnessError(`${name} ${what}${said}; its log is ${logFile}`);
  };
  const stop = async (): Promise<void> => {
    isStopped = true;
    signal.removeEventListener('abort', stop);
    await group.end();
  };
  const origin = `http://127.0.0.1:${port}`;
  try {
    const state = await healthy(`${origin}${program.healthPath}`, program.startMs, group, signal);
    if (state.ended) throw report(`does not start: it ended ${state.ended}`);
    if (!state.isHealthy) {
      throw report(`does not start: it is not healthy after ${program.startMs / 1000}s`);
    }
    signal.throwIfAborted();
  } catch (error) {
    await stop();
    throw error;
  }
  signal.addEventListener('abort', stop, { once: true });
  const crashed = new Promise<HarnessError>((resolve) => {
    group.ended.then((how) => {
      if (!isStopped) resolve(report(`ended ${how} while it was in use`));
    });
  });
  return { baseURL: `${origin}/v1`, logFile, group: group.id, crashed, stop };
}

/** `wanted` where it is free, any free port for 0. */
async function freePort(name: string, wanted: number): Promise<number> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(wanted, '127.0.0.1', resolve);
    });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE') throw new HarnessError(`${name} cannot listen: ${message}`);
    throw new InputError(
      `${name} cannot start: port ${wanted} of 127.0.0.1 is taken; write another, or none for a free one`,
    );
  }
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : wanted;
}

interface Health {
  isHealthy: boolean;
  /** How it ended before it was. */
  ended: string | null;
}

async function healthy(
  url: string,
  withinMs: number,
  group: OwnGroup,
  signal: AbortSignal,
): Promise<Health> {
  const until = wall.nowMs() + withinMs;
  let ended: string | null = null;
  group.ended.then((how) => {
    ended = how;
  });
  while (wall.nowMs() < until) {
    const isHealthy = await answers(url, signal);
    signal.throwIfAborted();
    if (ended !== null || isHealthy) return { isHealthy, ended };
    await new Promise<void>((resolve) => {
      wall.setTimeout(resolve, pollMs);
    });
  }
  return { isHealthy: false, ended };
}

async function answers(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(answerMs)]);
    // A connection that is kept would outlive the question.
    const response = await fetch(url, { signal: limit, headers: { connection: 'close' } });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

/** What the log says last, to be put into a sentence; its secrets are left out. */
function lastLine(logFile: string, secrets: string[]): string {
  const lines = stripVTControlCharacters(readFileSync(logFile, 'utf8')).split('\n');
  let line = lines.findLast((one) => one.trim() !== '')?.trim() ?? '';
  for (const secret of secrets) line = line.replaceAll(secret, '***');
  return line === '' ? '' : ` (it said last: ${clipped(line, 160)})`;
}
