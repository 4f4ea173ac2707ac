// Recording from providers: what is kept, what is asked, and what it may cost.
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recordingDigest } from '../../harness/recordings/recording-digest.ts';
import { exactAnswer } from '../../harness/upstream/exact-answer.ts';
import { bodyOf } from '../../harness/upstream/recording.ts';
import { firedrill, write } from '../cli.ts';
import { desk, file, withKeys, words, workloadOf } from '../recordings/desk.ts';

withKeys();

describe('firedrill record', () => {
  it('keeps the bytes of every stream and when each piece came', async () => {
    const { there, record, exact } = await desk({ gapMs: 5 });
    const said = await record();
    expect(said).toMatchObject({ code: 0 });
    expect(said.err).toContain('6 answers to record from openai/gpt-4o (3), anthropic');
    const all = exact();
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
    const { dir, record } = await desk();
    symlinkSync(resolve('node_modules'), join(dir, 'node_modules'));
    // A schema is named by a path, which is another one where the new workload goes.
    const own = readFileSync(join(dir, 'desk.yaml'), 'utf8');
    write(dir, { 'desk.yaml': `# yaml-language-server: $schema=./here.json\n${own}` });
    const said = await record();
    const made = readFileSync(join(dir, 'firedrill/workloads/desk-recorded.yaml'), 'utf8');
    expect(made.match(/\$schema=.*/g)).toEqual([
      '$schema=../../node_modules/firedrill/docs/schemas/workload.schema.json',
    ]);
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
    const { there, record, exact } = await desk({ count: 1 });
    expect((await record(['--no-stream', '--times', '2'])).code).toBe(0);
    expect(there.heard.map(({ body }) => body.stream ?? false)).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(exact()).toHaveLength(4);
    expect((await record(['--no-stream', '--times', '3'])).code).toBe(0);
    expect(there.heard).toHaveLength(6);
    expect(exact()).toHaveLength(6);
  });

  it('asks again for nothing but what is asked otherwise now', async () => {
    const { there, dir, record, exact } = await desk();
    await record();
    const before = readFileSync(join(dir, file), 'utf8');
    const again = await record();
    expect(again).toMatchObject({ code: 0, err: '' });
    expect(readFileSync(join(dir, file), 'utf8')).toBe(before);
    expect(there.heard).toHaveLength(6);
    write(dir, { 'desk.yaml': workloadOf(3).replace('Question 1?', 'Quite another?') });
    const changed = await record();
    expect(changed.err).toContain('2 answers to record');
    expect(changed.err).toContain('4 are there, 2 were asked otherwise');
    expect(there.heard.slice(6).map(({ prompt }) => prompt)).toEqual([
      'Quite another?',
      'Quite another?',
    ]);
    expect(exact()).toHaveLength(6);
  });

  it('stops before a limit is exceeded, keeps what it has, and goes on', async () => {
    const { there, dir, record, exact } = await desk();
    const first = await record(['--max-requests', '4']);
    expect(first.code).toBe(1);
    expect(first.out).toContain('stopped: the next request might exceed --max-requests');
    expect(first.out).toContain('missing: 2');
    expect(there.heard).toHaveLength(4);
    expect(exact()).toHaveLength(4);
    expect((await record()).code).toBe(0);
    expect(there.heard).toHaveLength(6);
    expect(existsSync(join(dir, `${file}.journal`))).toBe(false);
    expect(existsSync(join(dir, `${file}.lock`))).toBe(false);
  });

  it('never costs more than it may', async () => {
    const { there, dir, record } = await desk({ count: 20 });
    write(dir, {
      'firedrill/targets.yaml': `models:
  openai/gpt-4o: { price: { input: 1000, output: 1000, source: a test } }
  anthropic/claude-haiku-4-5-20251001: { price: { input: 1000, output: 1000, source: a test } }
`,
    });
    const said = await record(['--max-cost', '3']);
    expect(said.code).toBe(1);
    expect(said.out).toContain('exceed --max-cost');
    // 30 tokens each, at 0.1 cents a token; the most of one is above 1.1 dollars.
    expect(there.heard.length).toBeGreaterThan(10);
    expect(there.heard.length * 0.03).toBeLessThan(3);
    const spent = /, \$([\d.]+)\n/.exec(said.out)?.[1];
    expect(Number(spent)).toBeCloseTo(there.heard.length * 0.03, 2);
  });

  it('asks before it spends, and sends nothing without an answer', async () => {
    const { there, dir } = await desk();
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
    const { record, exact } = await desk({
      count: 2,
      special: (heard, response) => {
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
      },
    });
    const said = await record();
    expect(said.code).toBe(1);
    expect(said.out).toMatch(/failed 1: openai\/gpt-4o at \S+: 400 invalid_request_error/);
    expect(turned).toBe(2);
    expect(exact().map(({ exchange }) => exchange.status)).toEqual([200, 200]);
    const kept = await record(['--keep-errors']);
    expect(kept.out).toContain('4 recordings in');
    expect(exact().map(({ exchange }) => exchange.status)).toEqual([200, 200, 400, 400]);
    expect(exact().filter((one) => exactAnswer(one).failure)).toHaveLength(2);
  }, 20_000);

  it('leaves a target alone that turns everything down', async () => {
    const { there, record, exact } = await desk({
      count: 4,
      special: (heard, response) => {
        if (heard.path.includes('messages')) return false;
        response.writeHead(401, { 'content-type': 'application/json' });
        response.end('{"error":{"message":"No such key","code":"invalid_api_key"}}');
        return true;
      },
    });
    const said = await record();
    expect(said.code).toBe(1);
    expect(said.out).toContain('not asked: 3, as their target turns everything down');
    expect(there.heard).toHaveLength(5);
    expect(exact()).toHaveLength(4);
  });

  it('plays the tools of a session, each turn a recording', async () => {
    const call = { id: 'call_1', type: 'function', function: { name: 'find', arguments: '{}' } };
    const tool = '{ name: find, description: Finds, results: [first, second] }';
    const { there, dir, record, exact } = await desk({
      count: 0,
      more: `  - { id: refund, prompt: Pay back, tools: [${tool}] }\n`,
      special: (heard, response) => {
        if (heard.body.messages.length > 1) return false;
        const message = { role: 'assistant', content: null, tool_calls: [call] };
        const choices = [{ index: 0, message, finish_reason: 'tool_calls' }];
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ id: 'c', object: 'chat.completion', model: 'm', choices }));
        return true;
      },
    });
    write(dir, {
      'authored.jsonl': '',
      'chain.yaml': `targets: [{ model: openai/gpt-4o, baseURL: "${there.origin}/v1" }]\n`,
    });
    const first = await record(['--no-stream', '--max-requests', '1', '--out', file]);
    expect(first.out).toContain('missing: 1');
    expect((await record(['--no-stream', '--out', file])).code).toBe(0);
    // The first turn was paid once.
    expect(there.heard).toHaveLength(2);
    expect(there.heard[1]?.body.messages.at(-1)).toMatchObject({ role: 'tool', content: 'first' });
    expect(exact().map(({ turn }) => turn ?? 1)).toEqual([1, 2]);
  });

  it('waits for what is under way when it is interrupted, and goes on later', async () => {
    const stop = new AbortController();
    const { there, record, exact } = await desk({
      special: () => {
        stop.abort();
        return false;
      },
    });
    const said = await record([], { signal: stop.signal });
    expect(said.code).toBe(130);
    expect(there.heard).toHaveLength(exact().length);
    expect(there.heard.length).toBeLessThan(3);
    expect(said.out).not.toContain('unfinished');
    expect((await record()).code).toBe(0);
    expect(there.heard).toHaveLength(6);
  });
});
