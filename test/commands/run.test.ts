// `firedrill run` as a command: the words that it prints, and what it leaves.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { firedrill, folderWith } from '../cli.ts';
import { fixtureChain, root } from '../drills.ts';

const chain = fixtureChain('openai-stream.ts');
const scenario = (name: string): string =>
  `name: ${name}
description: a test
workload: support-desk
arrival: { rate: 1/s, for: 3s, spread: even }
thresholds: { latency_ms.p95: "<= 1ms" }
`;

/** The words of the command that brings the scenario back. */
async function printed(files: Record<string, string>, words: string[]): Promise<string[]> {
  const dir = folderWith(files);
  const { code, out } = await firedrill(['run', ...words, '--chain', chain, '--out', 'o'], dir);
  expect(code).toBe(1);
  expect(existsSync(join(dir, 'o', 'run.lock'))).toBe(false);
  const [, again = ''] = out.match(/ {2}firedrill (run .*)/) ?? [];
  const { scenarios } = JSON.parse(readFileSync(join(dir, 'o', 'run.json'), 'utf8'));
  expect(Object.values(scenarios)).toEqual([again.split(' ')[1]]);
  // They are found again, from where the run was started.
  const replay = ['replay', ...again.split(' ').slice(1), '--call', '1'];
  expect(await firedrill(replay, dir)).toMatchObject({ code: 0, err: '' });
  return again.split(' ').slice(0, 2);
}

it('names a scenario by words that find it, whatever its file is called', async () => {
  const inProject = { 'firedrill/scenarios/file.yaml': scenario('other') };
  expect(await printed({ 'a/file.yaml': scenario('other') }, ['a/file.yaml'])).toEqual([
    'run',
    'a/file.yaml',
  ]);
  expect(await printed(inProject, [])).toEqual(['run', 'file']);
  expect(await printed(inProject, ['file'])).toEqual(['run', 'file']);
});

it('names each scenario of a folder by words that find that one', async () => {
  const files = { 'mine/one.yaml': scenario('other') };
  expect(await printed(files, ['mine'])).toEqual(['run', 'mine/one.yaml']);
  expect(await printed(files, ['./mine/'])).toEqual(['run', 'mine/one.yaml']);
});

it('prints commands for the shipped folders that bring the scenario back', async () => {
  const dir = folderWith();
  const chain = join(root, 'fixtures/chains/gpt-first.yaml');
  const words = ['run', 'failover-bench', '--chain', chain, '--out', 'o'];
  expect(await firedrill(words, dir)).toMatchObject({ code: 0 });
  const { scenarios } = JSON.parse(readFileSync(join(dir, 'o', 'run.json'), 'utf8'));
  expect(scenarios['s13-content-policy']).toBe('failover-bench/s13-content-policy');
  const { scenarios: rows } = JSON.parse(readFileSync(join(dir, 'o', 'report.json'), 'utf8'));
  // Whoever looks at rows alone has to be told what they are rows of.
  for (const file of ['calls', 'attempts', 'scores', 'timeline']) {
    const text = readFileSync(join(dir, 'o', `${file}.csv`), 'utf8');
    const rows: Record<string, string>[] = parse(text, { columns: true });
    const kinds = new Set(rows.map(({ answers }) => answers).filter((kind) => kind !== ''));
    expect(kinds, file).toEqual(new Set(['authored']));
  }
  const again = rows[12].again.split(' ').slice(1);
  expect(again.slice(0, 2)).toEqual(['run', 'failover-bench/s13-content-policy']);
  expect(await firedrill([...again, '--out', 'p'], dir)).toMatchObject({ code: 0 });
});

it('keeps what a chain writes to the standard files out of its own output', async () => {
  const dir = folderWith({
    's.yaml': scenario('s'),
    'chain.ts': `import fs, { appendFileSync, writeSync } from 'node:fs';
      export const targets = ['openai/gpt-4o'];
      writeSync(1, 'while loading\\n');
      export default () => async () => {
        await fetch('https://api.openai.com/v1/chat/completions', {
          method: 'POST',
          headers: { authorization: 'Bearer ' + process.env.OPENAI_API_KEY },
          body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'x' }] }),
        });
        fs.writeSync(1, Buffer.from('[by-offset]'), 1, 9);
        writeSync(2, '-to-');
        appendFileSync(1, '-files\\n');
        return new Promise((done) => {
          fs.write(1, 'later\\n', (_error, length) => done(String(length)));
        });
      };`,
  });
  const words = ['run', 's.yaml', '--chain', 'chain.ts', '--out', 'o', '--json', '--workers', '1'];
  const { code, out, err } = await firedrill(words, dir);
  expect(code, err).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ seed: 1 });
  const calls =
    readFileSync(join(dir, 'o', 'calls.csv'), 'utf8')
      .trim()
      .split('\n').length - 1;
  for (const part of ['while loading\n', 'by-offset', '-to-', '-files\n', 'later\n']) {
    expect(err.split(part).length - 1, part).toBe(part.startsWith('while') ? 1 : calls);
  }
});
