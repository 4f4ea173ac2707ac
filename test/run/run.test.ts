// What a run does when a chain cannot be drilled: one message that names the trial, and finished
// trials are kept. How runs end otherwise is in test/contract/.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { HarnessError } from '../../harness/errors.ts';
import type { Drill } from '../drills.ts';
import { drill, fixtureChain, root, writeScenario } from '../drills.ts';

const dir = mkdtempSync(join(tmpdir(), 'firedrill-run-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
afterEach(() => {
  delete process.env.FIREDRILL_TEST_TROUBLE;
});

const chain = fixtureChain('goes-wrong.ts');
const arrival = (calls: number) => ({ arrival: { rate: '1/s', for: `${calls}s`, spread: 'even' } });
const short = writeScenario(dir, 'short', arrival(2));
const long = writeScenario(dir, 'long', arrival(5));

async function failing(trouble: string, out: string, more: Partial<Drill> = {}): Promise<string> {
  process.env.FIREDRILL_TEST_TROUBLE = trouble;
  const ended = drill({ chain, scenarios: [short, long], out, silenceMs: 1_500, ...more });
  const error = await ended.then(
    () => expect.unreachable('the run should have failed'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(HarnessError);
  return (error as HarnessError).message;
}

/** The command, as a process of its own: what it says and how it ends. */
function command(words: string[], env: Record<string, string>) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/dev.mjs', ...words], {
    cwd: root,
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe('a chain that cannot be drilled', () => {
  it('ends the run with the name of the trial, and finished trials are kept', async () => {
    const out = join(dir, 'memory');
    const { status, stderr } = command(
      ['run', short, long, '--chain', chain, '--out', out, '--workers', '1'],
      { FIREDRILL_TEST_TROUBLE: ',eats-memory 4', NODE_OPTIONS: '--max-old-space-size=200' },
    );
    expect(status).toBe(2);
    expect(stderr.split('\n').filter((line) => line.startsWith('firedrill: '))).toEqual([
      expect.stringMatching(
        /^firedrill: long, trial 1: the chain needs more memory than its worker/,
      ),
    ]);
    expect(readdirSync(join(out, 'parts')).filter((name) => name.endsWith('.jsonl'))).toEqual([
      '000000.jsonl',
    ]);
  });

  it('is not said to hang where it was never asked: it spins in its factory', async () => {
    const out = join(dir, 'factory');
    expect(await failing('loops-in-its-factory', out)).toBe(
      'short, trial 1: the chain never gives back control while it starts',
    );
    expect(existsSync(out)).toBe(false);
  });

  it('is named where it throws behind the back of its import', async () => {
    const out = join(dir, 'loading');
    const message = await failing('throws-while-loading', out);
    expect(message).toContain('goes-wrong.ts, while it was loaded: ');
    expect(message).toContain('of its own making');
  });
});

describe('what a chain prints', () => {
  it('goes to stderr: a report that is printed stays one', () => {
    const out = join(dir, 'printed');
    const { stdout, stderr, status } = command(
      ['run', short, '--chain', chain, '--out', out, '--json'],
      { FIREDRILL_TEST_TROUBLE: 'prints' },
    );
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ scenarios: [{ scenario: 'short' }] });
    expect(stderr).toContain('the chain prints what it likes');
  });
});

describe('progress', () => {
  it('counts every trial once, those of before included', async () => {
    const out = join(dir, 'progress');
    const interrupt = new AbortController();
    const seen: string[] = [];
    const onProgress = (done: number, total: number) => {
      seen.push(`${done}/${total}`);
      if (done === 2) interrupt.abort();
    };
    const input = { chain, scenarios: [short], trials: 3, out };
    await drill({ ...input, onProgress, signal: interrupt.signal });
    await drill({ ...input, onProgress, resume: true });
    expect(seen).toEqual(['0/3', '1/3', '2/3', '2/3', '3/3']);
  });
});
