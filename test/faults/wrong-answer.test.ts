// What a chain that takes every 200 for an answer passes on, and what its reports say of it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { ReportRow } from '../../harness/report.ts';
import { drill, fixtureChain, writeScenario } from '../drills.ts';

const dir = mkdtempSync(join(tmpdir(), 'wrong-answer-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

let runs = 0;

it('x', async () => {
  for (const f of [
    { inject: 'noop' },
    { inject: 'wrong-answer', as: 'garbled' },
    { inject: 'wrong-answer', as: 'garbled', chance: '16%' },
    { inject: 'wrong-answer', as: 'other-sample' },
    { inject: 'wrong-answer', as: 'other-language' },
    { inject: 'wrong-answer', as: 'prose' },
    { inject: 'wrong-answer', as: 'invalid-json' },
    { inject: 'wrong-answer', of: 'openai/gpt-4o-mini' },
    ...['empty','null','no-choices','no-events','reasoning-only','length','html','json','content-filter','refusal','unknown-finish'].map(as => ({inject:'degenerate', as})),
    { inject: 'rechunk', bytes: 1 },
    { inject: 'ignore-schema' },
    { inject: 'reasoning', tokens: 300 },
  ]) {
    const name = `run-${++runs}`;
    const scenario = writeScenario(dir, name, { arrival: { each: 'once', gap: '1s' }, faults: [f] });
    const t = performance.now();
    const { report } = await drill({ chain: fixtureChain('openai-stream.ts'), scenarios: [scenario], out: join(dir, name) });
    const row = report?.scenarios[0] as any;
    console.log(JSON.stringify(f), JSON.stringify(row.outcomes), JSON.stringify(row.quality), JSON.stringify(row.faults), Math.round(performance.now() - t));
    if (runs === 1) console.log(Object.keys(row));
  }
}, 100_000);
