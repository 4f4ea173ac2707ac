// I17 and I27 over whole drills: a plain loop, and what it leaks.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { drillKeys } from '../../harness/trial/drill-keys.ts';
import { drill, fixtureChain, writeScenario } from '../drills.ts';
import type { Leak } from '../fixtures/chains/leaky-loop.ts';
import { polite } from '../fixtures/chains/leaky-loop.ts';

const dir = mkdtempSync(join(tmpdir(), 'leaks-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function chain(leak: Leak | null): string {
  const file = join(dir, `${leak ?? 'tight'}.ts`);
  const of = JSON.stringify(fixtureChain('leaky-loop.ts'));
  const text = [
    `import { leakyLoop } from ${of};`,
    "export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];",
    leak === 'polite-cached' ? `export const degradeText = ${JSON.stringify(polite)};` : '',
    `export default leakyLoop(${JSON.stringify(leak)});`,
  ];
  writeFileSync(file, text.join('\n'));
  return file;
}

const outage = { inject: 'server-error', status: 503 };
const openai = { provider: 'openai' };
const asked = { arrival: { rate: '1/s', for: '3m' }, repeat: { share: '40%', zipf: 1.1 } };

const scenarios = [
  ['primary-out', { faults: [{ ...outage, on: openai, from: '30s', to: '60s' }] }],
  ['all-out', { faults: [{ ...outage, from: '10s', to: '60s' }] }],
  ['cuts', { faults: [{ inject: 'truncate', at: '60%', on: openai, from: '30s', to: '90s' }] }],
].map(([name, more]) => writeScenario(dir, String(name), { ...asked, ...Object(more) }));

async function violations(leak: Leak | null) {
  const out = mkdtempSync(join(dir, 'run-'));
  const { report } = await drill({ chain: chain(leak), scenarios, out });
  const found: Record<string, Record<string, string>> = {};
  for (const { scenario, invariants } of report?.scenarios ?? []) {
    for (const id of ['I17', 'I18', 'I24', 'I27']) {
      const one = invariants[id];
      if (one?.status === 'violated')
        found[id] = { ...found[id], [scenario]: one.example?.text ?? '' };
    }
  }
  return { found, history: readFileSync(join(out, 'history.jsonl'), 'utf8') };
}

describe('a loop that leaks', () => {
  it('nothing is accused of nothing', async () => {
    expect((await violations(null)).found).toEqual({});
  }, 60_000);

  it('a key in a header is told of it, and the key is nowhere in the history', async () => {
    const { found, history } = await violations('header');
    expect(Object.keys(found)).toEqual(['I17']);
    expect(found.I17?.['primary-out']).toContain(
      'The header x-upstream-auth has the key of openai',
    );
    for (const secret of Object.values(drillKeys)) expect(history).not.toContain(secret);
  }, 60_000);

  it('the name of its first model to the second host gets a 404 there', async () => {
    const { found } = await violations('model');
    expect(found.I17?.['primary-out']).toContain(
      '404 not-found after 0.1 s. anthropic was asked for gpt-4o, a model of another provider',
    );
  }, 60_000);

  it.each<[Leak, string, RegExp]>([
    ['errors', 'primary-out', /503 .*The words of its error went along as a part of the conv/],
    ['half-answers', 'cuts', /cut short.*Its half answer went along as a part of the conversation/],
    ['cut-cached', 'cuts', /It was truncated then, and was given again at .* without any attempt/],
    ['errors-cached', 'all-out', /calls in a row had been answered.*got "nobody answered.*again/],
    ['polite-cached', 'all-out', /calls in a row had been answered.*got "Sorry, we cannot/],
  ])(
    '%s is seen in %s',
    async (leak, scenario, words) => {
      const { found } = await violations(leak);
      expect(Object.keys(found)).toEqual(['I27']);
      expect(found.I27?.[scenario]).toMatch(words);
    },
    60_000,
  );
});
