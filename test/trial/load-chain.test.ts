import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../harness/errors.ts';
import { isChainModule } from '../../harness/trial/chain-file.ts';
import { loadChain } from '../../harness/trial/load-chain.ts';
import { folderWith } from '../cli.ts';

const ask = 'export default () => async () => "hello";\n';

async function load(name: string, text: string) {
  const file = join(folderWith({ [name]: text }), name);
  let transpiled = 0;
  const chain = await loadChain(file, () => {
    transpiled++;
  });
  return { chain, transpiled };
}

async function refused(name: string, text: string): Promise<string> {
  const failure: unknown = await load(name, text).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(InputError);
  return failure instanceof Error ? failure.message : '';
}

describe('a module', () => {
  it('is a factory, named after its file', async () => {
    const { chain, transpiled } = await load('my-chain.mjs', ask);
    expect(chain).toMatchObject({
      name: 'my-chain',
      targets: [],
      degradeText: null,
      limits: {},
      hosts: [],
      isolate: false,
    });
    expect(await chain.factory({ stream: true })).toBeTypeOf('function');
    expect(transpiled).toBe(1);
  });

  it('says whether it streams where it can be told to, and by a boolean only', async () => {
    const streams = await load('streams.mjs', `export const stream = false;\n${ask}`);
    expect(streams.chain.stream).toBe(false);
    const other = await load('other.mjs', `export const stream = () => 'x';\n${ask}`);
    expect(other.chain.stream).toBeUndefined();
  });

  it('may say more of itself', async () => {
    const said = `
      export const name = 'two-step';
      export const targets = ['openai/gpt-4o', 'anthropic/claude'];
      export const degradeText = 'Sorry.';
      export const limits = { attempts: 2, idleMs: 3000, refusal: 'fallback' };
      export const isolate = true;
      export const helper = 7;
    `;
    const { chain } = await load('a.mjs', `${said}${ask}`);
    expect(chain).toMatchObject({
      name: 'two-step',
      targets: ['openai/gpt-4o', 'anthropic/claude'],
      degradeText: 'Sorry.',
      limits: { attempts: 2, idleMs: 3000, refusal: 'fallback' },
      isolate: true,
    });
  });

  it.each([
    [
      'export const chain = 1;',
      /default: is no function: write "export default \(\) => async \(sample, signal\) => text"/,
    ],
    ['export default { ask() {} };', /default: is no function/],
    [
      `export const targets = ['gpt-4o'];${ask}`,
      /targets\.0: expected provider\/model, like openai\/gpt-4o/,
    ],
    [
      `export const targets = 'openai/gpt-4o';${ask}`,
      /targets: expected a list, found "openai\/gpt-4o"/,
    ],
    [
      `export const limits = { attemps: 2 };${ask}`,
      /limits: unknown key "attemps" \(did you mean attempts\?\)/,
    ],
    [
      `export const limits = { idleMs: '3s' };${ask}`,
      /limits\.idleMs: expected a number, found "3s"/,
    ],
    [`export const isolate = 'yes';${ask}`, /isolate: expected true or false, found "yes"/],
    ['throw new Error("no config");', /the chain module threw when it was loaded: no config/],
    ['throw "text";', /the chain module threw when it was loaded: text/],
  ])('%j is refused', async (text, message) => {
    const told = await refused('wrong.mjs', text);
    expect(told).toMatch(message);
    expect(told).toMatch(/wrong\.mjs(:\d+)?: /);
  });
});

describe('a file', () => {
  it.each(['a.ts', 'a.mts', 'a.cts', 'a.js', 'a.mjs', 'a.cjs'])('%s is a module', (name) => {
    expect(isChainModule(name)).toBe(true);
  });

  it('of another kind is no chain', async () => {
    expect(isChainModule('a.yaml')).toBe(false);
    expect(await refused('a.txt', ask)).toMatch(
      /a\.txt: is no chain: write a \.yaml file .* \(\.ts, /,
    );
  });

  it('has to be there', async () => {
    const load = loadChain(join(folderWith(), 'none.ts'), () => {});
    await expect(load).rejects.toThrow(/none\.ts: there is no such chain file$/);
  });

  it('in YAML is the reference chain', async () => {
    const { chain, transpiled } = await load(
      'ref.yaml',
      'targets: [openai/gpt-4o]\nretry: { max: 0 }\n',
    );
    expect(chain).toMatchObject({
      name: 'ref',
      targets: ['openai/gpt-4o'],
      limits: { attempts: 1 },
    });
    expect(transpiled).toBe(0);
  });

  it.each([
    [
      'targets: [openai/gpt-4o]\nbreaker: { failures: 5, cooldown: 30 }\n',
      /ref\.yaml:2: breaker\.cooldown: expected a duration/,
    ],
    [
      'targets: [openai/gpt-4o]\nretires: 1\n',
      /ref\.yaml:2: unknown key "retires" \(did you mean retry\?\): write one of name, targets/,
    ],
    ['targets: []\n', /ref\.yaml:1: targets: expected at least 1 entry/],
    ['targets: [gpt-4o]\n', /ref\.yaml:1: targets\.0.*: /],
    ['targets: [openai/gpt-4o]\ndeadline: 20\n', /ref\.yaml:2: deadline: expected a duration/],
  ])('that is wrong is told by line: %j', async (text, message) => {
    expect(await refused('ref.yaml', text)).toMatch(message);
  });
});
