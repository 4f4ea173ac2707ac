// `firedrill serve` as a process, from its first line to the last.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import type { HistoryEvent } from '../../harness/history.ts';
import { folderWith, mistake } from '../cli.ts';
import { isListening, processesWith } from '../gateways/left-over.ts';
import type { Started } from '../realtime/served.ts';
import { control, scenarioYaml, startServe } from '../realtime/served.ts';

const files = {
  'well.yaml': scenarioYaml('[]'),
  'empty.yaml': scenarioYaml('[{ inject: quota-exhausted }]'),
  'slow.yaml': scenarioYaml('[{ inject: stall, at: 3 tokens }]'),
};
const free = ['--port', '0'];
const messages = [{ role: 'user' as const, content: 'What is the capital of France?' }];

function client({ environment }: Started): OpenAI {
  const { OPENAI_BASE_URL: baseURL, OPENAI_API_KEY: apiKey } = environment;
  return new OpenAI({ baseURL: baseURL ?? '', apiKey: apiKey ?? '', maxRetries: 0 });
}

const ask = (serving: Started) =>
  client(serving).chat.completions.create({ model: 'gpt-4o', messages });

function eventsIn(file: string): HistoryEvent[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  expect(lines.pop()).toBe('');
  return lines.map((line) => JSON.parse(line));
}

describe('firedrill serve', () => {
  it('prints what programs need, and ends with what crossed the wire', async () => {
    const dir = folderWith(files);
    const serving = await startServe([...free, '--scenario', 'well.yaml', '--out', 'o'], dir);
    const port = Number(new URL(serving.control).port);
    expect(serving.control).toBe(`http://127.0.0.1:${port}/__firedrill/`);
    expect(serving.environment).toMatchObject({
      OPENAI_BASE_URL: `http://127.0.0.1:${port}/api.openai.com/v1`,
      ANTHROPIC_BASE_URL: `http://127.0.0.1:${port}/api.anthropic.com`,
      GOOGLE_GEMINI_BASE_URL: `http://127.0.0.1:${port}/generativelanguage.googleapis.com`,
      OPENAI_API_KEY: expect.stringContaining('sk-firedrill'),
    });
    await ask(serving);
    expect(await serving.end()).toBe(0);
    expect(serving.out()).toContain('1 request for 1 question crossed the wire.');
    expect(serving.err()).toBe('');
    expect(await isListening(port)).toBe(false);
    expect(processesWith(dir)).toEqual([]);
    const history = eventsIn(join(dir, 'o/history.jsonl'));
    expect(history.map(({ e }) => e).at(-1)).toBe('close');
    expect(JSON.stringify(history)).not.toContain('sk-firedrill');
  });

  it('ends with 1 where a rule was broken in any of its trials', async () => {
    const serving = await startServe([...free, '--scenario', 'empty.yaml'], folderWith(files));
    for (let n = 0; n < 2; n++) await ask(serving).catch(() => null);
    await control(serving, 'scenario', { scenario: 'well.yaml' });
    await ask(serving);
    expect(await serving.end('SIGTERM')).toBe(1);
    expect(serving.out()).toMatch(/I11 {2}violated 1x: /);
    expect(serving.out()).toContain('3 requests for 2 questions crossed the wire.');
  });

  it('ends with 2 where something was asked that nobody plays, and says what', async () => {
    const serving = await startServe(free, folderWith(files));
    await expect(client(serving).models.list()).rejects.toThrow(/404 firedrill: no wire answers/);
    expect(await serving.end()).toBe(2);
    expect(serving.err()).toMatch(/^firedrill: no wire answers GET [^\n]*\n$/);
  });

  it.skipIf(process.platform !== 'linux')(
    'keeps what it has written where the disk has no more room',
    async () => {
      const dir = folderWith(files);
      const serving = await startServe([...free, '--scenario', 'well.yaml', '--out', 'o'], dir);
      await ask(serving);
      const file = join(dir, 'o/history.jsonl.partial');
      const before = eventsIn(file);
      // From now on no file of it may grow by more than a part of an event.
      const most = statSync(file).size + 20;
      execFileSync('prlimit', ['--pid', String(serving.child.pid), `--fsize=${most}`]);
      await ask(serving).catch(() => null);
      expect(await serving.end()).toBe(2);
      expect(serving.err()).toMatch(/^note: what came before is in o\/history\.jsonl\.partial$/m);
      expect(serving.err()).toMatch(/the history .* cannot be written: EFBIG/);
      expect(eventsIn(file)).toEqual(before);
    },
  );

  it('ends with 130 where nobody has asked anything', async () => {
    const serving = await startServe(free, folderWith(files));
    expect(await serving.end()).toBe(130);
  });

  it('ends with streams in the middle: hung up on, and open in the history', async () => {
    const dir = folderWith(files);
    const serving = await startServe([...free, '--scenario', 'slow.yaml', '--out', 'o'], dir);
    const body = { model: 'gpt-4o', messages, stream: true as const };
    const stream = await client(serving).chat.completions.create(body);
    let ending: Promise<number | null> | undefined;
    const read = async (): Promise<void> => {
      for await (const { choices } of stream) {
        if (choices[0]?.delta.content) ending ??= serving.end();
      }
    };
    await expect(read()).rejects.toThrow(/terminated/);
    expect(await ending).toBe(0);
    const [end] = eventsIn(join(dir, 'o/history.jsonl')).filter(({ e }) => e === 'end');
    expect(end).toMatchObject({ how: 'open', marker: false });
  });

  it('that is killed leaves a history of whole lines', async () => {
    const dir = folderWith(files);
    const serving = await startServe([...free, '--out', 'o'], dir);
    const port = Number(new URL(serving.control).port);
    await ask(serving);
    await serving.end('SIGKILL');
    const history = eventsIn(join(dir, 'o/history.jsonl.partial'));
    expect(history.filter(({ e }) => e === 'end')).toHaveLength(1);
    expect(await isListening(port)).toBe(false);
    expect(await mistake({ 'o/history.jsonl.partial': '' }, ['serve', '--out', 'o'])).toBe(
      'o/history.jsonl.partial is there already: name another folder with --out, or move it away',
    );
  });
});

describe('firedrill serve does not start', () => {
  it('where its port is taken, and leaves nothing', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    expect(await mistake(files, ['serve', '--port', String(port)])).toBe(
      `port ${port} of 127.0.0.1 is taken: write another with --port, or --port 0 for a free one`,
    );
    await new Promise((resolve) => other.close(resolve));
    expect(existsSync(join(folderWith(), 'o'))).toBe(false);
  });

  it.each(['0.0.0.0', '::', '192.168.0.7', 'drill.example'])(
    'on %s, unless it is told that this is meant',
    async (host) => {
      expect(await mistake(files, ['serve', ...free, '--host', host])).toMatch(
        /is no address of this machine alone: .*; add --allow-remote where that is meant$/,
      );
    },
  );

  it('for a scenario that is none, or many', async () => {
    const said = (scenario: string) => mistake(files, ['serve', ...free, '--scenario', scenario]);
    expect(await said('no.yaml')).toBe('there is no scenario file no.yaml');
    expect(await said('corpus')).toMatch(/expected one scenario/);
  });
});

it('listens everywhere where it is told to, and still answers no bent name', async () => {
  const words = [...free, '--host', '0.0.0.0', '--allow-remote'];
  const serving = await startServe(words, folderWith(files));
  expect(serving.control).toMatch(/^http:\/\/127\.0\.0\.1:/);
  expect(await control(serving, 'health')).toMatchObject({ ok: true });
  await serving.end();
});
