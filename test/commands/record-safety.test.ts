// Recording from providers: what never gets out, what a kill leaves, and what is refused.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { readRecordings } from '../../harness/upstream/recording.ts';
import { filesIn, mistake, write } from '../cli.ts';
import { authored, canary, desk, file, withKeys, words, workloadOf } from '../recordings/desk.ts';

withKeys();

describe('what never reaches the disk', () => {
  it('is a key, an organisation, a cookie, or what --redact matches, wherever it stands', async () => {
    const secret = 'cust-4711-hidden';
    const cookie = 'session-0123456789abcdef';
    const organisation = 'org-AbCdEf123456';
    const { there, dir, record } = await desk({
      special: (heard, response) => {
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
      },
    });
    const chain = `targets: [{ model: openai/gpt-4o, baseURL: "${there.origin}/v1" }]\n`;
    write(dir, { 'chain.yaml': chain });
    const said = await record(['--keep-errors', '--redact', 'cust-[0-9]+-\\w+']);
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
    const { there, dir, record, exact } = await desk({ count: 4, gapMs: 30 });
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
    const last = await record();
    const asked = there.heard.map(({ path, prompt }) => `${path} ${prompt}`);
    expect(asked.length).toBe(new Set(asked).size);
    expect(asked.length).toBe(8);
    const kept = exact().length;
    expect(last.code).toBe(1);
    expect(last.out).toMatch(/unfinished: \d+ requests? of an earlier command may have been paid/);
    expect((await record(['--ask-unfinished'])).code).toBe(0);
    expect(there.heard.length).toBe(8 + (8 - kept));
    expect(exact()).toHaveLength(8);
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
