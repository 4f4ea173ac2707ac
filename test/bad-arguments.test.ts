// What users get wrong on the command line: exit code 2 and one line, as for their files.
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, truncateSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesIn, firedrill, folderWith, mistake } from './cli.ts';

const chain = { 'chain.ts': 'export default () => async () => "";\n' };
const scenario =
  'name: x\ndescription: d\nworkload: support-desk\narrival: { rate: 1/s, for: 2s }\n';
const run = (...scenarios: string[]): string[] => ['run', ...scenarios, '--chain', 'chain.ts'];

describe('files', () => {
  it('of one name are told apart before anything runs', async () => {
    const files = { 'a.yaml': scenario, 'b.yaml': scenario };
    expect(await mistake({ ...chain, ...files }, run('a.yaml', 'b.yaml'))).toBe(
      'b.yaml:1: the name "x" is taken by a.yaml',
    );
  });

  it.each([
    ['a folder', /^there is no scenario \(\.yaml\) in the folder big\.yaml$/],
    ['100 MB', /^big\.yaml: is 100 MB; at most 10 MB can be read$/],
  ])('that are %s are not read', async (what, message) => {
    const dir = folderWith(what === 'a folder' ? chain : { ...chain, 'big.yaml': '' });
    if (what === 'a folder') mkdirSync(join(dir, 'big.yaml'));
    else truncateSync(join(dir, 'big.yaml'), 100 * 1024 * 1024);
    const { code, err } = await firedrill(run('big.yaml'), dir);
    expect(code).toBe(2);
    expect(err.replace('firedrill: ', '').trim()).toMatch(message);
  });

  it.each([
    [run('nope.yaml'), /^there is no scenario file nope\.yaml$/],
    [
      run('heathy'),
      /^unknown scenario "heathy" \(did you mean healthy\?\): write a \.yaml file or one of .*provider-outage/,
    ],
    [['run', 's.yaml', '--chain', 'nope.ts'], /^nope\.ts: there is no such chain file$/],
    [['run', 's.yaml', '--chain', '.'], /is not a file$/],
    [[...run('s.yaml'), '--targets', 'nope.yaml'], /^nope\.yaml: there is no such file$/],
    [
      [...run('s.yaml'), '--targets', 's.yaml'],
      /^s\.yaml:1: unknown keys "name", .*: write one of hosts, assumed, recordedTimes, models/,
    ],
    [[...run('s.yaml'), '--resume'], /^there is no unfinished run of this chain/],
    [[...run('s.yaml'), '--resume', '--out', 'o'], /no run to resume in /],
    [['report', 'nope'], /nope/],
    [['replay', 'nope', '--chain', 'chain.ts', '--call', '1'], /^unknown scenario "nope": /],
  ])('%j', async (words, message) => {
    expect(await mistake({ ...chain, 's.yaml': scenario }, words)).toMatch(message);
  });
});

describe('a command line', () => {
  it.each([
    [['run'], /required option '--chain <file>' not specified/],
    [['rnu'], /unknown command 'rnu'/],
    [[...run(), '--sed', '1'], /unknown option '--sed'.*--seed/],
    [[...run(), '--seed', 'x'], /'--seed <n>'.*expected a whole number from 0/],
    [[...run(), '--seed', '9007199254740993'], /whole number from 0 to 9007199254740991/],
    [[...run(), '--trials', '0'], /'--trials <n>'.*expected a whole number from 1/],
    [
      ['list', 'fault'],
      /^unknown kind "fault" \(did you mean faults\?\): write one of scenarios, /,
    ],
    [['list', 'zzz'], /^unknown kind "zzz": write one of scenarios, /],
    // The mistyped one is told, not the one that it leaves missing.
    [['run', '--chian', 'chain.ts'], /^unknown option '--chian' \(did you mean --chain\?\)/],
    [['run', '--chian=chain.ts'], /^unknown option '--chian' \(did you mean --chain\?\)/],
    [['replay', 'x', '--chain', 'chain.ts', '--cal', '1'], /'--cal' \(did you mean --call\?\)/],
    [['run', '-c', 'chain.ts'], /^unknown option '-c' \(/],
    [['replay', 'x', '--chain', 'chain.ts'], /required option '--call <n>' not specified/],
  ])('%j', async (words, message) => {
    const line = await mistake(chain, words);
    expect(line).toMatch(message);
    expect(line).toMatch(/firedrill .*--help/);
  });
});

it.runIf(existsSync('/dev/full'))('says so where its output cannot be written: exit code 2', () => {
  const full = openSync('/dev/full', 'w');
  const words = ['--import', import.meta.resolve('tsx'), resolve('harness/main.ts'), 'list'];
  const { status, stderr } = spawnSync(process.execPath, [...words, 'thresholds'], {
    encoding: 'utf8',
    stdio: ['ignore', full, 'pipe'],
  });
  closeSync(full);
  expect(stderr).toMatch(/^firedrill: the output cannot be written: ENOSPC: [^\n]*\n$/);
  expect(status).toBe(2);
});

it('says the same from a process of its own: exit code 2, one line, nothing else', () => {
  const dir = folderWith({ ...chain, 's.yaml': `${scenario}worklod: y\n` });
  const before = filesIn(dir);
  const main = resolve('harness/main.ts');
  const tsx = import.meta.resolve('tsx');
  const words = ['--import', tsx, main, ...run('s.yaml')];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, {
    cwd: dir,
    encoding: 'utf8',
  });
  expect(stderr).toMatch(/^firedrill: s\.yaml:5: unknown key "worklod" [^\n]*\n$/);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(filesIn(dir)).toEqual(before);
});
