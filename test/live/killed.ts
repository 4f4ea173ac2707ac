// Recording that is killed (SIGKILL) at points that nobody has chosen, again and again, before a
// provider that counts what was asked: what it leaves, and what is paid.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import type { LLMock } from '@copilotkit/aimock';
import { stream } from '../../harness/rng.ts';
import { readRecordings } from '../../harness/upstream/recording.ts';
import { loadYamlWorkload } from '../../harness/workloads/yaml-workload.ts';
import { filesIn, firedrill, write } from '../cli.ts';
import { root } from '../drills.ts';
import { startServe } from '../realtime/served.ts';
import { mockOf } from './recording.ts';

export interface Kills {
  kills: number;
  /** Answers that were to be had. */
  wanted: number;
  /** Recordings when nothing was missing any more. */
  kept: number;
  /** Requests that reached the provider. */
  requests: number;
  /** Of these, those under way when a kill came: nobody knows whether they were paid. */
  unfinished: number;
  /** Questions whose answer the app had whole, and that were asked again. */
  paidAgain: number;
  /** Files that could not be read after a kill. */
  broken: string[];
}

export interface KillOptions {
  mock: LLMock;
  /** Empty. */
  dir: string;
  kills: number;
  samples: number;
  seed: number;
}

/** Every recording and every workload reads, whenever the kill came. */
function brokenIn(dir: string): string[] {
  return filesIn(dir).filter((path) => {
    try {
      if (/\.jsonl$/.test(path)) readRecordings(path);
      if (/workloads\/\w+\.yaml$/.test(path)) loadYamlWorkload(path);
      return false;
    } catch {
      return true;
    }
  });
}

const keys = { OPENAI_API_KEY: 'sk-of-a-test-0123456789', ANTHROPIC_API_KEY: 'ant-of-a-test' };

export async function killRecord(options: KillOptions): Promise<Kills> {
  const { mock, dir, kills, samples, seed } = options;
  const rng = stream(seed, 'kills');
  const asked = Array.from(
    { length: samples },
    (_, n) => `  - { id: q${n}, prompt: Question ${n}? }`,
  );
  write(dir, {
    'desk.yaml': `name: desk\nprovenance: a test\nrecordings: desk.jsonl\nsamples:\n${asked.join('\n')}\n`,
    'chain.yaml': `targets:
  - { model: openai/gpt-4o, baseURL: "${mock.url}/v1" }
  - { model: anthropic/claude-haiku-4-5-20251001, baseURL: "${mock.url}" }
maxTokens: 100
`,
  });
  const words = ['record', '--chain', 'chain.yaml', '--workload', 'desk.yaml', '--yes'];
  const broken: string[] = [];
  for (let kill = 0; kill < kills; kill++) {
    const before = mock.getRequests().length;
    const env = { ...process.env, ...keys };
    const all = [join(root, 'bin/dev.mjs'), ...words];
    const child = spawn(process.execPath, all, { cwd: dir, env, stdio: 'ignore' });
    const ended = once(child, 'exit');
    while (child.exitCode === null && mock.getRequests().length === before) await after(2);
    await after(rng.next() * 120);
    child.kill('SIGKILL');
    await ended;
    broken.push(...brokenIn(dir));
  }
  const wanted = samples * 2;
  Object.assign(process.env, keys);
  await firedrill(words, dir);
  const first = mock.getRequests().map(questionOf);
  const paidAgain = first.length - new Set(first).size;
  const kept = (): number => readRecordings(join(dir, 'desk.jsonl')).length;
  const unfinished = wanted - kept();
  await firedrill([...words, '--ask-unfinished'], dir);
  const requests = mock.getRequests().length;
  return { kills, wanted, kept: kept(), requests, unfinished, paidAgain, broken };
}

function questionOf({ path, body }: ReturnType<LLMock['getRequests']>[number]): string {
  return `${path} ${JSON.stringify(body && 'messages' in body ? body.messages : null)}`;
}

/** An app that begins with its first question each time, three at once, through a proxy. */
export async function killProxy(options: KillOptions): Promise<Kills> {
  const { mock, dir, kills, samples, seed } = options;
  const rng = stream(seed, 'kills');
  const { upstream } = mockOf(mock);
  const words = ['--record', 'desk', '--port', '0', '--once', ...upstream];
  const file = join(dir, 'firedrill/recordings/desk.jsonl');
  const whole = new Set<string>();
  const broken: string[] = [];
  let paidAgain = 0;
  let unfinished = 0;
  for (let run = 0; run <= kills; run++) {
    const isLast = run === kills;
    const proxy = await startServe(words, dir);
    unfinished += Number(/^note: (\d+) request/m.exec(proxy.out())?.[1] ?? 0);
    const before = mock.getRequests().length;
    const had = new Set(whole);
    const url = `${proxy.environment.OPENAI_BASE_URL}/chat/completions`;
    const app = asking(url, samples, whole);
    if (!isLast) {
      while (mock.getRequests().length === before) await after(2);
      await after(rng.next() * 120);
    } else await app;
    await proxy.end(isLast ? 'SIGINT' : 'SIGKILL');
    await app;
    const asked = mock.getRequests().slice(before).map(questionOf);
    paidAgain += asked.filter((one) => [...had].some((words) => one.includes(words))).length;
    broken.push(...brokenIn(join(dir, 'firedrill')));
  }
  const kept = existsSync(file) ? readRecordings(file).length : 0;
  const requests = mock.getRequests().length;
  return { kills, wanted: samples, kept, requests, unfinished, paidAgain, broken };
}

/** Resolves when all are answered, or nobody answers any more. */
async function asking(url: string, samples: number, whole: Set<string>): Promise<void> {
  let next = 0;
  const one = async (): Promise<void> => {
    while (next < samples) {
      const content = `Question no. ${next++}!`;
      const body = { model: 'gpt-4o', stream: true, messages: [{ role: 'user', content }] };
      const response = await fetch(url, {
        method: 'POST',
        headers: { authorization: 'Bearer sk-of-a-test-0123456789' },
        body: JSON.stringify(body),
      });
      if ((await response.text()).includes('[DONE]')) whole.add(content);
    }
  };
  await Promise.allSettled([one(), one(), one()]);
}
