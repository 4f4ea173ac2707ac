// One chain file in many hands: what a cell says, and what becomes of a system that is not there.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { parseReferenceSettings } from '../../harness/chains/reference-config.ts';
import { jsonSchemas } from '../../harness/json-schemas.ts';
import { scorecardMd } from '../../harness/scorecard/scorecard-md.ts';
import type { Scorecard } from '../../harness/scorecard/scorecard-report.ts';
import { systemsOf } from '../../harness/scorecard/system.ts';
import { firedrill, folderWith, mistake } from '../cli.ts';

const chain = `targets: [openai/gpt-4o, anthropic/claude-3-5-sonnet-latest]
retry: { max: 1 }
degrade: Please try again later.
`;
const scenario = (name: string, more: string): string => `name: ${name}
description: a test of ${name}
workload: support-desk
arrival: { each: once, gap: 30s }
${more}`;
const files = {
  'chain.yaml': chain,
  'mine/cut.yaml': scenario(
    'cut',
    'faults: [{ inject: disconnect, at: 40%, how: reset, on: { provider: openai } }]',
  ),
  'mine/down.yaml': scenario(
    'down',
    `faults: [{ inject: server-error, status: 503, on: { provider: openai } }]
expect: { caller: answer, attempts: 4, primary: 3 }
thresholds: { availability: "== 100%" }`,
  ),
};
const words = ['scorecard', 'mine', '--chain', 'chain.yaml', '--workers', '1', '--out', 'o'];

describe('a scorecard', () => {
  it('puts systems side by side, each with its run beside it', async () => {
    const dir = folderWith(files);
    const said = await firedrill([...words, '--systems', 'reference,ai-fallback'], dir);
    expect(said, said.err).toMatchObject({ code: 0, out: 'o/scorecard.md\n' });
    const card: Scorecard = JSON.parse(readFileSync(join(dir, 'o/scorecard.json'), 'utf8'));
    const { scorecard: schema } = jsonSchemas();
    const validate = new Ajv2020({ strict: false }).compile(schema ?? {});
    expect(validate(card), JSON.stringify(validate.errors)).toBe(true);
    const cell = (system: string, name: string) =>
      card.cells.find((one) => one.system === system && one.scenario === name);
    expect(cell('reference', 'down')).toMatchObject({
      verdict: 'pass',
      calls: 36,
      outcomes: { complete: 36 },
      attempts: { primary: 72, others: 36 },
      violated: [],
    });
    expect(cell('reference', 'cut')).toMatchObject({ verdict: 'no bar', violated: [] });
    expect(Object.keys(cell('reference', 'cut')?.outcomes ?? {})).not.toContain('spliced');
    expect(card.answers.map(({ kind }) => kind)).toEqual(Array(5).fill('authored'));
    expect(card.answers[2]).toMatchObject({ target: 'openai/gpt-4o', models: [] });
    // It begins again behind what was read, as it ships.
    expect(cell('ai-fallback', 'cut')?.outcomes.spliced).toBeGreaterThan(0);
    expect(cell('ai-fallback', 'cut')?.violated).toContain('I03');
    const rows = parse(readFileSync(join(dir, 'o/scorecard.csv'), 'utf8'), { columns: true });
    expect(rows).toHaveLength(4);
    expect(existsSync(join(dir, 'o/runs/ai-fallback/history.jsonl'))).toBe(true);
    const md = readFileSync(join(dir, 'o/scorecard.md'), 'utf8');
    expect(md).toContain('| down | pass | pass |');
    expect(md).toContain('degrade: when all targets fail, the caller gets an error');
    // The words beside a cell drill it again.
    const again = cell('ai-fallback', 'cut')?.replay.split(' ').slice(1) ?? [];
    expect(again.join(' ')).toContain('run mine/cut.yaml --chain chain.yaml --through ai-fallback');
    const once = await firedrill([...again, '--out', 'p'], dir);
    expect(once, once.err).toMatchObject({ code: 0 });
  });

  it('tells every system that there is, the reference chain first', () => {
    const systems = systemsOf(parseReferenceSettings(chain, 'chain.yaml'), []);
    expect(systems.map(({ name }) => name)).toEqual([
      'reference',
      'ai-fallback',
      'ai-retry',
      'ai-sdk',
      'bare-sdks',
      'langchain',
      'litellm-proxy',
      'litellm-router',
      'portkey',
    ]);
    const [, fallback] = systems;
    expect(fallback?.versions['ai-fallback']).toMatch(/^3\./);
    for (const { name, not_said } of systems.slice(1)) {
      expect(not_said.length, name).toBeGreaterThan(0);
    }
  });

  it('says of a system that is not there how to get it, and of a cell what is random in it', () => {
    const card: Scorecard = {
      version: 1,
      tool: { name: 'firedrill', version: '0.1.0' },
      made: '2026-11-22',
      chain: 'chain',
      targets: ['openai/gpt-4o'],
      seed: 1,
      trials: 20,
      node: 'v24',
      answers: [
        {
          target: 'openai/gpt-4o',
          kind: 'recorded',
          kinds: ['recorded'],
          dates: { from: '2026-03-01', to: '2026-03-04' },
          models: ['gpt-4o-2024-08-06'],
        },
      ],
      scenarios: [{ name: 'down', description: 'it is down' }],
      systems: [
        {
          name: 'portkey',
          describe: 'a gateway',
          clock: 'real',
          versions: {},
          configuration: null,
          not_said: [],
          error: 'not installed: npm run setup:gateways',
        },
        {
          name: 'langchain',
          describe: 'a library',
          clock: 'virtual',
          versions: { '@langchain/core': '1.0.0' },
          configuration: null,
          not_said: ['cache: every | question'],
          error: null,
        },
      ],
      cells: [
        {
          system: 'langchain',
          scenario: 'down',
          verdict: 'fail',
          graded: { pass: 15, fail: 5 },
          calls: 20,
          aborted: 0,
          outcomes: { complete: 15, hung: 5 },
          attempts: { primary: 20, others: 3 },
          latency_ms: { p50: 900, max: null },
          violated: ['I08'],
          why: null,
          replay: 'firedrill run down',
        },
      ],
    };
    const text = scorecardMd(card);
    expect(text).toContain('| scenario | portkey (real time) | langchain |');
    expect(text).toContain('| down | - | fail (I08) |');
    expect(text).toContain('fail (15 of 20 pass; 53 to 89%)');
    expect(text).toContain('at most hung');
    const own = 'openai/gpt-4o says gpt-4o-2024-08-06';
    expect(text).toContain(`Answers: recorded 2026-03-01 to 2026-03-04 (${own}). `);
    expect(text).toContain('**Not drilled to the end:** not installed: npm run setup:gateways');
    expect(text).toContain('cache: every \\| question');
  });

  it('refuses what no library can be told, and names that nobody has', async () => {
    expect(await mistake(files, [...words, '--systems', 'langchian'])).toMatch(
      /--systems: unknown system "langchian" \(did you mean langchain\?\)/,
    );
    const code = { ...files, 'chain.ts': 'export default () => async () => "x";' };
    const module = words.map((word) => (word === 'chain.yaml' ? 'chain.ts' : word));
    expect(await mistake(code, module)).toMatch(/chain\.ts: a scorecard takes a \.yaml chain file/);
  });
});
