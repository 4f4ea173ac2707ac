// `firedrill portability` as a command: what it measures, what it prints, and what it leaves.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { jsonSchemas } from '../../harness/json-schemas.ts';
import type { PortabilityReport } from '../../harness/portability/portability-report.ts';
import { drillKeys } from '../../harness/trial/drill-keys.ts';
import type { Said } from '../cli.ts';
import { filesIn, firedrill, folderWith, mistake } from '../cli.ts';
import { fixtureChain, root } from '../drills.ts';

const shipped = (name: string): string => join(root, 'fixtures/chains', name);

interface Measured extends Said {
  dir: string;
  report: PortabilityReport;
}

async function measured(words: string[], files: Record<string, string> = {}): Promise<Measured> {
  const dir = folderWith(files);
  const said = await firedrill(['portability', '--out', 'o', '--workers', '1', ...words], dir);
  expect(said, said.err).toMatchObject({ code: 0, err: '' });
  return {
    ...said,
    dir,
    report: JSON.parse(readFileSync(join(dir, 'o/portability.json'), 'utf8')),
  };
}

/** A workload with answers of some targets: each a text, by sample. */
function workload(answers: Record<string, Record<string, string>>): Record<string, string> {
  const lines = Object.entries(answers).flatMap(([target, texts]) =>
    Object.entries(texts).map(([sample, text]) =>
      JSON.stringify({ kind: 'recorded-text', sample, target, text }),
    ),
  );
  const samples = ['a', 'b', 'c'].map((id) => ({
    id,
    family: id === 'c' ? 'odd' : 'even',
    prompt: `question ${id}`,
    checks: [{ contains: ['yes'] }],
  }));
  return {
    'w.yaml': JSON.stringify({ name: 'w', provenance: 'p', recordings: 'r.jsonl', samples }),
    'r.jsonl': `${lines.join('\n')}\n`,
  };
}

const all = (text: string): Record<string, string> => ({ a: text, b: text, c: text });

/** A chain of plain requests, one after the other. */
const plain = (models: string[], head = ''): string => `${head}
export default () => async ({ prompt }) => {
  for (const model of ${JSON.stringify(models)}) {
    const reply = await fetch('https://api.openai.com/v1/chat/completions', {
      method: 'POST',
      headers: { authorization: 'Bearer ' + process.env.OPENAI_API_KEY },
      body: JSON.stringify({ model, messages: [{ role: 'user', content: prompt }] }),
    });
    if (reply.ok) return (await reply.json()).choices[0].message.content;
  }
  throw new Error('nobody answered');
};
`;

