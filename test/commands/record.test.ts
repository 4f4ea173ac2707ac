// Recording from providers: what is kept, what is asked, what it may cost, and what never gets out.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CommandContext } from '../../harness/commands/command.ts';
import { recordingDigest } from '../../harness/recordings/recording-digest.ts';
import { exactAnswer } from '../../harness/upstream/exact-answer.ts';
import type { ExactRecording } from '../../harness/upstream/recording.ts';
import { bodyOf, readRecordings } from '../../harness/upstream/recording.ts';
import { filesIn, firedrill, folderWith, mistake, write } from '../cli.ts';
import type { Provider } from '../recordings/provider.ts';
import { provider } from '../recordings/provider.ts';

const canary = 'sk-canary-7f3a9c1e5b';
const file = 'firedrill/recordings/desk-recorded.jsonl';

beforeEach(() => {
  vi.stubEnv('OPENAI_API_KEY', canary);
  vi.stubEnv('ANTHROPIC_API_KEY', `ant-${canary}`);
});
afterEach(() => void vi.unstubAllEnvs());

function workloadOf(count: number, more = ''): string {
  const samples = Array.from(
    { length: count },
    (_, n) => `  - { id: q${n}, prompt: Question ${n}? }`,
  );
  return `name: desk\nprovenance: made for a test\nrecordings: authored.jsonl\nsamples:\n${samples.join('\n')}\n${more}`;
}

const authored = '{"kind":"authored","sample":"q0","target":"openai/gpt-4o","text":"Yes."}\n';

function project({ origin }: Provider, count = 3, more = ''): string {
  return folderWith({
    'authored.jsonl': authored,
    'desk.yaml': workloadOf(count, more),
    'chain.yaml': `targets:
  - { model: openai/gpt-4o, baseURL: "${origin}/v1" }
  - { model: anthropic/claude-haiku-4-5-20251001, baseURL: "${origin}" }
maxTokens: 100
`,
  });
}

const words = ['record', '--chain', 'chain.yaml', '--workload', 'desk.yaml', '--yes'];

async function recorded(dir: string, more: string[] = [], context: Partial<CommandContext> = {}) {
  return firedrill([...words, ...more], dir, context);
}

function exactIn(dir: string): ExactRecording[] {
  return readRecordings(join(dir, file)).map((one) => {
    if (one.kind !== 'recorded') throw new Error(`is ${one.kind}`);
    return one;
  });
}

