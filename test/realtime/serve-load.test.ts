// A server under many clients of another process; tools/shown/serve-load.ts has a minute of it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { HistoryEvent } from '../../harness/history.ts';
import { folderWith } from '../cli.ts';
import type { LoadOptions } from './load.ts';
import { isWhole, keptOf, load, rough } from './load.ts';
import { control, startServe } from './served.ts';

it('loses no event of forty streams at once, and gives each attempt to its call', async () => {
  const dir = folderWith({ 'rough.yaml': rough });
  const words = ['--port', '0', '--scenario', 'rough.yaml', '--out', 'o'];
  const serving = await startServe(words, dir);
  const base = serving.environment.OPENAI_BASE_URL ?? '';
  const key = serving.environment.OPENAI_API_KEY ?? '';
  const ask = (what: Pick<LoadOptions, 'words' | 'named'>) =>
    load({ base, key, streams: 40, forMs: 1_500, ...what });
  const own = await ask({ words: (client, n) => `${client} asks ${n}` });
  await control(serving, 'reset', {});
  const named = await ask({ words: () => 'the same words for all', named: true });
  await serving.end();
  expect(serving.err()).toBe('');
  const history = readFileSync(join(dir, 'o/history.jsonl'), 'utf8').trim().split('\n');
  const events: HistoryEvent[] = history.map((line) => JSON.parse(line));
  const second = events.findIndex((event) => event.e === 'trial' && event.trial === 2);
  for (const [seen, part] of [
    [own, events.slice(0, second)],
    [named, events.slice(second)],
  ] as const) {
    const kept = keptOf(part, seen);
    expect(kept.attempts).toBeGreaterThan(40);
    expect(isWhole(kept, seen), JSON.stringify(kept)).toBe(true);
    expect(kept.attributed).toBe(kept.attempts);
    expect(kept.calls).toBe(seen.requests.size);
  }
});
