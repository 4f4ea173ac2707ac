// Recording under a limit of cost, before a provider that counts what was asked: how much was
// spent, by the prices that are known, and what is missing when it is allowed to go on.
import { join } from 'node:path';
import type { LLMock } from '@copilotkit/aimock';
import OpenAI from 'openai';
import { readRecordings } from '../../harness/upstream/recording.ts';
import { firedrill, write } from '../cli.ts';
import type { Recording } from './recording.ts';
import { mockOf } from './recording.ts';

/** 30 tokens of a thousandth of a dollar each. */
export const usdEach = 0.03;
const usage = { prompt_tokens: 10, completion_tokens: 20, input_tokens: 10, output_tokens: 20 };
const prices = `models:
  openai/gpt-4o: { price: { input: 1000, output: 1000, source: a test } }
`;

export interface Capped {
  /** USD. */
  cap: number;
  /** Of each command, at the provider, USD. */
  spent: number[];
  /** Recordings after each command. */
  kept: number[];
  /** Questions that were asked twice. */
  paidAgain: number;
  codes: number[];
}

export interface CapOptions {
  mock: LLMock;
  /** Empty. */
  dir: string;
  /** USD. */
  cap: number;
  samples: number;
}

function priced({ mock, dir }: CapOptions): void {
  write(dir, { 'firedrill/targets.yaml': prices });
  mock.clearFixtures();
  mock.onMessage(/./, { content: 'An answer.', usage });
}

function measured(mock: LLMock, before: number): number {
  return (mock.getRequests().length - before) * usdEach;
}

function askedTwice(mock: LLMock): number {
  const all = mockOf(mock).paid();
  return all.length - new Set(all).size;
}

/** The same command until nothing is missing. */
export async function capRecord(options: CapOptions): Promise<Capped> {
  const { mock, dir, cap, samples } = options;
  priced(options);
  const asked = Array.from({ length: samples }, (_, n) => `  - { id: q${n}, prompt: Ask ${n}. }`);
  write(dir, {
    'desk.yaml': `name: desk\nprovenance: a test\nrecordings: desk.jsonl\nsamples:\n${asked.join('\n')}\n`,
    'chain.yaml': `targets: [{ model: openai/gpt-4o, baseURL: "${mock.url}/v1" }]\nmaxTokens: 100\n`,
  });
  process.env.OPENAI_API_KEY ||= 'sk-of-a-test-0123456789';
  const words = ['record', '--chain', 'chain.yaml', '--workload', 'desk.yaml', '--yes'];
  const capped: Capped = { cap, spent: [], kept: [], paidAgain: 0, codes: [] };
  do {
    const before = mock.getRequests().length;
    const { code } = await firedrill([...words, '--max-cost', String(cap)], dir);
    capped.codes.push(code);
    capped.spent.push(measured(mock, before));
    capped.kept.push(readRecordings(join(dir, 'desk.jsonl')).length);
  } while ((capped.kept.at(-1) ?? 0) < samples && capped.codes.length < samples);
  return { ...capped, paidAgain: askedTwice(mock) };
}

/** An app that begins with its first question each time, and stops when it is refused. */
export async function capProxy(
  options: CapOptions,
  open: (dir: string, words: string[]) => Promise<Recording>,
): Promise<Capped> {
  const { mock, dir, cap, samples } = options;
  priced(options);
  const capped: Capped = { cap, spent: [], kept: [], paidAgain: 0, codes: [] };
  do {
    const before = mock.getRequests().length;
    const limits = ['--once', '--max-cost', String(cap)];
    const proxy = await open(dir, [...mockOf(mock).upstream, ...limits]);
    const baseURL = proxy.environment.OPENAI_BASE_URL ?? '';
    const client = new OpenAI({ baseURL, apiKey: 'sk-of-a-test-0123456789', maxRetries: 0 });
    for (let n = 0; n < samples; n++) {
      const messages = [{ role: 'user' as const, content: `Ask ${n}.` }];
      const body = { model: 'gpt-4o', max_tokens: 100, messages };
      const status = await client.chat.completions.create(body).then(
        () => 200,
        (error: unknown) => (error instanceof OpenAI.APIError ? error.status : 0),
      );
      if (status !== 200) break;
    }
    capped.codes.push(await proxy.end());
    capped.spent.push(measured(mock, before));
    capped.kept.push(readRecordings(join(dir, 'firedrill/recordings/desk.jsonl')).length);
  } while ((capped.kept.at(-1) ?? 0) < samples && capped.codes.length < samples);
  return { ...capped, paidAgain: askedTwice(mock) };
}
