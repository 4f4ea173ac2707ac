// What was recorded from a provider that nobody here wrote comes again in virtual time: the same
// bytes at the same times. The provider is real, on a socket; the drill opens none.
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { folderWith } from '../cli.ts';
import {
  gapsOf,
  heard,
  promptOf,
  recordedEvents,
  recordFrom,
  replayed,
  startAimock,
  targetNames,
} from './aimock.ts';
import { withKeys } from './desk.ts';

withKeys();

it('replays what aimock sent to the official SDKs, event by event, at the recorded times', async () => {
  const mock = await startAimock(2, { ttft: 40, tps: 60, jitter: 0.5 });
  const dir = join(folderWith(), 'mock');
  try {
    const origin = mock.url;
    const origins = Object.fromEntries(targetNames.map((name) => [name, origin]));
    const recordings = await recordFrom(origins as Parameters<typeof recordFrom>[0], dir, 2);
    expect(recordings).toHaveLength(6);
    const direct = await Promise.all(
      targetNames.map((target) => heard(target, promptOf(0), origin)),
    );
    const again = await replayed(dir);
    for (const recording of recordings) {
      const was = recordedEvents(recording);
      const is = again.get(`${recording.target} ${recording.sample}`) ?? [];
      expect(was.length).toBeGreaterThan(5);
      expect(is.map(({ event }) => event)).toEqual(was.map(({ event }) => event));
      // Virtual time has whole ms.
      expect(is.map(({ atMs }) => atMs)).toEqual(was.map(({ atMs }) => Math.round(atMs)));
      // A rhythm of its own: no pace of the harness has gaps so uneven.
      expect(new Set(gapsOf(is)).size).toBeGreaterThan(2);
    }
    // The provider says the same to whoever asks it again, but for ids and dates.
    targetNames.forEach((target, index) => {
      const own = again.get(`${target} q0`) ?? [];
      expect(own.map(kindOf)).toEqual(direct[index]?.map(kindOf));
    });
  } finally {
    await mock.stop();
  }
}, 60_000);

function kindOf({ event }: { event: unknown }): string {
  const changing = /"(?:id|item_id|created|created_at|completed_at)":(?:"[^"]*"|\d+)/g;
  return JSON.stringify(event).replace(changing, '');
}
