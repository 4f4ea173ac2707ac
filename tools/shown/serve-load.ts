// Shows that a server loses nothing under load: 200 clients of another process stream answers for a
// minute from a provider that fails now and then in every way. Counted are the events of each
// request in the history, the server's memory at 10 s, at half-time and at the end, and how many
// attempts were given to the right call: with questions of their own, with the same few questions
// in flight together, and with the header that names a call. --seconds N, --streams N.
//
//   node_modules/.bin/node --import tsx tools/shown/serve-load.ts
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { readHistory } from '../../harness/run/history-file.ts';
import type { LoadOptions, LoadSeen } from '../../test/realtime/load.ts';
import { isWhole, keptOf, load, rough } from '../../test/realtime/load.ts';
import type { Started } from '../../test/realtime/served.ts';
import { control, startServe } from '../../test/realtime/served.ts';
import type { Showing } from './shown.ts';
import { numberOf, shown } from './shown.ts';

const seconds = numberOf('seconds', 60);
const streams = numberOf('streams', 200);
/** When memory is looked at, s. */
const moments = [10, Math.max(11, seconds / 2), seconds];

interface Phase {
  what: string;
  forMs: number;
  streams: number;
  words: LoadOptions['words'];
  named?: boolean;
}

const phases: Phase[] = [
  {
    what: 'questions of their own',
    forMs: seconds * 1000,
    streams,
    words: (client, n) => `client ${client} asks for the ${n}th time`,
  },
  {
    what: 'one client, always the same words',
    forMs: 10_000,
    streams: 1,
    words: () => 'always the same',
  },
  { what: 'ten questions for all', forMs: 10_000, streams, words: (client) => `of ${client % 10}` },
  { what: 'half as many questions as clients', forMs: 10_000, streams, words: shared },
  {
    what: 'half as many, named by the header',
    forMs: 10_000,
    streams,
    words: shared,
    named: true,
  },
];

function shared(client: number, n: number): string {
  return `of ${Math.floor(client / 2)}, ${n}`;
}

/** When it is asked, it collects its garbage and tells what is left. */
const probe =
  "process.on('SIGUSR2',()=>{gc();process.stderr.write(JSON.stringify(process.memoryUsage())+'\\n')})";
const probed = ['--expose-gc', '--import', `data:text/javascript,${probe}`];

await shown(`serve under load: ${streams} streams for ${seconds} s`, async (showing) => {
  const { dir, say, check } = showing;
  writeFileSync(join(dir, 'rough.yaml'), rough);
  const words = ['--port', '0', '--scenario', 'rough.yaml', '--out', 'o'];
  const serving = await startServe(words, dir, probed);
  const memory = watched(serving, moments);
  const loads: LoadSeen[] = [];
  for (const { what: _, ...phase } of phases) {
    const base = serving.environment.OPENAI_BASE_URL ?? '';
    const key = serving.environment.OPENAI_API_KEY ?? '';
    loads.push(await load({ base, key, ...phase }));
    await control(serving, 'reset', {});
  }
  const code = await serving.end();
  say('| questions | asked | requests | calls | attempts given to the right call |');
  say('|---|---|---|---|---|');
  for (const [index, seen] of loads.entries()) judged(showing, dir, seen, index);
  const [, early, late] = await memory;
  const said = (await memory).map(({ heapUsed, rss }) => `${inMb(heapUsed)} of ${inMb(rss)}`);
  say(`heap of the process at ${moments.join(', ')} s: ${said.join(', ')}`);
  // A process grows to the size at which V8 collects, and that takes it some seconds.
  check(!!early && !!late && late.heapUsed <= early.heapUsed * 1.1, 'its heap is flat');
  check(!!early && !!late && late.rss <= early.rss * 1.15, 'the process has its size by half-time');
  check(code === 0 || code === 1, `it ended with a verdict: ${code}`);
  const errors = serving
    .err()
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('{'));
  check(errors.length === 0, `it complained of nothing${errors.join(' ')}`);
});

function judged({ say, check }: Showing, dir: string, seen: LoadSeen, index: number): void {
  const { what = '' } = phases[index] ?? {};
  const kept = keptOf(trialOf(join(dir, 'o/history.jsonl'), index + 1), seen);
  const share = `${((100 * kept.attributed) / kept.attempts).toFixed(1)}%`;
  say(`| ${what} | ${seen.answered} | ${kept.attempts} | ${kept.calls} | ${share} |`);
  check(isWhole(kept, seen), 'every request has its attempt, its reply and its end');
  const isTold = index < 2 || phases[index]?.named === true;
  if (isTold) check(kept.attributed === kept.attempts, 'every attempt belongs to its own call');
}

function* trialOf(file: string, trial: number) {
  let number = 0;
  for (const event of readHistory(file)) {
    if (event.e === 'trial') number = event.trial;
    if (number === trial) yield event;
  }
}

interface Memory {
  heapUsed: number;
  rss: number;
}

/** At these seconds from now, garbage not counted. */
async function watched({ child, err }: Started, at: number[]): Promise<Memory[]> {
  let last = 0;
  for (const second of at) {
    await after((second - last) * 1000);
    last = second;
    child.kill('SIGUSR2');
  }
  await after(1_000);
  return told(err()).map((line) => JSON.parse(line));
}

function told(err: string): string[] {
  return err.split('\n').filter((line) => line.startsWith('{'));
}

function inMb(bytes = 0): string {
  return `${Math.round(bytes / 2 ** 20)} MB`;
}
