// Shows what LiteLLM and Portkey do as they ship, on the chain gpt-first.yaml: how long they take
// to start and to answer first, what memory they hold, and for each kind of failure of the primary
// who was asked, how long it took, and what the caller got. In real time; a call is given up after
// 25 s.
//
//   node_modules/.bin/node --import tsx tools/shown/gateways.ts
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import OpenAI from 'openai';
import { readReferenceSettings } from '../../harness/chains/reference-config.ts';
import type { GatewayKind } from '../../harness/gateways/gateway.ts';
import { gateways } from '../../harness/gateways/index.ts';
import { packageRoot } from '../../harness/project.ts';
import { processesOf } from '../../test/gateways/left-over.ts';
import type { Providers } from '../../test/gateways/providers.ts';
import { openProviders } from '../../test/gateways/providers.ts';
import type { Showing } from './shown.ts';
import { shown } from './shown.ts';

const patienceMs = 25_000;
const keys = { OPENAI_API_KEY: 'sk-one', ANTHROPIC_API_KEY: 'sk-two' };
const settings = readReferenceSettings(join(packageRoot, 'fixtures/chains/gpt-first.yaml'));
const targets = settings.targets.map(({ name }) => name);

/** Of the primary; `true`: streamed. */
const faults: [string, boolean][] = [
  ['inject: noop', false],
  ['inject: noop', true],
  ['inject: server-error, status: 503', false],
  ['inject: rate-limit, retryAfter: 2s', false],
  ['inject: rate-limit, retryAfter: 70s', false],
  ['inject: stall', false],
  ['inject: stall', true],
  ['inject: stall, at: 20 tokens', true],
  ['inject: truncate, at: 50%', true],
  ['inject: disconnect, at: 50%, how: reset', true],
  ['inject: error-event, at: first-event', true],
  ['inject: error-event, at: 12 tokens', true],
];

await shown('What gateways do as they ship', async (showing) => {
  for (const kind of Object.values(gateways)) await look(kind, showing);
});

async function look(kind: GatewayKind, { dir, say, check }: Showing): Promise<void> {
  const providers = await openProviders();
  const own = join(dir, kind.name);
  mkdirSync(own);
  const { signal } = new AbortController();
  const { origin } = providers;
  const began = performance.now();
  const running = await kind.start({ settings, origin, root: packageRoot, keys, dir: own, signal });
  const startMs = performance.now() - began;
  const idleMb = memoryMb(running.group);
  const client = new OpenAI({
    baseURL: running.baseURL,
    apiKey: 'none',
    defaultHeaders: running.headers,
    maxRetries: 0,
  });
  say(`\n${kind.name} ${running.version}: healthy after ${seconds(startMs)}, ${idleMb} MB`);
  for (const [index, [fault, stream]] of faults.entries()) {
    const rule = `{ ${fault}, on: { model: gpt-4o } }`;
    providers.next(`[${rule}]`);
    const start = performance.now();
    const got = await asked(
      client,
      providers,
      `${index} ${providers.prompt}`,
      stream,
      running.model,
    );
    const took = seconds(performance.now() - start);
    const whom = providers.next().map((name) => targets.indexOf(name) + 1);
    say(`| ${fault} | ${stream ? 'stream' : 'whole'} | ${whom.join(' ')} | ${took} | ${got} |`);
  }
  say(`after ${faults.length} questions: ${memoryMb(running.group)} MB`);
  await running.stop();
  await providers.close();
  check(processesOf(running.group).length === 0, 'nothing is left of it');
  check(providers.failures.length === 0, 'it asked for nothing but answers');
}

/** What the caller got, in words. */
async function asked(
  client: OpenAI,
  providers: Providers,
  prompt: string,
  stream: boolean,
  model: string,
): Promise<string> {
  let text = '';
  let finish: string | null = null;
  const messages = [{ role: 'user' as const, content: prompt }];
  const limit = { signal: AbortSignal.timeout(patienceMs) };
  try {
    if (stream) {
      const pieces = await client.chat.completions.create({ model, messages, stream }, limit);
      for await (const { choices } of pieces) {
        text += choices[0]?.delta.content ?? '';
        finish = choices[0]?.finish_reason ?? finish;
      }
    } else {
      const { choices } = await client.chat.completions.create({ model, messages }, limit);
      text = choices[0]?.message.content ?? '';
      finish = choices[0]?.finish_reason ?? null;
    }
    // A stream that is given up ends for the SDK like any other.
    limit.signal.throwIfAborted();
  } catch (error) {
    if (limit.signal.aborted) return `${text.length} characters, then nothing: given up`;
    return `${(error as Error).constructor.name} after ${text.length} characters`;
  }
  const served = targets.findIndex((target) => providers.answer(target) === text);
  const what = served >= 0 ? `the answer of ${served + 1}` : `${text.length} characters, cut`;
  return `${what}, finish ${finish}`;
}

function memoryMb(group: number): number {
  const kb = processesOf(group).map((pid) => {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0);
  });
  return Math.round(kb.reduce((sum, one) => sum + one, 0) / 1024);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