describe('firedrill record', () => {
  it('keeps the bytes of every stream and when each piece came', async () => {
    const there = await provider(undefined, 5);
    const dir = project(there);
    const said = await recorded(dir);
    expect(said).toMatchObject({ code: 0 });
    expect(said.err).toContain('6 answers to record from openai/gpt-4o (3), anthropic');
    const all = exactIn(dir);
    expect(all.map(({ sample, target }) => `${sample} ${target.split('/')[0]}`)).toEqual([
      'q0 openai',
      'q0 anthropic',
      'q1 openai',
      'q1 anthropic',
      'q2 openai',
      'q2 anthropic',
    ]);
    for (const one of all) {
      expect(there.sent).toContain(Buffer.from(bodyOf(one)).toString());
      expect(exactAnswer(one).failure).toBe(null);
      expect(exactAnswer(one).said?.text).toBe(`An answer to Question ${one.sample.slice(1)}?`);
      const { chunks = [], headersMs } = one.exchange;
      expect(chunks.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(bodyOf(one).length);
      expect(chunks.length).toBeGreaterThan(3);
      const times = chunks.map(({ atMs = Number.NaN }) => atMs);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(10);
      expect(headersMs).toBeGreaterThan(0);
      expect(one.digest).toBe(recordingDigest(one));
      expect(one.exchange.headers).toContainEqual(['x-request-id', 'req_1']);
      expect(one.date).toMatch(/^20\d\d-\d\d-\d\d$/);
    }
    expect(there.heard.every(({ body }) => body.stream === true)).toBe(true);
  });

  it('makes a workload of them that a drill takes', async () => {
    const dir = project(await provider());
    symlinkSync(resolve('node_modules'), join(dir, 'node_modules'));
    const said = await recorded(dir);
    expect(said.out).toContain('next: drill with workload: desk-recorded');
    write(dir, {
      'plain.yaml':
        'name: plain\ndescription: d\nworkload: desk-recorded\narrival: { each: once }\n',
      'usual.yaml': 'targets: [openai/gpt-4o, anthropic/claude-haiku-4-5-20251001]\n',
    });
    const run = await firedrill(
      ['run', 'plain.yaml', '--chain', 'usual.yaml', '--workers', '1'],
      dir,
    );
    expect(run).toMatchObject({ code: 0, err: '' });
    const checked = await firedrill(
      ['recordings', '--workload', 'desk-recorded', '--chain', 'chain.yaml'],
      dir,
    );
    expect(checked.out).toContain('6 recordings, 6 with a digest, sound');
    expect(checked.code).toBe(0);
  }, 60_000);

  it('asks for whole answers where it is told to, and for several of each', async () => {
    const there = await provider();
    const dir = project(there, 1);
    expect((await recorded(dir, ['--no-stream', '--times', '2'])).code).toBe(0);
    expect(there.heard.map(({ body }) => body.stream ?? false)).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(exactIn(dir)).toHaveLength(4);
    expect((await recorded(dir, ['--no-stream', '--times', '3'])).code).toBe(0);
    expect(there.heard).toHaveLength(6);
    expect(exactIn(dir)).toHaveLength(6);
  });

  it('asks again for nothing but what is asked otherwise now', async () => {
    const there = await provider();
    const dir = project(there);
    await recorded(dir);
    const before = readFileSync(join(dir, file), 'utf8');
    const again = await recorded(dir);
    expect(again).toMatchObject({ code: 0, err: '' });
    expect(readFileSync(join(dir, file), 'utf8')).toBe(before);
    expect(there.heard).toHaveLength(6);
    write(dir, { 'desk.yaml': workloadOf(3).replace('Question 1?', 'Quite another?') });
    const changed = await recorded(dir);
    expect(changed.err).toContain('2 answers to record');
    expect(changed.err).toContain('4 are there, 2 were asked otherwise');
    expect(there.heard.slice(6).map(({ prompt }) => prompt)).toEqual([
      'Quite another?',
      'Quite another?',
    ]);
    expect(exactIn(dir)).toHaveLength(6);
  });

  it('stops before a limit is exceeded, keeps what it has, and goes on', async () => {
    const there = await provider();
    const dir = project(there);
    const first = await recorded(dir, ['--max-requests', '4']);
    expect(first.code).toBe(1);
    expect(first.out).toContain('stopped: the next request might exceed --max-requests');
    expect(first.out).toContain('missing: 2');
    expect(there.heard).toHaveLength(4);
    expect(exactIn(dir)).toHaveLength(4);
    expect((await recorded(dir)).code).toBe(0);
    expect(there.heard).toHaveLength(6);
    expect(existsSync(join(dir, `${file}.journal`))).toBe(false);
    expect(existsSync(join(dir, `${file}.lock`))).toBe(false);
  });

  it('never costs more than it may', async () => {
    const there = await provider();
    const dir = project(there, 20);
    write(dir, {
      'firedrill/targets.yaml': `models:
  openai/gpt-4o: { price: { input: 1000, output: 1000, source: a test } }
  anthropic/claude-haiku-4-5-20251001: { price: { input: 1000, output: 1000, source: a test } }
`,
    });
    const said = await recorded(dir, ['--max-cost', '3']);
    expect(said.code).toBe(1);
    expect(said.out).toContain('exceed --max-cost');
    // 30 tokens each, at 0.1 cents a token; the most of one is above 1.1 dollars.
    expect(there.heard.length).toBeGreaterThan(10);
    expect(there.heard.length * 0.03).toBeLessThan(3);
    const spent = /, \$([\d.]+)\n/.exec(said.out)?.[1];
    expect(Number(spent)).toBeCloseTo(there.heard.length * 0.03, 2);
  });

  it('asks before it spends, and sends nothing without an answer', async () => {
    const there = await provider();
    const dir = project(there);
    const plain = words.slice(0, -1);
    const refused = await firedrill(plain, dir);
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(/^firedrill: 6 answers .* at most \$[\d.]+: nobody can be asked/);
    const questions: string[] = [];
    const ask = (yes: boolean) => async (question: string) => {
      questions.push(question);
      return yes;
    };
    const no = await firedrill(plain, dir, { ask: ask(false) });
    expect(no).toMatchObject({ code: 2, err: 'nothing was sent\n' });
    expect(there.heard).toEqual([]);
    expect((await firedrill(plain, dir, { ask: ask(true) })).code).toBe(0);
    expect(questions[0]).toContain('Begin?');
    expect(there.heard).toHaveLength(6);
  });

  it('waits as it is told and asks again, and keeps errors only when asked', async () => {
    let turned = 0;
    const there = await provider((heard, response) => {
      if (heard.prompt !== 'Question 0?' || heard.path.includes('messages') || turned++ > 0) {
        if (heard.prompt !== 'Question 1?') return false;
        response.writeHead(400, { 'content-type': 'application/json' });
        response.end('{"error":{"message":"No.","type":"invalid_request_error"}}');
        return true;
      }
      response.writeHead(429, { 'content-type': 'application/json', 'retry-after-ms': '20' });
      response.end(
        '{"error":{"message":"Slow down","type":"requests","code":"rate_limit_exceeded"}}',
      );
      return true;
    });
    const dir = project(there, 2);
    const said = await recorded(dir);
    expect(said.code).toBe(1);
    expect(said.out).toContain('failed 1: openai/gpt-4o: 400 invalid_request_error');
    expect(turned).toBe(2);
    expect(exactIn(dir).map(({ exchange }) => exchange.status)).toEqual([200, 200]);
    const kept = await recorded(dir, ['--keep-errors']);
    expect(kept.out).toContain('4 recordings in');
    expect(exactIn(dir).map(({ exchange }) => exchange.status)).toEqual([200, 200, 400, 400]);
    expect(exactIn(dir).filter((one) => exactAnswer(one).failure)).toHaveLength(2);
  }, 20_000);

  it('leaves a target alone that turns everything down', async () => {
    const there = await provider((heard, response) => {
      if (heard.path.includes('messages')) return false;
      response.writeHead(401, { 'content-type': 'application/json' });
      response.end('{"error":{"message":"No such key","code":"invalid_api_key"}}');
      return true;
    });
    const dir = project(there, 4);
    const said = await recorded(dir);
    expect(said.code).toBe(1);
    expect(said.out).toContain('not asked: 3, as their target turns everything down');
    expect(there.heard).toHaveLength(5);
    expect(exactIn(dir)).toHaveLength(4);
  });

  it('plays the tools of a session, each turn a recording', async () => {
    const call = { id: 'call_1', type: 'function', function: { name: 'find', arguments: '{}' } };
    const there = await provider((heard, response) => {
      if (heard.body.messages.length > 1) return false;
      const message = { role: 'assistant', content: null, tool_calls: [call] };
      const choices = [{ index: 0, message, finish_reason: 'tool_calls' }];
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ id: 'c', object: 'chat.completion', model: 'm', choices }));
      return true;
    });
    const tool = '{ name: find, description: Finds, results: [first, second] }';
    const dir = project(there, 0, `  - { id: refund, prompt: Pay back, tools: [${tool}] }\n`);
    write(dir, {
      'authored.jsonl': '',
      'chain.yaml': `targets: [{ model: openai/gpt-4o, baseURL: "${there.origin}/v1" }]\n`,
    });
    const first = await recorded(dir, ['--no-stream', '--max-requests', '1', '--out', file]);
    expect(first.out).toContain('missing: 1');
    expect((await recorded(dir, ['--no-stream', '--out', file])).code).toBe(0);
    // The first turn was paid once.
    expect(there.heard).toHaveLength(2);
    expect(there.heard[1]?.body.messages.at(-1)).toMatchObject({ role: 'tool', content: 'first' });
    expect(exactIn(dir).map(({ turn }) => turn ?? 1)).toEqual([1, 2]);
  });
});

