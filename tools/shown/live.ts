// Shows what `run --live` does to real traffic, over a provider that nobody here wrote: what
// befalls streams, what a limit keeps, that no key is written; and what passing through costs: the
// time of streamed calls beside direct ones, in turns, and memory over many streams. --pairs N,
// --streams N.
//
//   node_modules/.bin/node --expose-gc --import tsx tools/shown/live.ts
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LLMock } from '@copilotkit/aimock';
import OpenAI from 'openai';
import { callScope, enableNetwork } from '../../harness/network/network.ts';
import { command } from './command.ts';
import { filesBelow, liveParts, median } from './live-parts.ts';
import type { Showing } from './shown.ts';
import { numberOf, shown } from './shown.ts';

const pairs = numberOf('pairs', 40);
const streams = numberOf('streams', 10_000);
const text = 'It is nobody but the wind that comes down from the hills tonight. '.repeat(4).trim();
const keys = {
  OPENAI_API_KEY: 'sk-canary-openai-0123456789abcdef',
  ANTHROPIC_API_KEY: 'sk-ant-canary-0123456789abcdef',
};

async function provider(latency: number, chunkSize: number): Promise<LLMock> {
  const mock = new LLMock({
    port: 0,
    latency,
    chunkSize,
    logLevel: 'silent',
    journalMaxEntries: 100,
  });
  mock.onMessage(/.*/s, { content: text });
  await mock.start();
  return mock;
}

await shown('faults over real traffic', async (showing) => {
  await drilled(showing);
  await timed(showing);
  await manyStreams(showing);
});

/** One scenario that cuts, stalls and ends streams, with a limit; then what is left, without. */
async function drilled({ dir, say, check }: Showing): Promise<void> {
  const [openai, anthropic] = [await provider(4, 8), await provider(4, 8)];
  Object.assign(process.env, keys);
  write(dir, openai.url, anthropic.url);
  const words = ['run', 's.yaml', '--chain', 'chain.yaml', '--live', '--yes', '--out', 'out'];
  const asked = (): number => openai.getRequests().length + anthropic.getRequests().length;
  const first = await command([...words, '--calls', '12', '--max-requests', '8'], dir);
  say(first.out);
  check(first.code === 1 && /stopped by --max-requests/.test(first.err), 'it stops at 8 requests');
  check(asked() === 8, `${asked()} requests were sent by then`);
  const more = ['--calls', '12', '--max-requests', '100', '--resume'];
  const second = await command([...words, ...more], dir);
  say(second.out);
  check(!/stopped/.test(second.err), 'it goes on later, and comes to its end');
  const history = readFileSync(join(dir, 'out/history.jsonl'), 'utf8').trim().split('\n');
  const events = history.map((line) => JSON.parse(line) as { e: string; fault?: string });
  const attempts = events.filter(({ e }) => e === 'attempt').length;
  const calls = events.filter(({ e }) => e === 'call').length;
  check(
    attempts === asked() && calls === 12,
    `${calls} calls, ${attempts} attempts: none paid twice`,
  );
  const met = new Set(events.flatMap(({ fault }) => fault ?? []));
  check(met.size === 3, `faults that were met: ${[...met].join(', ')}`);
  const leaks = filesBelow(join(dir, 'out'))
    .filter((file) => statSync(file).isFile())
    .filter((file) =>
      Object.values(keys).some((key) => readFileSync(file, 'latin1').includes(key)),
    );
  check(leaks.length === 0, 'no key is in any file');
  await Promise.all([openai.stop(), anthropic.stop()]);
}

function write(dir: string, openai: string, anthropic: string): void {
  const chain = [
    'maxTokens: 100',
    'deadline: 8s',
    'attempt: { idle: 400ms }',
    'targets:',
    `  - { model: openai/gpt-4o, baseURL: "${openai}/v1" }`,
    `  - { model: anthropic/claude-3-5-sonnet-latest, baseURL: "${anthropic}" }`,
  ];
  const workload = [
    'name: w',
    'provenance: written for this',
    'recordings: none.jsonl',
    'samples: [{ id: who, prompt: Who is there?, checks: [{ contains: [wind] }] }]',
  ];
  const scenario = [
    'name: s',
    'description: what befalls streams',
    'workload: w.yaml',
    'arrival: { rate: 4/s, for: 3s, spread: even }',
    'faults:',
    '  - { inject: disconnect, at: 3 tokens, on: { provider: openai }, times: 2 }',
    '  - { inject: stall, at: 3 tokens, on: { provider: openai }, times: 2 }',
    '  - { inject: error-event, at: 3 tokens, reason: overloaded, on: { provider: openai }, times: 2 }',
  ];
  for (const [name, lines] of Object.entries({
    'chain.yaml': chain,
    'w.yaml': workload,
    's.yaml': scenario,
  }))
    writeFileSync(join(dir, name), `${lines.join('\n')}\n`);
}

