import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HarnessError, InputError } from '../../harness/errors.ts';
import type { RunFile } from '../../harness/run/run-folder.ts';
import { RunFolder, runName, unfinishedRun } from '../../harness/run/run-folder.ts';
import { filesIn, folderWith, write } from '../cli.ts';

const wanted: RunFile = {
  version: 1,
  fingerprint: 'aaaa',
  chain: 'mine',
  seed: 1,
  trials: 2,
  scenarios: { x: 'x.yaml' },
  files: { chain: 'mine.ts', scenarios: { x: 'x.yaml' } },
  replay: '--chain mine.ts',
  started: '2026-01-05T09:00:00.000Z',
};

const opened = (dir: string): RunFolder => {
  const folder = new RunFolder(dir);
  folder.open(wanted, false);
  return folder;
};

describe('a new run', () => {
  it('says what it was started with', () => {
    const folder = opened(join(folderWith(), 'reports', 'mine'));
    expect(folder.read()).toEqual(wanted);
    expect(folder.parts()).toEqual([]);
    expect(folder.finished()).toBe(false);
  });

  it('never goes into the folder of another', () => {
    const folder = opened(folderWith());
    const again = (): RunFile => new RunFolder(folder.dir).open(wanted, false);
    expect(again).toThrow(InputError);
    expect(again).toThrow(/holds a run already: go on with --resume, or give another --out/);
  });

  it('is refused below /proc, where Node’s own way of making folders never ends', () => {
    expect(() => opened('/proc/firedrill/x')).toThrow(/^\/proc\/firedrill\/x cannot be written: /);
  });

  it('says so where nothing can be written', () => {
    const dir = folderWith({ taken: 'a file' });
    expect(() => opened(join(dir, 'taken'))).toThrow(HarnessError);
  });
});

describe('a run that is still going on', () => {
  it('is refused to another process', () => {
    const { dir } = opened(folderWith());
    const again = (): RunFile => new RunFolder(dir).open(wanted, true);
    // The process that started this one: it lives.
    write(dir, { 'run.lock': `${process.ppid}\n` });
    expect(again).toThrow(InputError);
    expect(again).toThrow(`the run is still going on in process ${process.ppid}`);
    expect(readFileSync(join(dir, 'run.lock'), 'utf8')).toBe(`${process.ppid}\n`);
  });

  it.each(['', 'damaged', '999999999'])('is taken over from no process that lives (%j)', (left) => {
    const { dir } = opened(folderWith());
    write(dir, { 'run.lock': left });
    const folder = new RunFolder(dir);
    expect(folder.open(wanted, true)).toEqual(wanted);
    expect(readFileSync(join(dir, 'run.lock'), 'utf8')).toBe(`${process.pid}\n`);
    folder.release();
    expect(existsSync(join(dir, 'run.lock'))).toBe(false);
  });
});

describe('going on', () => {
  it('is for a run of the same input', () => {
    const { dir } = opened(folderWith());
    expect(new RunFolder(dir).open({ ...wanted, started: 'later' }, true)).toEqual(wanted);
    const other = (): RunFile => new RunFolder(dir).open({ ...wanted, fingerprint: 'b' }, true);
    expect(other).toThrow(/holds a run of other input .* it cannot be resumed/);
  });

  it('needs a run', () => {
    const dir = folderWith();
    expect(() => new RunFolder(dir).open(wanted, true)).toThrow(/no run to resume/);
    expect(filesIn(dir)).toEqual([]);
  });

  it('finds the newest run that is not finished', () => {
    const reports = folderWith();
    expect(unfinishedRun(join(reports, 'missing'), { fingerprint: 'aaaa' })).toBeNull();
    for (const name of ['2026-01-01-a', '2026-01-02-b', '2026-01-03-c'])
      opened(join(reports, name));
    write(join(reports, '2026-01-03-c'), { 'report.json': '{}', 'history.jsonl': '' });
    write(reports, { 'scorecard.md': 'no folder' });
    expect(unfinishedRun(reports, { fingerprint: 'aaaa' })).toBe(join(reports, '2026-01-02-b'));
    expect(unfinishedRun(reports, { fingerprint: 'bbbb' })).toBeNull();
  });
});

describe('parts', () => {
  it('are listed in the order of the plan, whole ones only', () => {
    const folder = opened(folderWith());
    for (const index of [10, 2]) write('/', { [folder.partFile(index)]: '' });
    write('/', { [`${folder.partFile(3)}.partial`]: '' });
    expect(folder.parts()).toEqual([folder.partFile(2), folder.partFile(10)]);
    folder.dropParts();
    expect(folder.parts()).toEqual([]);
  });
});

describe('a run that came to nothing', () => {
  it('leaves nothing behind, not even the folder for reports', () => {
    const dir = folderWith();
    const folder = opened(join(dir, 'reports', 'mine'));
    write('/', { [`${folder.partFile(0)}.partial`]: '' });
    folder.discard();
    expect(filesIn(dir)).toEqual([]);
  });

  it('leaves what was there before', () => {
    const dir = folderWith({ 'reports/other/report.json': '{}', 'own/notes.txt': 'mine' });
    const before = filesIn(dir);
    for (const name of ['reports/mine', 'own']) opened(join(dir, name)).discard();
    expect(filesIn(dir)).toEqual(before);
  });

  it('keeps every trial that is whole', () => {
    const folder = opened(folderWith());
    write('/', { [folder.partFile(0)]: '{}' });
    folder.discard();
    expect(folder.parts()).toEqual([folder.partFile(0)]);
    expect(folder.read()).toEqual(wanted);
  });

  it('is left alone when it was begun earlier', () => {
    const { dir } = opened(folderWith());
    const later = new RunFolder(dir);
    later.open(wanted, true);
    later.discard();
    expect(existsSync(join(dir, 'run.json'))).toBe(true);
  });
});

it('writes a file whole or not at all', () => {
  const folder = opened(folderWith());
  folder.write('a.txt', 'one');
  folder.write('a.txt', 'two');
  expect(readFileSync(folder.path('a.txt'), 'utf8')).toBe('two');
  expect(existsSync(folder.path('a.txt.partial'))).toBe(false);
  mkdirSync(folder.path('b.txt'));
  expect(() => folder.write('b.txt', 'x')).toThrow(HarnessError);
});

it.each(['', '{', '[]', '{"version":2}', 'null'])('takes %j for no run.json', (text) => {
  const dir = folderWith({ 'run.json': text });
  expect(() => new RunFolder(dir).read()).toThrow(/run\.json: is not the run\.json of a run/);
});

it('names runs so that they sort by time and tell twins apart', () => {
  const at = new Date('2026-01-05T09:08:07.123Z');
  expect(runName('gpt-first', at, 'aaaa')).toMatch(/^2026-01-05-090807-gpt-first-[0-9a-f]{4}$/);
  expect(runName('a', at, 'aaaa')).not.toBe(runName('a', new Date(at.getTime() + 1), 'aaaa'));
});
