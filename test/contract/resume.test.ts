// A run survives whatever ends it: what was finished is kept, what is resumed gives the bytes of a
// run that nothing has interrupted, and what cannot be trusted is drilled again or refused.
// tools/shown/resume.ts kills a run of 10,000 calls at 20 random points.
import { spawn } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportAgain } from '../../harness/run/report-again.ts';
import { RunFolder, unfinishedRun } from '../../harness/run/run-folder.ts';
import type { Drill } from '../drills.ts';
import { bytesOf, drill, fixtureChain, root, writeScenario } from '../drills.ts';

const dir = mkdtempSync(join(tmpdir(), 'firedrill-resume-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const chain = fixtureChain('goes-wrong.ts');
const scenario = writeScenario(dir, 'few', {
  arrival: { rate: '1/s', for: '8s' },
  // Before any byte: such a scenario has no twins, and part files are trials.
  faults: [{ inject: 'disconnect', how: 'reset', chance: '30%' }],
});
const input = { chain, scenarios: [scenario], trials: 6 };
const whole = join(dir, 'whole');
/** The same folder after four of six trials, and after all of them: nothing joined, no report. */
const cut = join(dir, 'cut');
const done = join(dir, 'done');
let expected: Record<string, string>;

beforeAll(async () => {
  await drill({
    ...input,
    out: whole,
    onProgress: (count) => {
      if (count === 4) cpSync(whole, cut, { recursive: true });
      if (count === 6) cpSync(whole, done, { recursive: true });
    },
  });
  expected = bytesOf(whole);
});

let copies = 0;
/** The folder of a run as the test may spoil it. */
function copyOf(from: string): string {
  const to = join(dir, `copy-${++copies}`);
  cpSync(from, to, { recursive: true });
  return to;
}

const part = (out: string, index: number) => join(out, 'parts', `00000${index}.jsonl`);

async function resumed(out: string, more: Partial<Drill> = {}): Promise<string[]> {
  const notes: string[] = [];
  await drill({ ...input, out, resume: true, onNote: (text) => notes.push(text), ...more });
  return notes;
}

describe('a run that was interrupted', () => {
  it('can be reported on as it is', async () => {
    const out = copyOf(cut);
    const report = await reportAgain(new RunFolder(out));
    expect(report.trials.map(({ trial }) => trial)).toEqual([1, 2, 3, 4]);
    expect(existsSync(join(out, 'calls.csv'))).toBe(true);
  });

  it('gives the bytes of an uninterrupted one when it is resumed, and drills what is left', async () => {
    const out = copyOf(cut);
    await reportAgain(new RunFolder(out));
    const drilled: number[] = [];
    const notes = await resumed(out, {
      order: (jobs) => {
        drilled.push(...jobs.map((job) => job.index));
        return jobs;
      },
    });
    expect({ notes, drilled }).toEqual({ notes: [], drilled: [4, 5] });
    expect(bytesOf(out)).toEqual(expected);
    expect(existsSync(join(out, 'parts'))).toBe(false);
  });

  it('drills trials again whose files were damaged', async () => {
    const out = copyOf(done);
    const damages: ((file: string) => void)[] = [
      (file) => truncateSync(file, 3_000),
      (file) => truncateSync(file, 0),
      cutLine,
      spoil,
      (file) => appendFileSync(file, readFileSync(file)),
      (file) => copyFileSync(part(done, 0), file),
    ];
    for (const [index, damage] of damages.entries()) damage(part(out, index));
    expect(await resumed(out)).toEqual(
      damages.map((_, index) => {
        const file = `00000${index}\\.jsonl`;
        const text = `^few, trial ${index + 1}: .*${file} is damaged; the trial is drilled again$`;
        return expect.stringMatching(new RegExp(text));
      }),
    );
    expect(bytesOf(out)).toEqual(expected);
  });

  it('does not take damaged trials into a report', async () => {
    const out = copyOf(cut);
    spoil(part(out, 0));
    const report = await reportAgain(new RunFolder(out));
    expect(report.trials.map(({ trial }) => trial)).toEqual([2, 3, 4]);
  });
});

describe('a run with twins that was interrupted', () => {
  it('goes on with the twin that is due, and comes to the same bytes', async () => {
    const scenarios = [
      writeScenario(dir, 'twins', {
        arrival: { rate: '1/s', for: '8s' },
        faults: [{ inject: 'overloaded', at: 'first-event', chance: '30%' }],
      }),
    ];
    const twins = { chain, scenarios, trials: 2, out: join(dir, 'twins') };
    const half = join(dir, 'half-of-twins');
    await drill({
      ...twins,
      onProgress: (count, total) => {
        expect(total).toBe(8);
        if (count === 6) cpSync(twins.out, half, { recursive: true });
      },
    });
    const report = await reportAgain(new RunFolder(copyOf(half)));
    expect(report.trials.map(({ trial }) => trial)).toEqual([1, 2]);
    const drilled: (string | null)[] = [];
    await drill({
      ...twins,
      out: half,
      resume: true,
      order: (jobs) => {
        drilled.push(...jobs.map((job) => job.twin));
        return jobs;
      },
    });
    expect(drilled).toEqual(['words', 'chunks']);
    expect(bytesOf(half)).toEqual(bytesOf(twins.out));
  });
});

function cutLine(file: string): void {
  const lines = readFileSync(file, 'utf8').split('\n');
  writeFileSync(file, `${lines.slice(0, -2).join('\n')}\n`);
}

function spoil(file: string): void {
  const text = readFileSync(file, 'utf8');
  const at = text.indexOf('\n', text.length / 2) + 5;
  writeFileSync(file, `${text.slice(0, at)}\0\0\0\0\0\0\0\0${text.slice(at + 8)}`);
}

describe('a run that was killed while its reports were written', () => {
  it.each<[string, (out: string) => void]>([
    [
      'before the history had its name',
      (out) => writeFileSync(join(out, 'history.jsonl.partial'), '{'),
    ],
    [
      'before report.json had its name',
      (out) => {
        copyFileSync(join(whole, 'history.jsonl'), join(out, 'history.jsonl'));
        copyFileSync(join(whole, 'calls.csv'), join(out, 'calls.csv'));
        writeFileSync(join(out, 'report.json.partial'), '{');
      },
    ],
    [
      'while an older report of the unfinished run was there',
      (out) => {
        copyFileSync(join(whole, 'report.json'), join(out, 'report.json'));
      },
    ],
  ])('is finished by a resume (%s)', async (_when, leave) => {
    const out = copyOf(done);
    leave(out);
    await resumed(out);
    const { 'run.json': _run, ...left } = bytesOf(out);
    expect(left).toEqual(expected);
  });

  it('is not drilled again where only its parts were left over', async () => {
    const out = copyOf(whole);
    cpSync(join(cut, 'parts'), join(out, 'parts'), { recursive: true });
    const order = () => expect.unreachable('nothing is left to drill');
    await resumed(out, { order });
    expect(bytesOf(out)).toEqual(expected);
  });
});

describe('report on the folder of a run', () => {
  it('writes the same bytes again, wall fields and all', async () => {
    const out = copyOf(whole);
    const before = readFileSync(join(out, 'report.json'));
    for (const name of readdirSync(out)) {
      if (!/^(history\.jsonl|report\.json|run\.json)$/.test(name)) rmSync(join(out, name));
    }
    await reportAgain(new RunFolder(out));
    expect(bytesOf(out)).toEqual(expected);
    expect(readFileSync(join(out, 'report.json')).equals(before)).toBe(true);
  });

  it('names the line of a damaged history', async () => {
    const out = copyOf(whole);
    spoil(join(out, 'history.jsonl'));
    await expect(reportAgain(new RunFolder(out))).rejects.toThrow(/history\.jsonl:\d+: is damaged/);
  });

  it('refuses a history that ends within a trial', async () => {
    const out = copyOf(whole);
    cutLine(join(out, 'history.jsonl'));
    await expect(reportAgain(new RunFolder(out))).rejects.toThrow('ends within a trial');
  });

  it('refuses a folder without a run', async () => {
    await expect(reportAgain(new RunFolder(dir))).rejects.toThrow('neither a history nor');
  });
});

describe('what is refused', () => {
  const start = (more: Partial<Drill>) =>
    drill({ ...input, out: copyOf(cut), resume: true, ...more });

  it('a resume with other input', async () => {
    const other = writeScenario(dir, 'other', { arrival: { rate: '1/s', for: '9s' } });
    for (const more of [{ seed: 2 }, { trials: 7 }, { scenarios: [other] }]) {
      await expect(start(more)).rejects.toThrow(
        /holds a run of other input \(chain, scenarios, .* cannot be resumed$/,
      );
    }
  });

  it('a resume with another chain, also where only a module that it imports has changed', async () => {
    const project = join(dir, 'project');
    mkdirSync(project);
    const write = (text: string) => {
      copyFileSync(chain, join(project, 'chain.mts'));
      writeFileSync(join(project, 'other.mts'), text);
      appendFileSync(join(project, 'chain.mts'), "\nexport { x } from './other.mjs';\n");
    };
    const out = join(dir, 'project-run');
    const own = { ...input, trials: 1, chain: join(project, 'chain.mts'), out };
    write('export const x = 1;');
    await drill(own);
    await expect(drill({ ...own, resume: true })).resolves.toMatchObject({ done: 1 });
    write('export const x = 2;');
    await expect(drill({ ...own, resume: true })).rejects.toThrow('other input');
  });

  it('a resume where there is no run', async () => {
    await expect(start({ out: join(dir, 'nowhere') })).rejects.toThrow('there is no run to resume');
    expect(existsSync(join(dir, 'nowhere'))).toBe(false);
  });

  it('a new run in the folder of another', async () => {
    await expect(start({ resume: false })).rejects.toThrow('holds a run already');
  });

  it('no run.json of another tool, when an unfinished run is looked for', () => {
    const reports = join(dir, 'reports');
    cpSync(cut, join(reports, 'b'), { recursive: true });
    cpSync(whole, join(reports, 'c'), { recursive: true });
    mkdirSync(join(reports, 'a'));
    writeFileSync(join(reports, 'a', 'run.json'), '{"of": "another tool"}');
    writeFileSync(join(reports, 'notes.txt'), '');
    const fingerprint = new RunFolder(cut).read()?.fingerprint ?? '';
    expect(unfinishedRun(reports, { fingerprint })).toBe(join(reports, 'b'));
    expect(unfinishedRun(reports, { fingerprint: 'another' })).toBeNull();
  });
});

/** Every write to /dev/full fails as on a full disk. */
describe.runIf(existsSync('/dev/full'))('a disk that is full', () => {
  const places: [what: string, from: string, name: string][] = [
    ['a trial', cut, 'parts/000004.jsonl.partial'],
    ['the history', done, 'history.jsonl.partial'],
    ['a file of calls', done, 'calls.csv.partial'],
    ['a report', done, 'scores.csv.partial'],
  ];

  it.each(places)(
    'ends the run with one message, and keeps the trials (%s)',
    async (_what, from, name) => {
      const out = copyOf(from);
      rmSync(join(out, name), { force: true });
      symlinkSync('/dev/full', join(out, name));
      await expect(resumed(out)).rejects.toThrow(/cannot be written: ENOSPC/);
      expect(readdirSync(join(out, 'parts'))).toEqual(
        expect.arrayContaining(['000000.jsonl', '000001.jsonl', '000002.jsonl', '000003.jsonl']),
      );
      rmSync(join(out, name), { force: true });
      await resumed(out);
      expect(bytesOf(out)).toEqual(expected);
    },
  );
});

describe('the command', () => {
  /** Starts a run; the signal is sent once two of its trials are finished. */
  const signalled = (out: string, signal: NodeJS.Signals) =>
    new Promise<{ code: number | null; err: string }>((resolve) => {
      const words = ['run', scenario, '--chain', chain, '--out', out, '--trials', '40'];
      const child = spawn(process.execPath, ['bin/dev.mjs', ...words, '--workers', '1'], {
        cwd: root,
      });
      let err = '';
      child.stderr.on('data', (data: Buffer) => {
        err += data;
      });
      const look = setInterval(() => {
        if (!existsSync(part(out, 1))) return;
        clearInterval(look);
        child.kill(signal);
      }, 5);
      child.on('exit', (code) => {
        clearInterval(look);
        resolve({ code, err });
      });
    });

  it('exits with 130 on Ctrl-C, says how to go on, and keeps what was finished', async () => {
    const out = join(dir, 'ctrl-c');
    const { code, err } = await signalled(out, 'SIGINT');
    expect(code).toBe(130);
    expect(err).toMatch(
      /^interrupted: what is done is kept in .*ctrl-c, \d+ of 40 trials; go on with --resume/,
    );
    const report = await reportAgain(new RunFolder(out));
    expect(report.trials.length).toBeGreaterThanOrEqual(2);
    expect(bytesIn(part(out, 0))).toBe(bytesIn(part(cut, 0)));
  });

  it('leaves whole trials when it is killed', async () => {
    const out = join(dir, 'killed');
    await signalled(out, 'SIGKILL');
    expect(bytesIn(part(out, 0))).toBe(bytesIn(part(cut, 0)));
    expect(bytesIn(part(out, 1))).toBe(bytesIn(part(cut, 1)));
    const report = await reportAgain(new RunFolder(out));
    expect(report.trials.length).toBeGreaterThanOrEqual(2);
  });
});

function bytesIn(file: string): string {
  return readFileSync(file, 'utf8');
}
