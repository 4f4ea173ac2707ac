// What stands in for the reference chain where Gemini comes first: whatever Gemini does, the next
// target answers, and every failure is told apart as the other targets tell it.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ScenarioRow } from '../../harness/report.ts';
import { readHistory } from '../../harness/run/history-file.ts';
import { drill, writeScenario } from '../drills.ts';
import { writePlanted } from '../mutants/planted/corpus-items.ts';

/** By call: the rule, and how the chain tells what came of its first attempt. */
const table: readonly (readonly [rule: Record<string, unknown>, stream: string, whole: string])[] =
  [
    [{ inject: 'rechunk', bytes: 7 }, 'complete', 'complete'],
    [{ inject: 'rate-limit', retryAfter: '1s' }, '429', '429'],
    [{ inject: 'quota-exhausted' }, '429 insufficient_quota', '429 insufficient_quota'],
    [{ inject: 'status', status: 401 }, '401', '401'],
    [{ inject: 'status', status: 404 }, '404', '404'],
    [{ inject: 'status', status: 502, body: 'html' }, '502', '502'],
    [{ inject: 'overloaded', at: 'first-event' }, 'error in a 200: 503', 'error in a 200: 503'],
    [
      { inject: 'disconnect', how: 'refused' },
      'connection: ECONNREFUSED',
      'connection: ECONNREFUSED',
    ],
    [
      { inject: 'disconnect', at: 'first-token' },
      'connection: ECONNRESET',
      'connection: ECONNRESET',
    ],
    [{ inject: 'truncate', at: 'first-token' }, 'truncated', 'malformed'],
    [{ inject: 'stall' }, 'timeout: headers', 'timeout: headers'],
    [{ inject: 'stall', at: 'first-event' }, 'timeout: first token', 'timeout: first token'],
    [{ inject: 'degenerate', as: 'empty' }, 'empty answer', 'empty answer'],
    [{ inject: 'degenerate', as: 'no-choices' }, 'truncated', 'malformed'],
    [{ inject: 'degenerate', as: 'html' }, 'malformed', 'malformed'],
    [{ inject: 'degenerate', as: 'unknown-finish' }, 'malformed', 'malformed'],
    [{ inject: 'degenerate', as: 'refusal' }, 'complete', 'complete'],
  ];

describe.each([
  ['stream', true],
  ['whole', false],
] as const)('a planted chain that asks Gemini for a %s', (kind, stream) => {
  let row: ScenarioRow | undefined;
  const told: string[] = [];

  beforeAll(async () => {
    const dir = mkdtempSync(join(tmpdir(), 'firedrill-gemini-'));
    const scenario = writeScenario(dir, 'gemini', {
      workload: 'failover-bench',
      arrival: { rate: '1/m', for: `${table.length}m`, spread: 'even' },
      faults: table.map(([rule], index) => ({
        ...rule,
        call: index + 1,
        on: { provider: 'google' },
      })),
    });
    const targets = '[google/gemini-2.0-flash, openai/gpt-4o]';
    const chain = writePlanted(dir, null, {
      targets,
      stream,
      built: { chain: 'planted' as const },
    });
    const out = join(dir, 'run');
    const { report } = await drill({ chain, scenarios: [scenario], out });
    row = report?.scenarios[0];
    let twin: string | null = null;
    for (const event of readHistory(join(out, 'history.jsonl'))) {
      if (event.e === 'trial') twin = event.twin;
      else if (event.e === 'answer' && twin === null)
        told[event.call - 1] = event.meta?.hops?.[0]?.outcome ?? 'nothing';
    }
  }, 120_000);

  it.each(table.map((line, index) => [JSON.stringify(line[0]), index, line] as const))(
    'tells %s apart',
    (_, index, [, streamed, whole]) => {
      expect(told[index]).toBe(kind === 'stream' ? streamed : whole);
    },
  );

  it('breaks no rule and lets no fault reach the caller', () => {
    expect(row?.faults.filter(({ met }) => met === 0)).toEqual([]);
    expect(row?.outcomes).toMatchObject({ complete: table.length - 1, refused: 1 });
    const verdicts = Object.entries(row?.invariants ?? {});
    expect(verdicts.filter(([, { status }]) => status === 'violated')).toEqual([]);
  });
});
