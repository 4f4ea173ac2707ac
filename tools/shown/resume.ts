// Shows: a run of 40 trials with 250 calls each, killed with -9 at 20 random points, gives after
// --resume the bytes of a run that nothing has interrupted: history and every report.
//
//   node_modules/.bin/node --import tsx tools/shown/resume.ts [--kills 20] [--seed 1]
//
// The command itself runs as a process. Three kills of five fall at a random time of one run, which
// is gone on with each time; the others at a random time after the history has begun to be joined,
// or after it has its name and the reports are written. What the folder held then is printed. Also:
// Ctrl-C, and a disk that is full in each of these places. Takes five minutes on two cores.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { wall } from '../../harness/clock/wall.ts';
import { stream } from '../../harness/rng.ts';
import { bytesOf, fixtureChain, root, writeScenario } from '../../test/drills.ts';
import { numberOf, shown } from './shown.ts';

interface Ended {
  code: number | null;
  err: string;
  ms: number;
}

interface Kill {
  signal: NodeJS.Signals;
  /** Wall ms after the start, or after this file is there. */
  afterMs: number;
  file?: string;
}

/** Runs the command, and ends it where it is told to. */
function command(words: string[], kill?: Kill): Promise<Ended> {
  const started = wall.nowMs();
  const child = spawn(process.execPath, ['bin/dev.mjs', ...words], { cwd: root });
  let err = '';
  child.stderr.on('data', (data: Buffer) => {
    err += data;
  });
  child.stdout.resume();
  const end = (): void => {
    if (kill) wall.setTimeout(() => child.kill(kill.signal), kill.afterMs);
  };
  const look = wall.setInterval(() => {
    if (kill?.file !== undefined && !existsSync(kill.file)) return;
    wall.clearInterval(look);
    end();
  }, 1);
  return new Promise((resolve) => {
    child.on('exit', (code) => {
      wall.clearInterval(look);
      resolve({ code, err, ms: wall.nowMs() - started });
    });
  });
}

/** Where a run was when it ended, by what its folder holds. */
function stateOf(out: string): string {
  if (!existsSync(join(out, 'run.json'))) return 'before it began';
  const files = readdirSync(out);
  const parts = existsSync(join(out, 'parts')) ? readdirSync(join(out, 'parts')) : [];
  const finished = parts.filter((name) => name.endsWith('.jsonl')).length;
  const writing = parts.length - finished;
  const torn = files.filter((name) => name.endsWith('.partial'));
  if (files.includes('report.json')) return `after its reports, ${finished} parts left`;
  if (files.includes('history.jsonl'))
    return `reports half written (${torn.join(', ') || 'none torn'})`;
  if (torn.includes('history.jsonl.partial')) return 'history half joined';
  return `${finished} trials finished, ${writing} half written`;
}

/** At these two kills of five the file is waited for. */
const lateFiles: Record<number, { name: string; spanMs: number }> = {
  3: { name: 'history.jsonl.partial', spanMs: 10 },
  4: { name: 'history.jsonl', spanMs: 400 },
};

function partOf(out: string, index: number): string {
  return join(out, 'parts', `${String(index).padStart(6, '0')}.jsonl`);
}

const same = (a: Record<string, string>, b: Record<string, string>): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

await shown(
  'A run that is killed anywhere and resumed has the bytes of one that was not.',
  async ({ dir, say, check }) => {
    const scenario = writeScenario(dir, 'killed', {
      arrival: { rate: '1/s', for: '250s', spread: 'even' },
      faults: [
        { inject: 'rate-limit', retryAfter: '1s', on: { provider: 'openai' }, chance: '30%' },
        { inject: 'disconnect', at: '40%', how: 'reset', chance: '10%' },
      ],
    });
    const start = ['run', scenario, '--chain', fixtureChain('openai-stream.ts'), '--trials', '40'];
    const whole = join(dir, 'whole');
    const { ms, code } = await command([...start, '--out', whole]);
    const expected = bytesOf(whole);
    check(
      code === 0,
      `uninterrupted: ${Object.keys(expected).length} files in ${ms.toFixed(0)} ms`,
    );
    const goOn = (out: string): string[] => {
      const resume = existsSync(join(out, 'run.json')) ? ['--resume'] : [];
      return [...start, ...resume, '--out', out];
    };
    const almost = join(dir, 'almost');
    await command(goOn(almost), { signal: 'SIGKILL', afterMs: 0, file: partOf(almost, 37) });
    const points = stream(numberOf('seed', 1), 'kills');
    const kills = numberOf('kills', 20);
    const out = join(dir, 'run');
    for (let n = 1; n <= kills; ) {
      const late = lateFiles[n % 5];
      const folder = late ? join(dir, `late-${n}`) : out;
      if (late) cpSync(almost, folder, { recursive: true });
      const afterMs = (late?.spanMs ?? ms) * points.next();
      const file = late && { file: join(folder, late.name) };
      const { code: end } = await command(goOn(folder), { signal: 'SIGKILL', afterMs, ...file });
      const since = late ? `${late.name} was there` : 'the start';
      if (end === null) {
        say(`kill ${n++}, ${afterMs.toFixed(0)} ms after ${since}: ${stateOf(folder)}`);
        if (!late) continue;
        await command(goOn(folder));
      }
      check(same(bytesOf(folder), expected), 'it came to its end: equal bytes');
      rmSync(folder, { recursive: true });
    }
    if (existsSync(out)) {
      const { code: end } = await command(goOn(out));
      check(end === 0 && same(bytesOf(out), expected), 'resumed at last: equal bytes');
    }
    await interrupted(dir, start, expected, check);
    await fullDisk(dir, start, expected, check);
  },
);

type Check = (holds: boolean, what: string) => void;

async function interrupted(
  dir: string,
  start: string[],
  expected: Record<string, string>,
  check: Check,
): Promise<void> {
  const out = join(dir, 'ctrl-c');
  const { code, err } = await command([...start, '--out', out], {
    signal: 'SIGINT',
    afterMs: 0,
    file: join(out, 'parts/000005.jsonl'),
  });
  check(code === 130, `Ctrl-C: exit ${code}, ${stateOf(out)}, "${err.trim().replace(dir, '')}"`);
  const copy = join(dir, 'ctrl-c-report');
  cpSync(out, copy, { recursive: true });
  const report = await command(['report', copy]);
  check(report.code === 0, `report on what is there: "${report.err.trim()}"`);
  await command([...start, '--resume', '--out', out]);
  check(same(bytesOf(out), expected), 'resumed after Ctrl-C: equal bytes');
}

/** Every write to /dev/full fails as on a full disk. */
async function fullDisk(
  dir: string,
  start: string[],
  expected: Record<string, string>,
  check: Check,
): Promise<void> {
  const places = [
    'parts/000011.jsonl.partial',
    'history.jsonl.partial',
    'calls.csv.partial',
    'report.json.partial',
  ];
  for (const [n, place] of places.entries()) {
    const out = join(dir, `full-${n}`);
    mkdirSync(join(out, 'parts'), { recursive: true });
    symlinkSync('/dev/full', join(out, place));
    const { code, err } = await command([...start, '--out', out]);
    const lines = err.trim().split('\n');
    const kept = stateOf(out);
    check(
      code === 2 && lines.length === 1,
      `disk full at ${place}: exit ${code}, ${kept}, "${err.trim().replace(dir, '')}"`,
    );
    rmSync(join(out, place), { force: true });
    await command([...start, '--resume', '--out', out]);
    check(same(bytesOf(out), expected), 'resumed with room on the disk: equal bytes');
  }
}
