// Shows: what `firedrill record` took from a provider that nobody here wrote (aimock, on loopback)
// comes again in virtual time, event by event, with the gaps that it had on the wire. A tap between
// the provider and the client takes the wire's times; it shares no code with the recorder.
//
//   node_modules/.bin/node --import tsx tools/shown/replay.ts [--streams 12]
import type { AddressInfo, Server } from 'node:net';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { ExactRecording } from '../../harness/upstream/recording.ts';
import type { Origins, SeenEvent, Target } from '../../test/recordings/aimock.ts';
import {
  gapsOf,
  heard,
  promptOf,
  recordedEvents,
  recordFrom,
  replayed,
  startAimock,
  targetNames,
} from '../../test/recordings/aimock.ts';
import { numberOf, shown } from './shown.ts';

interface Tap {
  origin: string;
  /** When each event of each response had passed, ms; in order of the responses. */
  passed: number[][];
  server: Server;
}

/** Passes bytes on, and writes down when the end of each event went through. */
async function tap(to: string): Promise<Tap> {
  const passed: number[][] = [];
  const { hostname, port } = new URL(to);
  const server = createServer((client) => {
    const provider = connect(Number(port), hostname);
    client.on('data', (bytes) => {
      if (bytes.toString('latin1').startsWith('POST ')) passed.push([]);
      provider.write(bytes);
    });
    provider.on('data', (bytes) => {
      const ends = bytes.toString('latin1').match(/\n\n/g)?.length ?? 0;
      for (let n = 0; n < ends; n++) passed.at(-1)?.push(performance.now());
      client.write(bytes);
    });
    for (const [one, other] of [
      [client, provider],
      [provider, client],
    ] as const) {
      one.on('close', () => other.destroy());
      one.on('error', () => other.destroy());
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, passed, server };
}

const mean = (all: readonly number[]): number =>
  all.reduce((sum, one) => sum + one, 0) / all.length;
const ms = (value: number): string => value.toFixed(1).padStart(7);
const percent = (value: number): string => `${(value * 100).toFixed(2)}%`.padStart(8);

/** Events that are written together have no gap to speak of. */
const together = 5;

/** How far the second is from the first, gap by gap. */
function apart(from: readonly number[], to: readonly number[]): number[] {
  const far = from.map((gap, index) => ({ gap, by: Math.abs((to[index] ?? Number.NaN) - gap) }));
  return far.filter(({ gap }) => gap >= together).map(({ gap, by }) => by / gap);
}

/** An answer without what a provider makes anew each time. */
function lasting(events: readonly SeenEvent[]): string {
  const text = JSON.stringify(events.map(({ event }) => event));
  return text.replace(/"(?:id|item_id|created|created_at|completed_at)":(?:"[^"]*"|\d+)/g, '');
}

/** What holds of the answers and of their times, by itself. */
function sameAnswers(
  was: readonly SeenEvent[][],
  is: readonly SeenEvent[][],
  direct: readonly SeenEvent[][],
): [holds: boolean, what: string][] {
  const each = (holds: (events: SeenEvent[], index: number) => boolean): boolean =>
    is.length === was.length && is.every(holds);
  const bare = (events: readonly SeenEvent[] = []): unknown[] => events.map(({ event }) => event);
  return [
    [
      each((events, index) => isDeepStrictEqual(bare(events), bare(was[index]))),
      'the SDK sees every recorded event, and no other',
    ],
    [
      each((events, index) => lasting(events) === lasting(direct[index] ?? [])),
      'a direct call sees the same answers, but for ids and dates',
    ],
    [
      each((events, index) =>
        events.every(({ atMs }, at) => atMs === Math.round(was[index]?.[at]?.atMs ?? -1)),
      ),
      'every event comes at its recorded time, in whole ms',
    ],
  ];
}

// aimock takes any key; the harness asks for one.
process.env.OPENAI_API_KEY ??= 'none-needed';
process.env.ANTHROPIC_API_KEY ??= 'none-needed';
const claim = 'Recorded from aimock, replayed in virtual time: the same answers, the same gaps.';
await shown(claim, async ({ dir, say, check }) => {
  const count = numberOf('streams', 12);
  const mock = await startAimock(count, { ttft: 150, tps: 20, jitter: 0.2 });
  const taps = new Map<Target, Tap>();
  for (const name of targetNames) taps.set(name, await tap(mock.url));
  try {
    const origins = Object.fromEntries([...taps].map(([name, { origin }]) => [name, origin]));
    const place = join(dir, 'mock');
    let recordings: ExactRecording[] = [];
    // One after the other: whoever writes an answer to the disk holds up the times of another.
    for (const name of targetNames) {
      recordings = await recordFrom(origins as Origins, place, count, [name]);
    }
    const again = await replayed(place);
    say(
      `${count} streams a target; gaps from event to event, ms, mean over all; direct: other calls`,
    );
    say(`replayed/wire: of gaps from ${together} ms on`);
    say(
      'target                               events   direct    wire  recorded  replayed  ' +
        'replayed/wire: mean  p95  worst',
    );
    for (const target of targetNames) {
      const own = recordings.filter((one) => one.target === target);
      const was = own.map(recordedEvents);
      const is = own.map(({ sample }) => again.get(`${target} ${sample}`) ?? []);
      const wire = (taps.get(target)?.passed ?? []).map((times, index) =>
        gapsOf(times.slice(0, was[index]?.length).map((atMs) => ({ atMs }))),
      );
      const direct: SeenEvent[][] = [];
      for (let n = 0; n < count; n++) direct.push(await heard(target, promptOf(n), mock.url));
      const gaps = is.flatMap(gapsOf);
      const off = apart(wire.flat(), gaps).sort((a, b) => a - b);
      const p95 = off[Math.ceil(off.length * 0.95) - 1] ?? Number.NaN;
      const means = [direct.flatMap(gapsOf), wire.flat(), was.flatMap(gapsOf), gaps].map(mean);
      const [directMs = 0, wireMs = 0, , replayedMs = 0] = means;
      say(
        `${target.padEnd(36)} ${String(is.flat().length).padStart(6)}  ${means.map(ms).join('  ')}   ` +
          `${percent(mean(off))} ${percent(p95)} ${percent(off.at(-1) ?? Number.NaN)}`,
      );
      for (const [holds, what] of sameAnswers(was, is, direct)) check(holds, `${target}: ${what}`);
      check(wire.flat().length === gaps.length, `${target}: ${gaps.length} gaps on the wire`);
      check(p95 <= 0.05, `${target}: 95% of the gaps are within 5% of those on the wire`);
      const short = wire.flat().flatMap((gap, index) => (gap < together ? (gaps[index] ?? 9) : []));
      check(
        short.every((gap) => gap < together + 1),
        `${target}: ${short.length} gaps below ${together} ms on the wire are as short again`,
      );
      check(
        Math.abs(replayedMs / wireMs - 1) <= 0.05 && Math.abs(replayedMs / directMs - 1) <= 0.05,
        `${target}: the mean gap is within 5% of the wire's and of the direct calls'`,
      );
    }
  } finally {
    for (const { server } of taps.values()) server.close();
    await mock.stop();
  }
});
