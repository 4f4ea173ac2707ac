// What a gateway is handed when a chain file is put into it.
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import type { GatewayKind, GatewayOptions } from '../../harness/gateways/gateway.ts';
import { gatewaySystem } from '../../harness/realtime/gateway-system.ts';
import { drillKeys } from '../../harness/trial/drill-keys.ts';
import { root } from '../drills.ts';

afterEach(() => vi.unstubAllEnvs());

it('is given the keys of the drill, and never those of the user', async () => {
  vi.stubEnv('OPENAI_API_KEY', 'sk-real-canary');
  vi.stubEnv('ANTHROPIC_API_KEY', 'sk-ant-real-canary');
  let given: GatewayOptions | null = null;
  const kind: GatewayKind = {
    name: 'fake',
    describe: 'a gateway that only listens',
    installed: () => '1',
    translate: () => ({ configuration: '', notSaid: [] }),
    start: (options) => {
      given = options;
      return Promise.reject(new Error('never started'));
    },
  };
  const system = gatewaySystem(kind, join(root, 'fixtures/chains/gpt-first.yaml'));
  expect(system.name).toBe('gpt-first-fake');
  const { signal } = new AbortController();
  const started = system.start({ origin: (host) => host, dir: '/nowhere', signal });
  await expect(started).rejects.toThrow('never started');
  expect(given).toMatchObject({
    keys: { OPENAI_API_KEY: drillKeys.openai, ANTHROPIC_API_KEY: drillKeys.anthropic },
  });
  expect(JSON.stringify(given)).not.toContain('canary');
});
