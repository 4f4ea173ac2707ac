// `firedrill run` as a command: the words that it prints, and what it leaves.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { filesIn, firedrill, folderWith } from '../cli.ts';
import { fixtureChain } from '../drills.ts';

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
  expect((await firedrill([...again.split(' '), '--out', 'again'], dir)).code).toBe(1);
  const replay = ['replay', ...again.split(' ').slice(1), '--call', '1'];
  expect(await firedrill(replay, dir)).toMatchObject({ code: 0, err: '' });
  expect(filesIn(join(dir, 'again'))).toHaveLength(filesIn(join(dir, 'o')).length);
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