/** Reads a streamed answer to its end; ms to its first word and to its end. */
async function read(client: OpenAI): Promise<{ firstMs: number; allMs: number; said: string }> {
  const began = performance.now();
  const ask = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'Who is there?' }] };
  let said = '';
  let firstMs = 0;
  for await (const { choices } of await client.chat.completions.create({ ...ask, stream: true })) {
    const piece = choices[0]?.delta.content ?? '';
    if (said === '' && piece !== '') firstMs = performance.now() - began;
    said += piece;
  }
  return { firstMs, allMs: performance.now() - began, said };
}

/** Direct and through, in turns, so that both meet the same machine. */
async function timed({ say, check }: Showing): Promise<void> {
  const mock = await provider(20, 8);
  const direct = globalThis.fetch;
  const parts = liveParts(new URL(mock.url).host);
  const network = await enableNetwork();
  network.enter(parts.stage);
  const through = globalThis.fetch;
  const clientOf = (fetch: typeof direct): OpenAI =>
    new OpenAI({ apiKey: 'sk-x', baseURL: `${mock.url}/v1`, fetch, maxRetries: 0 });
  const [plain, live] = [clientOf(direct), clientOf(through)];
  const asked = (): ReturnType<typeof read> =>
    callScope.run({ call: 1, sample: 'who' }, () => read(live));
  for (let i = 0; i < 5; i++) await Promise.all([read(plain), asked()]);
  const direct_: Awaited<ReturnType<typeof read>>[] = [];
  const through_: Awaited<ReturnType<typeof read>>[] = [];
  for (let i = 0; i < pairs; i++) {
    // Who goes first takes turns, too.
    if (i % 2 === 0) direct_.push(await read(plain));
    through_.push(await asked());
    if (i % 2 === 1) direct_.push(await read(plain));
  }
  check(parts.failures.length === 0, 'nothing failed in the harness');
  check(
    through_.every(({ said }, i) => said === direct_[i]?.said),
    'the same words either way',
  );
  say(`| streamed call, median of ${pairs} | direct | passed through | more |`);
  say('|---|---|---|---|');
  for (const [name, of] of [
    ['to the first word', 'firstMs'],
    ['in all', 'allMs'],
  ] as const) {
    const [a, b] = [median(direct_.map((one) => one[of])), median(through_.map((one) => one[of]))];
    say(
      `| ${name} | ${a.toFixed(1)} ms | ${b.toFixed(1)} ms | ${(100 * (b / a - 1)).toFixed(1)}% |`,
    );
    if (of === 'allMs') check(b <= a * 1.1, 'passing through adds at most 10% to a streamed call');
  }
  network.leave();
  await network.disable();
  await mock.stop();
}

/** The heap after a collection, at each third. */
async function manyStreams({ say, check }: Showing): Promise<void> {
  if (!globalThis.gc) throw new Error('start it with --expose-gc');
  const mock = await provider(0, 40);
  const parts = liveParts(new URL(mock.url).host);
  const network = await enableNetwork();
  network.enter(parts.stage);
  const client = new OpenAI({ apiKey: 'sk-x', baseURL: `${mock.url}/v1`, fetch: globalThis.fetch });
  const heaps: number[] = [];
  const lanes = 8;
  let call = 0;
  for (let third = 1; third <= 3; third++) {
    const until = Math.round((streams * third) / 3);
    const lane = async (): Promise<void> => {
      while (call < until) {
        const own = ++call;
        await callScope.run({ call: own, sample: 'who' }, () => read(client));
        parts.upstream.forget(own);
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    globalThis.gc();
    heaps.push(process.memoryUsage().heapUsed / 1e6);
  }
  network.leave();
  await network.disable();
  await mock.stop();
  const [one = 0, two = 0, three = 0] = heaps;
  say(
    `heap after ${streams} streams, by thirds: ${heaps.map((mb) => `${mb.toFixed(1)} MB`).join(', ')}`,
  );
  check(parts.ended === call, `${parts.ended} of ${call} streams have their end in the history`);
  check(three <= Math.max(one, two) * 1.05 + 1, 'memory is flat');
}
