// Providers that nobody here wrote, on loopback, and a project whose chain asks them.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MockServerOptions } from '@copilotkit/aimock';
import { LLMock } from '@copilotkit/aimock';
import { onTestFinished } from 'vitest';
import type { HistoryEvent } from '../../harness/history.ts';
import { readHistory } from '../../harness/run/history-file.ts';

export const said =
  'It is nobody but the wind that comes down from the hills tonight, and it will be gone by morning.';

/** One of each: a host has one provider. */
export interface Providers {
  openai: LLMock;
  anthropic: LLMock;
}

export async function providers(options: MockServerOptions = {}): Promise<Providers> {
  const [openai, anthropic] = await Promise.all([provider(options), provider(options)]);
  return { openai, anthropic };
}

export async function provider(options: MockServerOptions = {}): Promise<LLMock> {
  const mock = new LLMock({ port: 0, latency: 4, chunkSize: 8, ...options });
  mock.onMessage(/.*/s, { content: said });
  await mock.start();
  onTestFinished(() => mock.stop());
  return mock;
}

/** What must be in no file. */
export const keys = {
  OPENAI_API_KEY: 'sk-canary-openai-0123456789abcdef',
  ANTHROPIC_API_KEY: 'sk-ant-canary-0123456789abcdef',
};

/** A folder with a chain over these providers, a workload and a scenario `s.yaml`. */
export function project(
  { openai, anthropic }: Record<keyof Providers, { url: string }>,
  scenario: string,
): string {
  const dir = mkdtempSync(join(tmpdir(), 'firedrill-live-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const write = (name: string, lines: string[]): void =>
    writeFileSync(join(dir, name), `${lines.join('\n')}\n`);
  write('chain.yaml', [
    'maxTokens: 100',
    'deadline: 8s',
    'targets:',
    `  - { model: openai/gpt-4o, baseURL: "${openai.url}/v1" }`,
    `  - { model: anthropic/claude-3-5-sonnet-latest, baseURL: "${anthropic.url}" }`,
  ]);
  write('w.yaml', [
    'name: w',
    'provenance: written for this test',
    'recordings: none.jsonl',
    'samples:',
    '  - { id: who, prompt: Who is there?, checks: [{ contains: [wind] }] }',
    '  - { id: when, prompt: Until when?, checks: [{ contains: [midnight] }] }',
  ]);
  write('s.yaml', ['name: s', 'description: of this test', 'workload: w.yaml', scenario]);
  return dir;
}

export function historyIn(dir: string, file = 'out/history.jsonl'): HistoryEvent[] {
  return [...readHistory(join(dir, file))];
}