describe('what never reaches the disk', () => {
  it('is a key, an organisation, a cookie, or what --redact matches, wherever it stands', async () => {
    const secret = 'cust-4711-hidden';
    const cookie = 'session-0123456789abcdef';
    const organisation = 'org-AbCdEf123456';
    const there = await provider((heard, response) => {
      const key = String(heard.headers.authorization ?? heard.headers['x-api-key']);
      const echo = `${key} ${key.replace('Bearer ', '')} ${secret} ${cookie} ${organisation}`;
      const packed = Buffer.from(key.replace('Bearer ', '')).toString('base64');
      const headers = {
        'set-cookie': [`sid=${cookie}; Path=/`],
        'openai-organization': organisation,
        'anthropic-organization-id': '2277c511-5523-4a62-83bd-b847b0c4b121',
        'x-echo': `${key} ${secret}`,
        'x-echo-bare': key.replace('Bearer ', ''),
        location: `https://x.test/?key=${encodeURIComponent(key)}&c=${secret}`,
      };
      if (heard.prompt === 'Question 0?') {
        response.writeHead(400, { ...headers, 'content-type': 'application/json' });
        const message = `${echo} ${packed} 2277c511-5523-4a62-83bd-b847b0c4b121`;
        response.end(JSON.stringify({ error: { message, type: key, [key]: secret } }));
        return true;
      }
      const parts = heard.prompt === 'Question 1?' ? [echo] : (echo.match(/.{1,3}/g) ?? []);
      const type = { ...headers, 'content-type': 'text/event-stream' };
      response.writeHead(200, type);
      for (const [index, content] of parts.entries()) {
        const choices = [{ index: 0, delta: { content }, finish_reason: null }];
        const chunk = { id: `c-${index}`, object: 'chat.completion.chunk', model: key, choices };
        response.write(`data: ${JSON.stringify(chunk)}\n\n: ${key}\n\n`);
      }
      const end = [{ index: 0, delta: {}, finish_reason: 'stop' }];
      response.end(`data: ${JSON.stringify({ choices: end })}\n\ndata: [DONE]\n\n`);
      return true;
    });
    const dir = project(there);
    const chain = `targets: [{ model: openai/gpt-4o, baseURL: "${there.origin}/v1" }]\n`;
    write(dir, { 'chain.yaml': chain });
    const said = await recorded(dir, ['--keep-errors', '--redact', 'cust-[0-9]+-\\w+']);
    expect(there.heard).toHaveLength(3);
    expect(said.out).toContain('3 recordings in');
    const written = filesIn(dir).filter((one) => one.includes('firedrill'));
    expect(written.length).toBeGreaterThan(1);
    const texts = [
      ...written.filter((one) => /\.\w+$/.test(one)).map((one) => readFileSync(one, 'utf8')),
      said.out,
      said.err,
    ];
    const account = '2277c511-5523';
    const packed = Buffer.from(canary).toString('base64').slice(0, 20);
    for (const text of texts) {
      for (const bad of [canary, secret, cookie, organisation, account, packed, 'canary-7f3a']) {
        expect(text).not.toContain(bad);
      }
    }
    const [, second, third] = readRecordings(join(dir, file));
    expect(second?.kind).toBe('recorded');
    // No event of the third had any of it whole: its text alone is kept, masked.
    expect(third).toMatchObject({ kind: 'recorded-text', text: expect.stringContaining('****') });
    expect(JSON.stringify(third)).not.toContain('7f3a9c');
  });
});