describe('firedrill portability over a shipped workload', () => {
  it('measures every target', async () => {
    const { report, out, dir } = await measured(['--chain', shipped('gpt-first.yaml')]);
    const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest', 'openai/gpt-4o-mini'];
    expect(report.targets.map(({ target }) => target)).toEqual(targets);
    expect(report.samples).toHaveLength(36);
    expect(report.standings.every(({ answered, n }) => answered === n)).toBe(true);
    const overall = report.standings.filter(({ family }) => family === '*');
    expect(overall.map(({ rank }) => rank)).toEqual([null, 1, 2]);
    expect(overall[2]?.primary).toMatchObject({ n: 36, verdict: 'worse' });
    expect(report.findings).toEqual([]);
    expect(out).toContain('Answers are authored');
    const ajv = new Ajv2020({ strict: false });
    const { portability = false } = jsonSchemas();
    expect(ajv.validate(portability, report), ajv.errorsText()).toBe(true);
    expect(filesIn(join(dir, 'o')).map((file) => file.slice(join(dir, 'o/').length))).toEqual([
      'portability.csv',
      'portability.json',
      'portability.md',
    ]);
  });

  it('writes the table that is committed, from prompts that no drill asks', async () => {
    const { report, dir } = await measured([
      ...['--chain', shipped('gpt-first.yaml'), '--workload', 'support-desk-held-out'],
      ...['--table', 'measured.yaml'],
    ]);
    expect(report.samples).toHaveLength(36);
    expect(report.findings).toEqual([]);
    const table = readFileSync(join(dir, 'measured.yaml'), 'utf8');
    expect(table).toBe(readFileSync(join(root, 'fixtures/measured/support-desk.yaml'), 'utf8'));
    const ajv = new Ajv2020({ strict: false });
    const { measured: means = false } = jsonSchemas();
    expect(ajv.validate(means, parse(table)), ajv.errorsText()).toBe(true);
  });

  it('shows what the judge held against an answer, and that its verdicts are authored', async () => {
    const { report } = await measured([
      ...['--chain', shipped('gpt-first.yaml'), '--workload', 'support-tone'],
    ]);
    const late = report.samples.find(({ sample }) => sample === 'late-twice');
    expect(late?.cells.map(({ score }) => score)).toEqual([1, 1, 0.25]);
    expect(late?.cells[0]?.failed).toEqual([]);
    expect(late?.cells[2]?.failed).toEqual([expect.stringMatching(/^judged bad: "The reply/)]);
    expect(report.notes).toContain('openai/gpt-4o judged; its verdicts: authored');
    expect(report.provenance).toBe('authored');
  });

  it('gives the same report for the same seed, whoever drills it', async () => {
    const words = ['--chain', shipped('naive.ts'), '--workload', 'support-tools'];
    const one = await measured(words);
    const two = await measured([...words, '--workers', '2']);
    expect(two.report).toEqual(one.report);
  });
});

describe('a chain that forwards everything', () => {
  it('loses every shipped prompt where its fallback takes none of it, and is told why', async () => {
    const { report, out } = await measured(['--chain', fixtureChain('forwards-all.ts')]);
    const claude = 'anthropic/claude-3-5-sonnet-latest';
    const row = report.standings.find(({ target, family }) => target === claude && family === '*');
    expect(row).toMatchObject({ rank: 2, mean: 0, asked: 36, answered: 0, n: 36 });
    expect(row?.primary).toMatchObject({ verdict: 'worse' });
    const found = report.findings.map(({ rule, effect, target, requests }) => [
      ...[rule, effect, target, requests],
    ]);
    expect(found).toEqual([
      ['foreign-parameters', 'rejected', claude, 36],
      ['objection', 'rejected', claude, 36],
      ['sampling', 'rejected', claude, 36],
      ['model-name', 'risk', claude, 36],
    ]);
    expect(report.findings[2]?.example.request).toContain('"temperature":0.3');
    expect(out).toMatch(
      /\d\d prompts on anthropic\/claude-3-5-sonnet-latest \d+ critical +rejected: /,
    );
  });

  it('shows what each target makes of it, and keeps no key', async () => {
    const { report, out, dir } = await measured(
      ['--chain', fixtureChain('sloppy.ts'), '--workload', 'w.yaml'],
      workload({
        'openai/gpt-4o': all('yes'),
        'anthropic/claude-3-5-sonnet-latest': all('yes'),
        'anthropic/claude-opus-4-6': all('yes'),
      }),
    );
    const [, , last] = report.standings.filter(({ family }) => family === '*');
    // Every request to it is turned down: as a fallback it is worth nothing.
    expect(last).toMatchObject({ target: 'anthropic/claude-opus-4-6', mean: 0, answered: 0, n: 3 });
    expect(report.strays.map(({ target }) => target)).toEqual(
      Array(3).fill('anthropic/claude-opus-4-6'),
    );
    const found = report.findings.map(({ rule, target, effect }) => `${effect} ${rule} ${target}`);
    for (const one of [
      'rejected sampling anthropic/claude-opus-4-6',
      'rejected prefill anthropic/claude-opus-4-6',
      'rejected objection anthropic/claude-opus-4-6',
      'lost lost-parts anthropic/claude-opus-4-6',
      'risk model-name anthropic/claude-opus-4-6',
      'ignored compat-ignored anthropic/claude-3-5-sonnet-latest',
      'risk model-name anthropic/claude-3-5-sonnet-latest',
    ]) {
      expect(found).toContain(one);
    }
    expect(found.filter((one) => one.endsWith('openai/gpt-4o'))).toEqual([]);
    expect(out).toContain('rejected by anthropic/claude-opus-4-6 (sampling, 3 requests)');
    for (const file of filesIn(join(dir, 'o'))) {
      for (const key of Object.values(drillKeys)) {
        expect(readFileSync(file, 'utf8'), file).not.toContain(key);
      }
    }
    expect(JSON.stringify(report.findings)).toContain('[key]');
  });
});

describe('whom a chain asks', () => {
  it('is found out where it does not say, and samples count where they are recorded', async () => {
    const { report } = await measured(['--chain', 'chain.ts', '--workload', 'w.yaml'], {
      'chain.ts': plain(['gpt-4o', 'gpt-4o-mini', 'gpt-none']),
      ...workload({ 'openai/gpt-4o': all('yes'), 'openai/gpt-4o-mini': { a: 'no', c: 'yes' } }),
    });
    expect(report.targets.map(({ target, standing }) => [target, standing])).toEqual([
      ['openai/gpt-4o', 'asked'],
      ['openai/gpt-4o-mini', 'asked'],
      ['openai/gpt-none', 'no-recordings'],
    ]);
    expect(report.notes).toEqual([
      'openai/gpt-4o-mini has no recording for 1 prompt; none counts',
      'openai/gpt-none was left out: the workload has no recording of it',
    ]);
    expect(
      report.standings.map(({ family, target, mean, n }) => [family, target, mean, n]),
    ).toEqual([
      ['*', 'openai/gpt-4o', 1, 3],
      ['*', 'openai/gpt-4o-mini', 0.5, 2],
      ['even', 'openai/gpt-4o', 1, 2],
      ['even', 'openai/gpt-4o-mini', 0, 1],
      ['odd', 'openai/gpt-4o', 1, 1],
      ['odd', 'openai/gpt-4o-mini', 1, 1],
    ]);
    expect(report.strays).toMatchObject([
      { sample: 'a', target: 'openai/gpt-4o-mini', primary: 1, score: 0 },
    ]);
  });

  it('is said plainly of a target that it never asks', async () => {
    const head = "export const targets = ['openai/gpt-4o', 'openai/gpt-4o-mini'];";
    const { report, out } = await measured(['--chain', 'chain.ts', '--workload', 'w.yaml'], {
      'chain.ts': plain(['gpt-4o'], head),
      ...workload({ 'openai/gpt-4o': all('yes'), 'openai/gpt-4o-mini': all('yes') }),
    });
    expect(report.targets[1]).toMatchObject({ standing: 'never-asked', requests: 0 });
    expect(report.standings.every(({ target }) => target === 'openai/gpt-4o')).toBe(true);
    expect(out).toContain('openai/gpt-4o-mini was left out: the chain never asks it');
  });

  it('is also seen where only a broken connection makes it go on', async () => {
    const chain = plain(['gpt-4o', 'gpt-4o-mini']).replace(
      'const reply = await fetch(',
      'const reply = await fetchOrNull(',
    );
    const { report } = await measured(['--chain', 'chain.ts', '--workload', 'w.yaml'], {
      'chain.ts': `const fetchOrNull = (...asked) => fetch(...asked).then(
        (reply) => { if (!reply.ok) throw new Error('no'); return reply; },
        () => ({ ok: false }),
      );\n${chain}`,
      ...workload({ 'openai/gpt-4o': all('yes'), 'openai/gpt-4o-mini': all('no') }),
    });
    expect(report.standings.slice(0, 2)).toMatchObject([
      { target: 'openai/gpt-4o', mean: 1 },
      { target: 'openai/gpt-4o-mini', mean: 0, rank: 1 },
    ]);
  });
});

describe('what comes from outside', () => {
  it('moves no cursor on a terminal, and is no formula in a table', async () => {
    const { out, dir } = await measured(['--chain', 'chain.ts', '--workload', 'w.yaml'], {
      'chain.ts': plain(['gpt-4o', 'gpt-4o-mini']),
      ...workload({ 'openai/gpt-4o': all('yes'), 'openai/gpt-4o-mini': all('=1+\u001b[2J2') }),
    });
    expect(out).not.toContain('\u001b');
    expect(readFileSync(join(dir, 'o/portability.csv'), 'utf8')).toContain(",'=1+2\n");
    expect(readFileSync(join(dir, 'o/portability.md'), 'utf8')).not.toContain('\u001b');
  });
});

describe('bad input of firedrill portability', () => {
  const chain = { 'chain.ts': plain(['gpt-4o']) };
  const words = ['portability', '--chain', 'chain.ts'];

  it('is told in one line', async () => {
    expect(await mistake({}, ['portability', '--chain', 'no.ts'])).toBe(
      'no.ts: there is no such chain file',
    );
    expect(await mistake(chain, [...words, '--workload', 'suport-desk'])).toMatch(
      /^unknown workload "suport-desk" \(did you mean support-desk\?\)/,
    );
    const yaml = { 'c.yaml': 'targets: [openai/gpt-4o]\ndeadlin: 3s\n' };
    expect(await mistake(yaml, ['portability', '--chain', 'c.yaml'])).toMatch(/c\.yaml:2.*deadlin/);
    expect(await mistake(chain, [...words, '--targets', 'no.yaml'])).toMatch(/no\.yaml/);
    expect(await mistake(chain, [...words, '--floor', '7'])).toMatch(
      /expected a score from 0 to 1/,
    );
    const mine = { ...chain, ...workload({ 'openai/gpt-4o': all('yes') }) };
    const text = String(Reflect.get(mine, 'w.yaml')).replace('"prompt"', '"promt"');
    const bad = { ...mine, 'w.yaml': text };
    expect(await mistake(bad, [...words, '--workload', 'w.yaml'])).toMatch(
      /w\.yaml:1: .*unknown key "promt" \(did you mean prompt\?\)/,
    );
  });

  it('says where answers of the primary are missing', async () => {
    const declared = plain(['gpt-4o'], "export const targets = ['openai/gpt-4o'];");
    const dir = folderWith({ 'chain.ts': declared, ...workload({ 'own/small': all('yes') }) });
    const said = await firedrill([...words, '--workload', 'w.yaml', '--out', 'o'], dir);
    expect(said).toMatchObject({ code: 2, out: '' });
    expect(said.err).toMatch(/^firedrill: the chain's primary is openai\/gpt-4o, of which .*\n$/);
    expect(existsSync(join(dir, 'o'))).toBe(false);
  });

  it('does not write over reports that are there', async () => {
    const files = { ...chain, 'o/portability.json': '{}' };
    expect(await mistake(files, [...words, '--out', 'o'])).toMatch(/holds reports already/);
    const table = (name: string) => mistake(files, [...words, '--table', name]);
    expect(await table('x.csv')).toMatch(/--table x.csv: expected a .yaml or .json file/);
    expect(await mistake(files, [...words, '--out', 'chain.ts'])).toMatch(/is a file, expected/);
  });
});

it('firedrill list lints shows every rule with a request that it flags', async () => {
  const { out } = await firedrill(['list', 'lints'], folderWith());
  expect(out).toMatch(/^prefill +the last turn .*\n +messages that end with/m);
});
