// A chain that searches with vectors, drilled in virtual time with an outage of its embedding
// model: one desk falls back into another space, the other has an index for each.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallRecord } from '../../harness/outcome/call-record.ts';
import { callsIn } from '../../harness/outcome/calls-in.ts';
import type { ScenarioRow } from '../../harness/report.ts';
import { bytesOf, drill, fixtureChain, ownEvents, writeScenario } from '../drills.ts';

const dir = mkdtempSync(join(tmpdir(), 'firedrill-retrieval-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const small = 'openai/text-embedding-3-small';
const ada = 'openai/text-embedding-ada-002';

const questions: [id: string, family: string, prompt: string, mark: string][] = [
  ['parcel', 'desk', 'Where does the tracking link show my parcel?', 'PARCEL-DOC'],
  ['refund', 'desk', 'When do refunds of a return reach my card?', 'REFUND-DOC'],
  ['warranty', 'desk', 'Is the motor of my blender covered by the warranty?', 'WARRANTY-DOC'],
  ['voucher', 'desk', 'Where in the shop do I enter the code of a voucher?', 'VOUCHER-DOC'],
  ['descale', 'chat', 'How much vinegar does descaling the steamer take?', 'DESCALE-DOC'],
];

function writeWorkload(): string {
  const samples = questions.map(([id, family, prompt, mark]) => {
    return { id, family, prompt, checks: [{ contains: [mark] }] };
  });
  const file = join(dir, 'desk.yaml');
  const workload = { name: 'desk', provenance: 'authored', recordings: 'desk.jsonl', samples };
  writeFileSync(file, JSON.stringify(workload));
  const answers = questions.map(([sample, , , mark]) =>
    JSON.stringify({ kind: 'authored', sample, target: 'openai/gpt-4o', text: `See ${mark}.` }),
  );
  writeFileSync(join(dir, 'desk.jsonl'), answers.join('\n'));
  return file;
}

interface Drilled {
  row: ScenarioRow;
  calls: CallRecord[];
  dir: string;
}

async function drilled(
  chain: string,
  faults: object[],
  name: string,
  folder = name,
): Promise<Drilled> {
  const out = join(dir, folder);
  const scenario = writeScenario(dir, name, {
    workload: writeWorkload(),
    arrival: { rate: '1/s', for: '100s', spread: 'even' },
    faults,
  });
  const { report } = await drill({ chain: fixtureChain(chain), scenarios: [scenario], out });
  const [row] = report?.scenarios ?? [];
  if (!row) throw new Error('no report');
  const calls = [...callsIn(ownEvents(join(out, 'history.jsonl')))].map(({ record }) => record);
  return { row, calls, dir: out };
}

/** The first model is down in the middle; the desks have embedded their documents before. */
const outage = {
  inject: 'server-error',
  status: 503,
  on: { wire: 'openai-embeddings', model: 'text-embedding-3-small' },
  from: '30s',
  to: '80s',
};
const isDuring = ({ call }: CallRecord): boolean => call.t >= 30_000 && call.t < 80_000;

describe('a desk that searches with vectors', () => {
  let healthy: Drilled;
  let mixed: Drilled;
  let apart: Drilled;
  beforeAll(async () => {
    healthy = await drilled('retrieval-mixed.ts', [], 'healthy');
    mixed = await drilled('retrieval-mixed.ts', [outage], 'mixed');
    apart = await drilled('retrieval-apart.ts', [outage], 'apart');
  }, 60_000);

  it('finds the right document while nothing is wrong', () => {
    const { row, calls } = healthy;
    expect(row).toMatchObject({ calls: 100, availability: 1, goodput: 1 });
    expect(row.quality).toMatchObject({ drop: 0, served: 1 });
    expect(new Set(calls.map(({ outcome }) => outcome))).toEqual(new Set(['complete']));
  });

  it('gives wrong documents in good order where it mixes spaces, and quality tells', () => {
    const { row, calls } = mixed;
    expect(row.faults).toMatchObject([{ met: 50 }]);
    expect(row.availability).toBe(1);
    expect(row.quality?.drop).toBeGreaterThan(0.15);
    for (const call of calls) {
      expect(call.outcome).toBe('complete');
      if (call.answer?.score !== 1) expect(isDuring(call)).toBe(true);
    }
  });

  it('loses nothing where each model has an index of its own', () => {
    const { row } = apart;
    expect(row.faults).toMatchObject([{ met: 50 }]);
    expect(row).toMatchObject({ availability: 1, goodput: 1, fallback_rate: 0 });
    expect(row.quality?.drop).toBe(0);
  });

  it('is judged by its chat model where one served, else by what it found itself', () => {
    for (const { calls } of [healthy, mixed, apart]) {
      for (const { call, attempts, servedBy, because } of calls) {
        const texts = attempts.filter(({ start }) => !start.vectors);
        if (call.sample === 'descale') {
          expect(servedBy).toBe(texts[0]);
          expect(servedBy?.target).toBe('openai/gpt-4o');
        } else {
          expect([texts, servedBy]).toEqual([[], null]);
          expect(because).toMatch(/^The chain found it by itself, with vectors of openai\/text-/);
        }
      }
    }
  });

  it('bills the vectors, of which none were for nothing, and those of its start to no call', () => {
    const { row } = apart;
    expect(row.unattributed).toBe(2);
    expect(row.wasted_tokens).toBe(0);
    expect(row.cost_usd).toBeGreaterThan(0);
    expect(row.attempts_per_call?.max).toBe(3);
  });

  it('says in its report that the vectors are made', () => {
    const made = { kind: 'made', kinds: ['made'], dates: null, models: [], assumed: false };
    expect(apart.row.recordings).toMatchObject({ [small]: made, [ada]: made });
    expect(Object.keys(healthy.row.recordings)).toEqual(['openai/gpt-4o', small]);
  });

  it('keeps every rule that it is put to, and is the same on every run', async () => {
    const { row } = apart;
    const violated = Object.entries(row.invariants).filter(([, { violations }]) => violations > 0);
    expect(violated).toEqual([]);
    const again = await drilled('retrieval-apart.ts', [outage], 'apart', 'again');
    expect(bytesOf(again.dir)).toEqual(bytesOf(apart.dir));
  });
});
