// `firedrill run --live` as people start it: over providers on loopback that nobody here wrote.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Report } from '../../harness/report.ts';
import type { Said } from '../cli.ts';
import { filesIn, firedrill } from '../cli.ts';
import { provider as plainProvider } from '../recordings/provider.ts';
import { callsIn } from '../trials.ts';
import type { Providers } from './providers.ts';
import { historyIn, keys, project, providers, said } from './providers.ts';

beforeEach(() => {
  for (const [name, key] of Object.entries(keys)) vi.stubEnv(name, key);
});

const steady = 'arrival: { rate: 5/s, for: 1600ms, spread: even }';
const cuts = `${steady}
faults: [{ inject: disconnect, at: 3 tokens, on: { provider: openai } }]`;

function live(dir: string, ...more: string[]): Promise<Said> {
  const words = ['run', 's.yaml', '--chain', 'chain.yaml', '--live', '--yes', '--out', 'out'];
  return firedrill([...words, ...more], dir);
}

function reportIn(dir: string): Report {
  return JSON.parse(readFileSync(join(dir, 'out/report.json'), 'utf8')) as Report;
}

function asked({ openai, anthropic }: Providers): number {
  return openai.getRequests().length + anthropic.getRequests().length;
}

describe('run --live', () => {
  it('passes on what no fault hits, and scores what came by the checks of the samples', async () => {
    const mocks = await providers();
    const dir = project(mocks, steady);
    const { code, err } = await live(dir, '--max-requests', '20', '--calls', '4');
    expect([code, err]).toEqual([0, expect.stringContaining('at most 4 calls')]);
    const events = historyIn(dir);
    const calls = [...callsIn(events).values()];
    expect(calls.map(({ outcome, text }) => [outcome, text])).toEqual(
      Array.from({ length: 4 }, () => ['complete', said]),
    );
    const scores = Object.fromEntries(
      calls.map(({ call, answer }) => [call.sample, answer?.score]),
    );
    expect(scores).toEqual({ who: 1, when: 0 });
    expect(mocks.openai.getRequests()).toHaveLength(4);
    const [row] = reportIn(dir).scenarios;
    expect(row?.recordings['openai/gpt-4o']).toMatchObject({
      kind: 'live',
      dates: { from: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) },
      models: ['gpt-4o'],
    });
    const text = events.find((event) => event.e === 'text');
    expect(text).toMatchObject({ kind: 'live', model: 'gpt-4o' });
    // The primary's own answers are what others are held against.
    expect(row?.quality).toMatchObject({ drop: 0, calls: 4, unscored: 0 });
    expect(row?.clock).toBe('real');
  });

  it('masks no name of the history or of a target, whatever the environment calls a key', async () => {
    vi.stubEnv('TOKEN_FIELD', 'provider');
    vi.stubEnv('LLM_KEY_PROVIDER', 'anthropic');
    vi.stubEnv('SOME_TOKEN', 'down from the hills');
    const mocks = await providers();
    const fails = 'faults: [{ inject: server-error, on: { provider: openai } }]';
    const dir = project(mocks, `${steady}\n${fails}`);
    const { code } = await live(dir, '--max-requests', '20', '--calls', '2');
    expect(code).toBe(0);
    const events = historyIn(dir);
    const asked = events.flatMap((event) => (event.e === 'attempt' ? [event.provider] : []));
    expect([...new Set(asked)].sort()).toEqual(['anthropic', 'openai']);
    const texts = events.flatMap((event) => (event.e === 'text' ? [event.text] : []));
    expect(texts[0]).toBe(said.replace('down from the hills', '*'.repeat(19)));
  }, 30_000);

  it('cuts streams on their way, after the words that callers have read', async () => {
    const mocks = await providers();
    const dir = project(mocks, cuts);
    const { code } = await live(dir, '--max-requests', '60', '--calls', '4');
    expect(code).toBe(0);
    const calls = [...callsIn(historyIn(dir)).values()];
    expect(calls).toHaveLength(4);
    for (const { outcome, attempts } of calls) {
      expect(attempts[0]?.end).toMatchObject({ how: 'reset', marker: false });
      expect(attempts[0]?.effects).toMatchObject([{ fault: 'disconnect' }]);
      expect(outcome).toBe('error');
    }
  });

  it('asks nobody whom the chain does not name, and says so', async () => {
    const mocks = await providers();
    const dir = project(mocks, steady);
    const { port } = new URL(mocks.anthropic.url);
    writeFileSync(
      join(dir, 'chain.ts'),
      `export const targets = ['openai/gpt-4o'];
      export default () => async ({ prompt }) => {
        const body = JSON.stringify({ model: 'x', max_tokens: 5, messages: [{ role: 'user', content: prompt }] });
        await fetch('http://127.0.0.1:${port}/v1/messages', { method: 'POST', body });
        return 'never';
      };`,
    );
    const words = [
      'run',
      's.yaml',
      '--chain',
      'chain.ts',
      '--live',
      '--yes',
      '--max-requests',
      '9',
    ];
    const { code, err } = await firedrill(words, dir);
    expect(code).toBe(2);
    expect(err).toContain(`127.0.0.1:${port}`);
    expect(asked(mocks)).toBe(0);
  });

  it('keeps what was paid for where a later call ends the run', async () => {
    const mocks = await providers();
    const dir = project(mocks, steady);
    const { origin, host } = new URL(mocks.openai.url);
    const hosts = `hosts: [{ host: "${host}", provider: openai }]\nmodels: {}\n`;
    writeFileSync(join(dir, 'targets.yaml'), hosts);
    writeFileSync(
      join(dir, 'chain.ts'),
      `export const targets = ['openai/gpt-4o'];
      let calls = 0;
      export default () => async ({ prompt }) => {
        const to = calls++ < 2 ? '${origin}' : 'http://127.0.0.1:9';
        const body = JSON.stringify({ model: 'gpt-4o', max_tokens: 5, messages: [{ role: 'user', content: prompt }] });
        const answer = await fetch(to + '/v1/chat/completions', { method: 'POST', body });
        return (await answer.json()).choices[0].message.content;
      };`,
    );
    const words = ['run', 's.yaml', '--chain', 'chain.ts', '--live', '--yes', '--out', 'out'];
    const all = [...words, '--targets', 'targets.yaml', '--max-requests', '9'];
    const { code, err } = await firedrill(all, dir);
    expect([code, err]).toEqual([2, expect.stringContaining('spent: 2 requests')]);
    const kept = filesIn(join(dir, 'out/parts'));
    expect(kept).toHaveLength(1);
    expect(readFileSync(kept[0] ?? '', 'utf8')).toContain('"kind":"live"');
  });

  it('refuses a connection past the interception, to the very hosts that it asks itself', async () => {
    const mocks = await providers();
    const dir = project(mocks, steady);
    const { port, host } = new URL(mocks.openai.url);
    writeFileSync(
      join(dir, 'targets.yaml'),
      `hosts: [{ host: "${host}", provider: openai }]\nmodels: {}\n`,
    );
    writeFileSync(
      join(dir, 'chain.ts'),
      `import net from 'node:net';
      export const targets = ['openai/gpt-4o'];
      export default () => async ({ prompt }) => {
        const body = JSON.stringify({ model: 'gpt-4o', max_tokens: 5, messages: [{ role: 'user', content: prompt }] });
        const headers = { authorization: 'Bearer ' + process.env.OPENAI_API_KEY };
        await (await fetch('${mocks.openai.url}/v1/chat/completions', { method: 'POST', body, headers })).text();
        return new Promise((resolve) => net.connect(${port}, '127.0.0.1').on('error', () => resolve('no')));
      };`,
    );
    const words = ['run', 's.yaml', '--chain', 'chain.ts', '--targets', 'targets.yaml'];
    const more = ['--live', '--yes', '--max-requests', '9', '--calls', '1'];
    const { code, err } = await firedrill([...words, ...more], dir);
    expect(code).toBe(2);
    expect(err).toContain(`tried to connect to 127.0.0.1 port ${port}`);
    expect(mocks.openai.getRequests()).toHaveLength(1);
  });

  it('stops before --max-requests is exceeded, keeps what it has, and goes on later', async () => {
    const mocks = await providers();
    const dir = project(mocks, steady);
    const first = await live(dir, '--max-requests', '5', '--calls', '8');
    expect(first.code).toBe(1);
    expect(first.err).toContain('stopped by --max-requests in trial 1');
    expect(first.err).toContain('go on with --resume --out out');
    expect(asked(mocks)).toBe(5);
    expect(reportIn(dir).stopped).toMatchObject({ by: '--max-requests', trial: 1 });
    const run = JSON.parse(readFileSync(join(dir, 'out/run.json'), 'utf8'));
    expect(run.live).toBe('--live --calls 8 --max-requests 5');
    const summary = readFileSync(join(dir, 'out/summary.md'), 'utf8');
    expect(summary).toContain('**Not complete.** s: stopped by');
    const part = callsIn(historyIn(dir, 'out/parts/000000.jsonl'));
    expect([...part.values()].filter(({ outcome }) => outcome === 'complete')).toHaveLength(5);
    const second = await live(dir, '--max-requests', '20', '--calls', '8', '--resume');
    expect([second.code, second.err]).toEqual([0, expect.not.stringContaining('stopped')]);
    const events = historyIn(dir);
    const calls = [...callsIn(events).values()];
    const numbers = calls.map(({ call }) => call.call).sort();
    expect(numbers).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(calls.filter(({ outcome }) => outcome === 'complete').length).toBeGreaterThanOrEqual(7);
    const attempts = events.flatMap((event) => (event.e === 'attempt' ? event.attempt : []));
    expect(attempts).toEqual(attempts.map((_, index) => index + 1));
    expect(reportIn(dir).stopped).toBeUndefined();
    // What was paid for is not asked again.
    expect(asked(mocks)).toBe(attempts.length);
  }, 30_000);

  it('lets what is open come to its end on Ctrl-C, and goes on later', async () => {
    const mocks = await providers({ latency: 30 });
    const dir = project(mocks, 'arrival: { rate: 1/s, for: 60s, spread: even }');
    const stop = new AbortController();
    const interrupt = setInterval(() => {
      if (mocks.openai.getRequests().length >= 2) stop.abort();
    }, 10);
    const words = ['run', 's.yaml', '--chain', 'chain.yaml', '--live', '--yes', '--out', 'out'];
    const all = [...words, '--calls', '60', '--max-requests', '99'];
    const { code, err } = await firedrill(all, dir, { signal: stop.signal });
    clearInterval(interrupt);
    expect([code, err]).toEqual([130, expect.stringContaining('go on with --resume --out out')]);
    const events = historyIn(dir, 'out/parts/000000.jsonl');
    expect(events.at(-1)).toMatchObject({ e: 'close', stopped: 'Ctrl-C' });
    const outcomes = [...callsIn(events).values()].map(({ outcome }) => outcome);
    expect(new Set(outcomes)).toEqual(new Set(['complete']));
    const { err: again } = await firedrill(
      [...words, '--calls', '60', '--max-requests', '1', '--resume'],
      dir,
    );
    expect(again).toContain('stopped by --max-requests');
    const calls = [...callsIn(historyIn(dir, 'out/parts/000000.jsonl')).keys()];
    expect(calls.length).toBe(outcomes.length + 2);
  }, 30_000);

  it('stops before --max-cost is exceeded, by the most that the next request may cost', async () => {
    const mocks = await providers();
    const dir = project(mocks, steady);
    const { code, err } = await live(dir, '--max-cost', '0.0055', '--calls', '8');
    expect([code, err]).toEqual([1, expect.stringContaining('stopped by --max-cost')]);
    const [, usd] = /spent: .*\$(\d+\.\d+)/.exec(err) ?? [];
    expect(Number(usd)).toBeLessThanOrEqual(0.0055);
    expect(asked(mocks)).toBeGreaterThan(0);
    expect(asked(mocks)).toBeLessThan(8);
  });

  it('writes no key into any file, though a provider repeats all that it was told', async () => {
    const mocks = await providers();
    mocks.openai.reset();
    mocks.openai.onMessage(/.*/s, {
      content: `Your key is ${keys.OPENAI_API_KEY}, in base64 ${btoa(keys.OPENAI_API_KEY)}.`,
    });
    mocks.openai.nextRequestError(401, { message: `Incorrect API key: ${keys.OPENAI_API_KEY}` });
    const dir = project(mocks, steady);
    await live(dir, '--max-requests', '20', '--calls', '4');
    const canary = [...Object.values(keys), btoa(keys.OPENAI_API_KEY).replace(/=+$/, '')];
    const files = filesIn(dir).filter((file) => statSync(file).isFile());
    expect(files.length).toBeGreaterThan(5);
    for (const file of files) {
      const text = readFileSync(file).toString('latin1');
      expect(
        canary.filter((key) => text.includes(key)),
        file,
      ).toEqual([]);
    }
  });

  it('sends the keys of the environment to their providers', async () => {
    const plain = await plainProvider();
    const { anthropic } = await providers();
    const dir = project({ openai: { url: plain.origin }, anthropic }, steady);
    const { code } = await live(dir, '--max-requests', '20', '--calls', '2');
    expect(code).toBe(0);
    const sent = plain.heard.map(({ headers }) => headers.authorization);
    expect(sent).toEqual([`Bearer ${keys.OPENAI_API_KEY}`, `Bearer ${keys.OPENAI_API_KEY}`]);
    for (const file of filesIn(dir).filter((path) => statSync(path).isFile())) {
      expect(readFileSync(file, 'utf8'), file).not.toContain(keys.OPENAI_API_KEY);
    }
  });

  it.each<[what: string, words: string[], says: string]>([
    ['without a limit', [], '--max-cost 1.50, or --max-requests 100'],
    ['with a negative limit', ['--max-cost', '-1'], 'expected US dollars above 0'],
    ['with no requests at all', ['--max-requests', '0'], 'expected a whole number from 1'],
    [
      'where nobody can be asked',
      ['--max-requests', '5', '--no-yes'],
      'nobody can be asked here, so write --yes',
    ],
  ])('asks nobody %s', async (_what, words, says) => {
    const mocks = await providers();
    const dir = project(mocks, steady);
    const all = ['run', 's.yaml', '--chain', 'chain.yaml', '--live', '--out', 'out'];
    const yes = words.includes('--no-yes') ? [] : ['--yes'];
    const { code, err } = await firedrill(
      [...all, ...yes, ...words.filter((word) => word !== '--no-yes')],
      dir,
    );
    expect([code, err]).toEqual([2, expect.stringContaining(says)]);
    expect(asked(mocks)).toBe(0);
  });

  it('needs the keys that the chain names', async () => {
    const dir = project(await providers(), steady);
    vi.stubEnv('ANTHROPIC_API_KEY', '');
    const { code, err } = await live(dir, '--max-requests', '5');
    expect([code, err]).toEqual([
      2,
      'firedrill: anthropic/claude-3-5-sonnet-latest needs a key: set the environment variable ANTHROPIC_API_KEY\n',
    ]);
  });

  it('takes no --max-cost where nobody knows a price', async () => {
    const dir = project(await providers(), steady);
    const file = join(dir, 'chain.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('openai/gpt-4o,', 'openai/gpt-none,'));
    const { code, err } = await live(dir, '--max-cost', '1');
    expect([code, err]).toEqual([
      2,
      expect.stringContaining('--max-cost: nobody knows the price of openai/gpt-none'),
    ]);
  });

  it('refuses a chain in another process, and a module that does not say whom it asks', async () => {
    const dir = project(await providers(), steady);
    writeFileSync(
      join(dir, 'http.yaml'),
      'http: http://127.0.0.1:4000/v1\nmodel: gpt-4o\ntargets: [openai/gpt-4o]\n',
    );
    writeFileSync(join(dir, 'chain.ts'), 'export default () => async () => "none";\n');
    const of = (chain: string): Promise<Said> =>
      firedrill(['run', 's.yaml', '--chain', chain, '--live', '--yes', '--max-requests', '5'], dir);
    expect((await of('http.yaml')).err).toContain('--live: the chain runs in another process');
    expect((await of('chain.ts')).err).toContain("export const targets = ['openai/gpt-4o', ...]");
  });

  it('takes the words of live runs in live runs only', async () => {
    const dir = project(await providers(), steady);
    const words = ['run', 's.yaml', '--chain', 'chain.yaml', '--max-cost', '1'];
    const { code, err } = await firedrill(words, dir);
    expect([code, err]).toEqual([2, expect.stringContaining('--max-cost is of live runs')]);
  });
});
