// The parts of a recording proxy by themselves: what a request may cost, what is masked, and what a
// kill between two files leaves.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recordable } from '../../harness/importing/recordable.ts';
import { shippedTargets } from '../../harness/project.ts';
import { joinedPieces } from '../../harness/recordings/joined-pieces.ts';
import { ownWords } from '../../harness/recordings/own-words.ts';
import {
  cleanRecording,
  exactRecording,
  whyNotKept,
} from '../../harness/recordings/recorded-exchange.ts';
import { Redaction } from '../../harness/recordings/redaction.ts';
import { mostOfRequest } from '../../harness/recordings/request-cost.ts';
import { TrafficStore } from '../../harness/recordings/traffic-store.ts';
import { readRecordings } from '../../harness/upstream/recording.ts';
import { createTargets, readTargets } from '../../harness/upstream/targets.ts';
import { loadYamlWorkload } from '../../harness/workloads/yaml-workload.ts';
import { folderWith } from '../cli.ts';

const targets = createTargets(readTargets([shippedTargets]));

function most(body: object, target = 'openai/gpt-4o') {
  const [provider, model] = target.split('/');
  const text = JSON.stringify({ model, messages: [], ...body });
  const isAnthropic = provider === 'anthropic';
  const url = `https://api.${provider}.com/v1/${isAnthropic ? 'messages' : 'chat/completions'}`;
  const asked = recordable({ method: 'POST', url, header: () => null, body: text });
  if (typeof asked === 'string') throw new Error(asked);
  const found = mostOfRequest(asked, text, target, targets);
  return typeof found === 'string' ? found : found.usd;
}

describe('the most that a request can cost', () => {
  it('has all of its max tokens, for each answer', () => {
    const one = Number(most({ max_tokens: 1_000 }));
    expect(one).toBeGreaterThan(0.01);
    expect(Number(most({ max_tokens: 1_000, n: 3 }))).toBeCloseTo(one + 0.02, 4);
    expect(Number(most({ max_completion_tokens: 2_000 }))).toBeCloseTo(one + 0.01, 3);
  });

  it('has the whole window where nothing limits it, or where it brings what is elsewhere', () => {
    expect(most({})).toBeGreaterThan(1.28);
    const files = [{ role: 'user', content: [{ type: 'file', file: { file_id: 'file-1' } }] }];
    expect(most({ max_tokens: 1, messages: files })).toBeGreaterThan(0.31);
  });

  it('has the whole window where the provider fetches a document, and what it is where it is sent', () => {
    const asked = (source: object): unknown =>
      most(
        {
          max_tokens: 1,
          messages: [{ role: 'user', content: [{ type: 'document', source }] }],
        },
        'anthropic/claude-3-5-sonnet-latest',
      );
    expect(asked({ type: 'url', url: 'https://x.test/a.pdf' })).toBeGreaterThan(0.59);
    expect(asked({ type: 'text', media_type: 'text/plain', data: 'Hello.' })).toBeLessThan(0.01);
  });

  it('has for each picture what the largest has', () => {
    const image = { type: 'image_url', image_url: { url: 'https://x.test/a.png' } };
    const messages = [{ role: 'user', content: [image] }];
    expect(most({ max_tokens: 1, messages })).toBeGreaterThan(0.125);
    // Who only speaks of such a thing brings none.
    const words = [{ role: 'user', content: 'What is "image_url": in JSON?' }];
    expect(most({ max_tokens: 1, messages: words })).toBeLessThan(0.01);
  });

  it('is not known for tools of the provider, nor without a price or a window', () => {
    expect(most({ max_tokens: 1, tools: [{ type: 'web_search' }] })).toMatch(/prices of their own/);
    expect(most({ max_tokens: 1, tools: [{ type: 'function', function: {} }] })).toBeLessThan(0.01);
    expect(most({}, 'openai/unheard-of')).toMatch(/nobody knows the price/);
    expect(most({}, 'openai/gpt-6-luna')).toMatch(/nobody knows the context window/);
  });
});

describe('what a request says of who sends it', () => {
  const words = (request: Partial<Parameters<typeof ownWords>[0]>): string[] =>
    ownWords({ headers: [], ...request });

  it('is in headers, query and fields, and not in the conversation', () => {
    expect(words({ headers: [['Authorization', 'Basic dXNlcjpodW50ZXItdHdv']] })).toContain(
      'hunter-two',
    );
    expect(words({ headers: [['cookie', 'a=first-one; b=second-one']] })).toEqual(
      expect.arrayContaining(['first-one', 'second-one']),
    );
    expect(words({ url: 'https://x.test/v1?key=my-own-key&alt=sse' })).toContain('my-own-key');
    const body = JSON.stringify({
      user: 'someone@x.test',
      messages: [{ role: 'user', content: 'a1b2c3d4e5f6a7b8' }],
      tool_choice: 'required',
    });
    expect(words({ body })).toEqual(['someone@x.test', 'someone@x.test']);
  });

  it('is no placeholder, and no ordinary header', () => {
    expect(words({ headers: [['authorization', 'Bearer <REDACTED>']] })).not.toContain(
      '<REDACTED>',
    );
    const plain: [string, string][] = [
      ['user-agent', 'OpenAI/Python 2.54.0'],
      ['anthropic-beta', 'prompt-caching-2024-07-31,fine-grained-tool-streaming-2025-05-14'],
      ['x-stainless-runtime-version', 'v24.1.0'],
    ];
    expect(words({ headers: plain })).toEqual([]);
  });
});

