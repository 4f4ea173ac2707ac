// `firedrill serve` as tests run it: as a process of its own, or in this one.
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { shippedTargets } from '../../harness/project.ts';
import { LiveHistory } from '../../harness/realtime/live-history.ts';
import type { ServeOptions, Serving } from '../../harness/realtime/serve.ts';
import { serve } from '../../harness/realtime/serve.ts';
import { parseScenario } from '../../harness/scenario/scenario.ts';
import { write } from '../cli.ts';
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

/** The words behind `serve`, and Node's own. Rejects with what it said where it does not start. */
export async function startServe(
  words: string[],
  cwd: string,
  flags: string[] = [],
): Promise<Started> {
  const all = [...flags, join(root, 'bin/dev.mjs'), 'serve', ...words];
  const child = spawn(process.execPath, all, { cwd });
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

export function scenarioYaml(faults: string, name = 'test'): string {
  return `name: ${name}\ndescription: a test\nworkload: support-desk\narrival: { each: once }\nfaults: ${faults}\n`;
}

/** Of providers that nobody has to wait for: no limit of a client is met but by what stalls. */
const pace = `{ ttft: { p50: 20ms, p95: 40ms, source: test }, speed: { tokensPerSecond: 500, source: test } }`;
const fast = `models:\n  openai/gpt-4o: ${pace}\n  anthropic/claude-3-5-sonnet-latest: ${pace}\n`;

/** In this process, in a folder, until the test is over. */
export async function serveHere(
  cwd: string,
  { faults = '[]', ...change }: Partial<ServeOptions> & { faults?: string } = {},
): Promise<Serving> {
  const history = new LiveHistory(join(cwd, 'history.jsonl'));
  write(cwd, { 'fast-targets.yaml': fast });
  const serving = await serve({
    scenario: parseScenario(scenarioYaml(faults), 'test.yaml'),
    seed: 1,
    host: '127.0.0.1',
    port: 0,
    targetsFiles: [shippedTargets, join(cwd, 'fast-targets.yaml')],
    cwd,
    history,
    onUnplayed: () => {},
    ...change,
  });
  onTestFinished(async () => {
    await serving.close();
    history.discard();
  });
  return serving;
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