describe('a command that is killed', () => {
  it('leaves no broken file, and nothing is paid twice when it goes on', async () => {
    const there = await provider(undefined, 30);
    const dir = project(there, 4);
    const root = resolve(import.meta.dirname, '../..');
    const main = join(root, 'harness/main.ts');
    const tsx = join(root, 'node_modules/tsx/dist/loader.mjs');
    for (let killed = 0; killed < 3; killed++) {
      const before = there.heard.length;
      const child = spawn(process.execPath, ['--import', tsx, main, ...words], {
        cwd: dir,
        env: { ...process.env },
        stdio: 'ignore',
      });
      const ended = once(child, 'exit');
      await vi.waitFor(() => expect(there.heard.length).toBeGreaterThan(before + 1), 20_000);
      child.kill('SIGKILL');
      await ended;
      if (existsSync(join(dir, file))) readRecordings(join(dir, file));
      for (const one of filesIn(dir).filter((path) => /\.\w+$/.test(path))) {
        expect(readFileSync(one, 'utf8')).not.toContain(canary);
      }
    }
    const last = await recorded(dir);
    const asked = there.heard.map(({ path, prompt }) => `${path} ${prompt}`);
    expect(asked.length).toBe(new Set(asked).size);
    expect(asked.length).toBe(8);
    const kept = exactIn(dir).length;
    expect(last.code).toBe(1);
    expect(last.out).toMatch(/unfinished: \d+ requests? of an earlier command may have been paid/);
    expect((await recorded(dir, ['--ask-unfinished'])).code).toBe(0);
    expect(there.heard.length).toBe(8 + (8 - kept));
    expect(exactIn(dir)).toHaveLength(8);
  }, 90_000);
});

