// The workload, chain, keys and provider on loopback with which tests record.
import { join } from 'node:path';
import { afterEach, beforeEach, vi } from 'vitest';
import type { CommandContext } from '../../harness/commands/command.ts';
import type { ExactRecording } from '../../harness/upstream/recording.ts';
import { readRecordings } from '../../harness/upstream/recording.ts';
import type { Said } from '../cli.ts';
import { firedrill, folderWith } from '../cli.ts';
import type { Provider, Special } from './provider.ts';
import { provider } from './provider.ts';

export const canary = 'sk-canary-7f3a9c1e5b';
export const file = 'firedrill/recordings/desk-recorded.jsonl';

/** In every test of a file that calls it. */
export function withKeys(): void {
  beforeEach(() => {
    vi.stubEnv('OPENAI_API_KEY', canary);
    vi.stubEnv('ANTHROPIC_API_KEY', `ant-${canary}`);
  });
  afterEach(() => void vi.unstubAllEnvs());
}

export function workloadOf(count: number, more = ''): string {
  const samples = Array.from(
    { length: count },
    (_, n) => `  - { id: q${n}, prompt: Question ${n}? }`,
  );
  return `name: desk\nprovenance: made for a test\nrecordings: authored.jsonl\nsamples:\n${samples.join('\n')}\n${more}`;
}

export const authored =
  '{"kind":"authored","sample":"q0","target":"openai/gpt-4o","text":"Yes."}\n';

export const words = ['record', '--chain', 'chain.yaml', '--workload', 'desk.yaml', '--yes'];

export interface Desk {
  there: Provider;
  /** The project whose chain asks it. */
  dir: string;
  /** `firedrill record`, with these words more. */
  record(more?: string[], context?: Partial<CommandContext>): Promise<Said>;
  /** What is recorded, byte for byte. */
  exact(): ExactRecording[];
}

/** `count` questions and `more` samples, in YAML; `special` and `gapMs` are the provider's. */
export async function desk(
  wanted: { count?: number; more?: string; special?: Special; gapMs?: number } = {},
): Promise<Desk> {
  const { count = 3, more = '', special, gapMs } = wanted;
  const there = await provider(special, gapMs);
  const { origin } = there;
  const dir = folderWith({
    'authored.jsonl': authored,
    'desk.yaml': workloadOf(count, more),
    'chain.yaml': `targets:
  - { model: openai/gpt-4o, baseURL: "${origin}/v1" }
  - { model: anthropic/claude-haiku-4-5-20251001, baseURL: "${origin}" }
maxTokens: 100
`,
  });
  return {
    there,
    dir,
    record: (further = [], context = {}) => firedrill([...words, ...further], dir, context),
    exact: () => exactIn(dir),
  };
}

function exactIn(dir: string): ExactRecording[] {
  return readRecordings(join(dir, file)).map((one) => {
    if (one.kind !== 'recorded') throw new Error(`is ${one.kind}`);
    return one;
  });
}