it('joins what stands in one place of event after event', () => {
  const body = { text: 'data: {"d":"se","id":"x"}\n\ndata: {"d":"cret","id":"x"}\n\n' };
  const exchange = { status: 200, headers: [], body };
  const recording = { kind: 'recorded', sample: 's', target: 'a/b', wire: 'openai-chat' } as const;
  expect(joinedPieces({ ...recording, exchange })).toEqual(['secret']);
});

describe('a key that a provider writes with escapes of JSON', () => {
  const key = 'key/of+somebody';
  const kept = (status: number, text: string) => {
    const redaction = new Redaction([key], []);
    const headers: [string, string][] = [['content-type', 'application/json']];
    const captured = { status, headers, headersMs: 1, chunks: null, isWhole: true };
    const request = { headers: [] };
    const body = new Uint8Array(Buffer.from(text));
    const of = { sample: 's', target: 'a/b' };
    const whole = { ...captured, request, body };
    return cleanRecording(exactRecording(of, 'openai-chat', whole, redaction), redaction);
  };
  const answer = (content: string): string =>
    `{"choices":[{"index":0,"message":{"role":"assistant","content":"${content}"},"finish_reason":"stop"}]}`;

  it.each(['key\\/of+somebody', 'key/of\\u002bsomebody'])('is masked in an answer: %s', (as) => {
    expect(kept(200, answer(`It is ${as}.`))).toMatchObject({
      kind: 'recorded-text',
      text: `It is ${'*'.repeat(key.length)}.`,
    });
  });

  it('keeps the bytes of other escapes, and no error that has it', () => {
    expect(kept(200, answer('One\\nTwo'))).toMatchObject({ kind: 'recorded' });
    expect(kept(401, '{"error":{"message":"wrong: key\\/of+somebody"}}')).toBeNull();
  });
});

it('keeps no answer of a status that could never be served', () => {
  const exchange = { status: 999, headers: [], body: { text: '{}' } };
  const named = { sample: 's', target: 'a/b', wire: 'openai-chat' } as const;
  const recording = { kind: 'recorded' as const, ...named, exchange };
  expect(cleanRecording(recording, new Redaction([], []))).toBeNull();
  expect(whyNotKept(999)).toContain('the status 999');
});

describe('what a recording proxy keeps', () => {
  const question = { id: 'q', system: null, prompt: 'Question?' };
  const exchange = { status: 200, headers: [], body: { text: '{}' } };
  const recording = {
    kind: 'recorded' as const,
    sample: 'q',
    target: 'openai/gpt-4o',
    source: 'firedrill serve --record, api.openai.com',
    wire: 'openai-chat' as const,
    exchange,
  };

  function store(dir: string): TrafficStore {
    const file = join(dir, 'firedrill/recordings/desk.jsonl');
    const workloadFile = join(dir, 'firedrill/workloads/desk.yaml');
    return new TrafficStore({ name: 'desk', file, workloadFile, cwd: dir, looksUp: false });
  }

  it('is there once, whenever the kill came', () => {
    const dir = folderWith({ 'firedrill/recordings/none': '' });
    const file = join(dir, 'firedrill/recordings/desk.jsonl');
    const first = store(dir);
    first.kept(first.sent('a'), recording, question);
    first.sent('b');
    // Killed before anything was folded, with a line that was torn off.
    appendFileSync(`${file}.journal`, '{"e":"kept","key":"');
    const journal = readFileSync(`${file}.journal`);
    expect(store(dir)).toMatchObject({ unfinished: 1, recordings: 1 });
    expect(readRecordings(file)).toHaveLength(1);
    // Killed when the file was written and the journal was not.
    writeFileSync(`${file}.journal`, journal);
    store(dir).close();
    expect(readRecordings(file)).toHaveLength(1);
    expect(loadYamlWorkload(join(dir, 'firedrill/workloads/desk.yaml')).samples).toHaveLength(1);
  });

  it('is added to a workload that somebody has edited meanwhile', () => {
    const dir = folderWith({ 'firedrill/recordings/none': '' });
    const path = join(dir, 'firedrill/workloads/desk.yaml');
    const one = store(dir);
    one.kept(one.sent('a'), recording, question);
    one.fold();
    const edited = `${readFileSync(path, 'utf8')}    checks: # mine\n      - contains: [yes]\n`;
    writeFileSync(path, edited);
    const other = { ...question, id: 'r', prompt: 'Another?' };
    one.kept(one.sent('b'), { ...recording, sample: 'r' }, other);
    one.close();
    expect(readFileSync(path, 'utf8')).toContain('# mine');
    const { samples } = loadYamlWorkload(path);
    expect(samples.map(({ id, checks }) => [id, checks.length])).toEqual([
      ['q', 1],
      ['r', 0],
    ]);
  });
});
