// Faults with a place that most answers do not reach: they wait for one that does.
import { expect, it } from 'vitest';
import { eventsOf, tried } from '../trials.ts';

it('a rule that fires once fires on the first answer that is long enough', async () => {
  const rule = '{ inject: truncate, at: 40 tokens, on: { provider: openai }, times: 1 }';
  const scenario = `arrival: { rate: 1/s, for: 60s }\nfaults:\n  - ${rule}\n`;
  const seen = await tried({ scenario, seed: 3 });
  const [effect, ...more] = eventsOf(seen, 'effect');
  expect(more).toEqual([]);
  expect(effect?.attempt).toBeGreaterThan(1);
  expect(seen.figures.faults).toMatchObject([{ met: 1 }]);
  expect(seen.figures.outcomes).toMatchObject({ error: 1 });
});

it('a rule whose place is behind every answer fires on none, and nothing is disturbed', async () => {
  const rule = '{ inject: disconnect, at: 5000 tokens }';
  const scenario = `arrival: { rate: 1/s, for: 20s }\nfaults:\n  - ${rule}\n`;
  const seen = await tried({ scenario });
  expect(eventsOf(seen, 'effect')).toEqual([]);
  expect(seen.figures.faults).toMatchObject([{ met: 0 }]);
  expect(seen.figures).toMatchObject({ availability: 1, fallback_rate: 0 });
});
