// Gateways as they ship, drilled by the runner: providers on a loopback port, calls over HTTP.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { gateways } from '../../harness/gateways/index.ts';
import { drillKeys } from '../../harness/trial/drill-keys.ts';
import { drill, root, writeScenario } from '../drills.ts';

const dir = mkdtempSync(join(tmpdir(), 'firedrill-drilled-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const chain = join(root, 'fixtures/chains/gpt-first.yaml');
const down = writeScenario(dir, 'down', {
  arrival: { rate: '2/s', for: '3s' },
  deadline: '20s',
  faults: [{ inject: 'server-error', status: 503, on: { provider: 'openai' } }],
});

describe.each(Object.values(gateways))('$name (gateways)', ({ name, installed }) => {
  it.skipIf(installed(root) === null)('falls back while the first provider is down', async () => {
    const out = join(dir, name);
    const { report } = await drill({ chain, through: name, scenarios: [down], out });
    const [row] = report?.scenarios ?? [];
    expect(row).toMatchObject({ chain: `gpt-first-${name}`, clock: 'real' });
    expect(row?.outcomes.complete).toBe(row?.calls);
    expect(row?.served_by?.['anthropic/claude-3-5-sonnet-latest']).toBe(1);
    // What the gateway printed is kept beside the history, and no key is in any of it.
    const kept = readdirSync(join(out, 'systems/down-1'));
    expect(kept.some((file) => file.endsWith('.log'))).toBe(true);
    for (const file of kept) {
      const text = readFileSync(join(out, 'systems/down-1', file), 'utf8');
      for (const key of Object.values(drillKeys)) expect(text).not.toContain(key);
    }
  });
});
