// What a chain that takes every 200 for an answer passes on, and what its report says of it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { degenerateForms } from '../../harness/faults/effect.ts';
import type { ScenarioRow } from '../../harness/report.ts';
import { drill, fixtureChain, writeScenario } from '../drills.ts';

const dir = mkdtempSync(join(tmpdir(), 'wrong-answer-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Of answers in words. */
const forms = degenerateForms.filter((form) => form !== 'wrong-width');

const rules: Record<string, Record<string, unknown>> = {
  healthy: { inject: 'noop' },
  garbled: { inject: 'wrong-answer', as: 'garbled' },
  'one-in-six': { inject: 'wrong-answer', as: 'garbled', chance: '16%' },
  'other-sample': { inject: 'wrong-answer', as: 'other-sample' },
  'other-language': { inject: 'wrong-answer', as: 'other-language' },
  'smaller-model': { inject: 'wrong-answer', of: 'openai/gpt-4o-mini' },
  'invalid-json': { inject: 'wrong-answer', as: 'invalid-json' },
  rechunk: { inject: 'rechunk', bytes: 5 },
  ...Object.fromEntries(forms.map((as) => [`no-answer-${as}`, { inject: 'degenerate', as }])),
};

/** Every question of the workload once. */
function scenario(name: string, rule: Record<string, unknown>): string {
  return writeScenario(dir, name, { arrival: { each: 'once', gap: '1s' }, faults: [rule] });
}

async function rowsOf(chain: string, scenarios: string[], out: string): Promise<ScenarioRow[]> {
  const { report } = await drill({ chain: fixtureChain(chain), scenarios, out: join(dir, out) });
  return report?.scenarios ?? [];
}

let rows = new Map<string, ScenarioRow>();

beforeAll(async () => {
  const scenarios = Object.entries(rules).map(([name, rule]) => scenario(name, rule));
  const all = await rowsOf('openai-stream.ts', scenarios, 'believes');
  rows = new Map(all.map((row) => [row.scenario, row]));
}, 120_000);

const of = (name: string): ScenarioRow => rows.get(name) as ScenarioRow;
const met = ({ faults }: ScenarioRow): number => faults[0]?.met ?? 0;
const usable = ({ outcomes }: ScenarioRow): number => outcomes.complete ?? 0;

describe('an answer in good order that is not the right one', () => {
  it.each(['garbled', 'other-sample', 'other-language', 'smaller-model'])(
    'is complete, and costs quality: %s',
    (name) => {
      const { outcomes, quality, calls } = of(name);
      // Two answers are ids and numbers alone: no other language tells them otherwise.
      expect(met(of(name))).toBe(name === 'other-language' ? calls - 2 : calls);
      expect(usable(of(name)) + (outcomes.malformed ?? 0)).toBe(calls);
      expect(usable(of(name))).toBeGreaterThan(calls * 0.8);
      expect(quality.drop).toBeGreaterThan(0.05);
      expect(quality.baseline).toBe(of('healthy').quality.baseline);
    },
  );

  it('costs the share of it that is served', () => {
    const share = met(of('one-in-six')) / of('one-in-six').calls;
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThan(0.4);
    const drop = of('one-in-six').quality.drop ?? 0;
    expect(drop).toBeGreaterThan(0);
    expect(drop).toBeLessThan(of('garbled').quality.drop ?? 0);
  });

  it('is malformed where the question demands JSON', () => {
    expect(of('healthy').outcomes.malformed).toBe(0);
    expect(of('invalid-json').outcomes.malformed).toBeGreaterThan(0);
  });

  it('is none where only the reads are others', () => {
    expect(met(of('rechunk'))).toBe(of('rechunk').calls);
    expect(of('rechunk').outcomes).toEqual(of('healthy').outcomes);
    expect(of('rechunk').quality.drop).toBe(0);
  });
});

it.each(forms)('a 200 that is no answer (%s) is empty, and worth nothing', (form) => {
  const row = of(`no-answer-${form}`);
  expect(met(row)).toBe(row.calls);
  expect(row.outcomes.empty).toBe(row.calls);
  expect(row.quality.served).toBe(0);
});

it('a schema that is ignored breaks the answers that it was for, and no others', async () => {
  const file = scenario('ignored', { inject: 'ignore-schema' });
  const [row] = await rowsOf('asks-for-json.ts', [file], 'ignored');
  if (!row) throw new Error('there is no report');
  expect(met(row)).toBeGreaterThan(0);
  expect(met(row)).toBeLessThan(row.calls);
  expect(row.outcomes.malformed).toBe(met(row));
  expect(usable(row)).toBe(row.calls - met(row));
});

it('an answer of a target that has none is a mistake of the scenario', async () => {
  const file = scenario('nobody', { inject: 'wrong-answer', of: 'openai/gpt-0' });
  await expect(rowsOf('openai-stream.ts', [file], 'nobody')).rejects.toThrow(
    /nobody\.yaml:\d+: unknown recorded target "openai\/gpt-0".*write one of .*openai\/gpt-4o/,
  );
});
