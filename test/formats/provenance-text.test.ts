// Where answers come from, in a sentence.
import { expect, it } from 'vitest';
import { answersText } from '../../harness/formats/provenance-text.ts';

it('names each target once, with the models of all scenarios', () => {
  const dates = { from: '2026-03-01', to: '2026-03-01' };
  const live = { target: 'a/b', kind: 'live' as const, kinds: ['live' as const], dates };
  const said = answersText([
    { ...live, models: [] },
    { ...live, models: ['b-2'] },
    { ...live, models: ['b-1', 'b-2'] },
    { ...live, target: 'a/a', models: [] },
  ]);
  expect(said).toBe('live 2026-03-01 (a/a, a/b says b-1 and b-2)');
});
