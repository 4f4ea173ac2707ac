// A provider that nobody here wrote, aimock, on loopback: what is recorded from it, and what the
// official SDKs see of it, event by event, directly and in a drill. No test runner is needed.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Anthropic from '@anthropic-ai/sdk';
import { LLMock } from '@copilotkit/aimock';
import OpenAI from 'openai';
import { runCli } from '../../harness/cli.ts';
import type { ExactRecording } from '../../harness/upstream/recording.ts';
import { bodyOf, readRecordings } from '../../harness/upstream/recording.ts';
import { tried } from '../trials.ts';

/** Of each wire one; recordings are by name. */
export const targets = {
  'openai/gpt-4o': 'openai-chat',
  'openai/gpt-4o-mini': 'openai-responses',
  'anthropic/claude-haiku-4-5-20251001': 'anthropic-messages',
} as const;

export type Target = keyof typeof targets;

export const targetNames = Object.keys(targets) as Target[];

/** An event as an SDK gives it, and when, ms since the request. */
export interface SeenEvent {
  atMs: number;
  event: unknown;
}

export interface Rhythm {
  ttft: number;
  /** Events a second. */
  tps: number;
  /** 0.4: every wait is up to 40% longer or shorter. */
  jitter: number;
}

export function promptOf(index: number): string {
  return `Question ${index}: what is it?`;
}

export async function startAimock(count: number, rhythm: Rhythm): Promise<LLMock> {
  const mock = new LLMock({ port: 0 });
  for (let index = 0; index < count; index++) {
    const words = Array.from({ length: 12 + index }, (_, n) => `word${index}x${n}`).join(' ');
    const content = `Answer ${index}, "quoted" – in UTF-8: ${words}.`;
    mock.onMessage(promptOf(index), { content }, { chunkSize: 16, streamingProfile: rhythm });
  }
  await mock.start();
  return mock;
}

/** Where each target is, so that somebody may stand in between. */
export type Origins = Record<Target, string>;

/** `firedrill record` of every prompt from these targets. Returns all recordings there are. */
export async function recordFrom(
  origins: Origins,
  dir: string,
  count: number,
  from: readonly Target[] = targetNames,
): Promise<ExactRecording[]> {
  mkdirSync(dir, { recursive: true });
  const samples = Array.from({ length: count }, (_, n) => ({ id: `q${n}`, prompt: promptOf(n) }));
  const file = join(dir, 'recorded.jsonl');
  const workload = { name: 'mock', provenance: 'aimock', recordings: 'recorded.jsonl', samples };
  const asked = from.map((model) => {
    const wire = targets[model];
    if (wire === 'anthropic-messages') return { model, baseURL: origins[model] };
    return { model, wire, baseURL: `${origins[model]}/v1` };
  });
  writeFileSync(join(dir, 'mock.yaml'), JSON.stringify(workload));
  writeFileSync(join(dir, 'chain.yaml'), JSON.stringify({ targets: asked, maxTokens: 500 }));
  let said = '';
  const tell = (text: string): void => {
    said += text;
  };
  const code = await runCli(
    ['record', '--chain', 'chain.yaml', '--workload', 'mock.yaml', '--out', file, '--yes'],
    {
      cwd: dir,
      signal: new AbortController().signal,
      out: tell,
      err: tell,
      colour: false,
      interactive: false,
      width: 100,
    },
  );
  if (code !== 0) throw new Error(`record ended with ${code}: ${said}`);
  return readRecordings(file).filter((one) => one.kind === 'recorded');
}

/** The events of a recording and when each was whole, read without a line of the harness. */
export function recordedEvents(recording: ExactRecording): SeenEvent[] {
  const { chunks = [], headersMs = Number.NaN } = recording.exchange;
  const events: SeenEvent[] = [];
  let byte = 0;
  for (const block of Buffer.from(bodyOf(recording)).toString().split('\n\n')) {
    byte += Buffer.byteLength(block) + 2;
    const data = /^data: (.*)$/m.exec(block)?.[1];
    if (data === undefined || data === '[DONE]') continue;
    let end = 0;
    const chunk = chunks.find(({ bytes }) => {
      end += bytes;
      return end >= byte;
    });
    events.push({ atMs: headersMs + (chunk?.atMs ?? Number.NaN), event: JSON.parse(data) });
  }
  return events;
}

/** Asks over the official SDK; `origin` null: where the provider really is. */
export async function heard(
  target: Target,
  prompt: string,
  origin: string | null,
): Promise<SeenEvent[]> {
  const startMs = performance.now();
  const events: SeenEvent[] = [];
  for await (const event of await streamOf(target, prompt, origin)) {
    events.push({ atMs: performance.now() - startMs, event });
  }
  return events;
}

function streamOf(
  target: Target,
  prompt: string,
  origin: string | null,
): Promise<AsyncIterable<unknown>> {
  const model = target.slice(target.indexOf('/') + 1);
  const messages = [{ role: 'user' as const, content: prompt }];
  const settings = { maxRetries: 0, apiKey: keyOf(target) };
  if (targets[target] === 'anthropic-messages') {
    const client = new Anthropic({ ...settings, ...(origin === null ? {} : { baseURL: origin }) });
    return client.messages.create({ model, messages, max_tokens: 500, stream: true });
  }
  const baseURL = origin === null ? {} : { baseURL: `${origin}/v1` };
  const client = new OpenAI({ ...settings, ...baseURL });
  if (targets[target] === 'openai-responses') {
    return client.responses.create({ model, input: prompt, stream: true });
  }
  const stream_options = { include_usage: true };
  return client.chat.completions.create({ model, messages, stream: true, stream_options });
}

function keyOf(target: Target): string {
  const name = target.startsWith('anthropic/') ? 'ANTHROPIC_API_KEY' : 'OPENAI_API_KEY';
  return process.env[name] ?? 'none';
}

/** What the SDKs see of the recordings in virtual time, by `target sample`. */
export async function replayed(dir: string): Promise<Map<string, SeenEvent[]>> {
  const seen = new Map<string, SeenEvent[]>();
  await tried({
    workload: join(dir, 'mock.yaml'),
    scenario: 'arrival: { each: once, gap: 10m }\n',
    chain: async ({ id, prompt }) => {
      for (const target of targetNames)
        seen.set(`${target} ${id}`, await heard(target, prompt, null));
      return 'asked';
    },
  });
  return seen;
}

/** From each event to the next, ms. */
export function gapsOf(events: readonly { atMs: number }[]): number[] {
  return events.slice(1).map(({ atMs }, index) => atMs - (events[index]?.atMs ?? 0));
}
