import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  parseReferenceSettings,
  readReferenceSettings,
} from '../../harness/chains/reference-config.ts';
import type { ReferenceSettings } from '../../harness/chains/settings.ts';
import { gateways } from '../../harness/gateways/index.ts';
import { keysOf, targetNames } from '../../harness/gateways/target-names.ts';
import { packageRoot } from '../../harness/project.ts';

const origin = (host: string): string => `http://127.0.0.1:8080/${host}`;

/** One chain in the words of all gateways, with what each cannot say. */
function translated(settings: ReferenceSettings): string {
  return Object.values(gateways)
    .map(({ name, translate }) => {
      const { configuration, notSaid } = translate({ settings, origin });
      return `== ${name}\n${configuration}not said:\n${notSaid.map((one) => `- ${one}\n`).join('')}`;
    })
    .join('\n');
}

const parse = (text: string): ReferenceSettings => parseReferenceSettings(text, 'chain.yaml');

describe('a chain file in the words of every gateway', () => {
  it.each(['gpt-first', 'claude-first', 'two-regions'])('%s', async (name) => {
    const settings = readReferenceSettings(join(packageRoot, `fixtures/chains/${name}.yaml`));
    await expect(translated(settings)).toMatchFileSnapshot(`golden/${name}.txt`);
  });

  it('one with a key, a wire and limits of its own', async () => {
    const settings = parse(`
targets:
  - { model: openai/gpt-4o, wire: openai-responses }
  - { model: openai/gpt-4o, key: OPENAI_API_KEY_2 }
  - { model: anthropic/claude-haiku-4-5, baseURL: "https://proxy.example/anthropic/" }
stream: false
attempt: { timeout: 30s, headers: 2500ms, idle: 10s }
retry: { max: 0 }
afterPayload: continue
`);
    await expect(translated(settings)).toMatchFileSnapshot('golden/own-settings.txt');
  });

  it('one target alone has no fallbacks', () => {
    const settings = parse('targets: [openai/gpt-4o]');
    expect(gateways['litellm-proxy']?.translate({ settings, origin }).configuration).toContain(
      'fallbacks: []',
    );
    expect(gateways.portkey?.translate({ settings, origin }).configuration).toContain('"single"');
  });
});

describe('targets', () => {
  it('have a name each, which tells them apart', () => {
    const { targets } = parse(`
targets:
  - openai/gpt-4o
  - { model: openai/gpt-4o, key: OPENAI_API_KEY_2 }
  - { model: openai/gpt-4o, region: eu, baseURL: "https://eu.api.openai.com/v1" }
  - openai/gpt-4o-mini
`);
    expect(targetNames(targets)).toEqual(['gpt-4o', 'gpt-4o-2', 'gpt-4o-eu', 'gpt-4o-mini']);
  });

  it('hand on the keys that they name, and no others', () => {
    const { targets } = parse('targets: [openai/gpt-4o, anthropic/claude-haiku-4-5]');
    const keys = { OPENAI_API_KEY: 'a', ANTHROPIC_API_KEY: 'b', GEMINI_API_KEY: 'c' };
    expect(keysOf(targets, keys)).toEqual({ OPENAI_API_KEY: 'a', ANTHROPIC_API_KEY: 'b' });
    expect(() => keysOf(targets, { OPENAI_API_KEY: 'a' })).toThrow(
      'anthropic/claude-haiku-4-5 needs a key: there is no ANTHROPIC_API_KEY',
    );
  });
});

/** Not gateways, but what gateways share. */
const shared = [
  'gateway',
  'gateway-process',
  'index',
  'installed',
  'litellm-config',
  'litellm-process',
  'own-group',
  'target-names',
  'unsaid',
];

describe('the map of gateways', () => {
  it('has every file of the folder, under the name of its file', () => {
    const files = readdirSync(join(packageRoot, 'harness/gateways'))
      .map((file) => file.replace(/\.ts$/, ''))
      .filter((name) => !shared.includes(name));
    expect(Object.keys(gateways).sort()).toEqual(files.sort());
    for (const [name, gateway] of Object.entries(gateways)) expect(gateway.name).toBe(name);
  });

  it('says how to install one that is not there', async () => {
    const settings = parse('targets: [openai/gpt-4o]');
    const { signal } = new AbortController();
    const options = {
      settings,
      origin,
      root: join(packageRoot, 'docs'),
      keys: {},
      dir: '',
      signal,
    };
    for (const { name, installed, start } of Object.values(gateways)) {
      expect(installed(options.root)).toBeNull();
      await expect(start(options)).rejects.toThrow(
        `${name} is not installed: run npm run setup:gateways`,
      );
    }
  });
});