describe('what cannot be recorded', () => {
  const files = {
    'authored.jsonl': authored,
    'desk.yaml': workloadOf(1),
    'chain.yaml': 'targets: [openai/gpt-4o]\n',
    'mine.ts': 'export default 1;\n',
    'free.yaml': 'targets: [{ model: openai/unheard-of, baseURL: "http://127.0.0.1:1/v1" }]\n',
  };
  const record = (chain: string, ...more: string[]): string[] => [
    'record',
    '--chain',
    chain,
    '--workload',
    'desk.yaml',
    ...more,
  ];

  it.each([
    [record('gone.yaml', '--yes'), 'there is no such chain file'],
    [record('mine.ts', '--yes'), 'targets are read from a .yaml chain'],
    [record('chain.yaml'), 'nobody can be asked here, so write --yes'],
    [
      record('free.yaml', '--yes', '--max-cost', '1'),
      'nobody knows the price of openai/unheard-of',
    ],
    [record('chain.yaml', '--max-cost', '0'), 'expected US dollars above 0, like 1.50'],
    [record('chain.yaml', '--max-requests', 'x'), 'expected a whole number from 1'],
    [record('chain.yaml', '--yes', '--redact', '('), '--redact "(": is no regular expression'],
    [record('chain.yaml', '--yes', '--redact', 'a*'), '--redact "a*": matches nothing at all'],
    [record('chain.yaml', '--yes', '--out', 'x.yaml'), '--out x.yaml: expected a .jsonl file'],
    [record('chain.yaml', '--yes', '--out', 'authored.jsonl'), 'not recorded by record'],
    [['record', '--chain', 'chain.yaml', '--workload', 'ifeval'], 'the answers to ifeval'],
  ])('%j', async (given, message) => {
    expect(await mistake(files, given)).toContain(message);
  });

  it('is anything without a key', async () => {
    vi.stubEnv('OPENAI_API_KEY', '');
    expect(await mistake(files, record('chain.yaml', '--yes'))).toContain(
      'openai/gpt-4o needs a key: set the environment variable OPENAI_API_KEY',
    );
  });
});
