import { readFileSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readScenario } from '../../harness/scenario/scenario.ts';
import { readRecordings } from '../../harness/upstream/recording.ts';
import { createTargets, readTargets } from '../../harness/upstream/targets.ts';
import { loadYamlWorkload } from '../../harness/workloads/yaml-workload.ts';
import { filesIn, firedrill, folderWith, mistake, write } from '../cli.ts';
import {
  anthropicUrl,
  cassette,
  chatAnswer,
  chatAsk,
  claudeAnswer,
  claudeAsk,
  openaiUrl,
} from '../importing/cassettes.ts';

const question = 'How do I reset my password?';
const both = cassette(
  { url: openaiUrl, ask: chatAsk(question), answer: chatAnswer('Click "Forgot password".') },
  { url: anthropicUrl, ask: claudeAsk(question), answer: claudeAnswer('Use the reset link.') },
);

const answers = `prompt,target,answer,score
${question},openai/gpt-4o-mini,"Click ""Forgot password"".",1
${question},anthropic/claude-3-5-haiku-20241022,Use the reset link.,0.9
Where is my invoice?,openai/gpt-4o-mini,Under Billing.,1
Where is my invoice?,anthropic/claude-3-5-haiku-20241022,Ask us.,0.5
`;

/** A fallback as people write it first. */
const chain = `
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
export const targets = ['openai/gpt-4o-mini', 'anthropic/claude-3-5-haiku-20241022'];
export default () => {
  const openai = new OpenAI({ maxRetries: 0 });
  const anthropic = new Anthropic({ maxRetries: 0 });
  return async ({ messages }, signal) => {
    try {
      const got = await openai.chat.completions.create({ model: 'gpt-4o-mini', messages }, { signal });
      return got.choices[0].message.content;
    } catch {
      const model = 'claude-3-5-haiku-20241022';
      const got = await anthropic.messages.create({ model, max_tokens: 100, messages }, { signal });
      return got.content[0].text;
    }
  };
};
`;

function project(files: Record<string, string | Uint8Array>): string {
  const dir = folderWith({ 'chain.ts': chain, ...files });
  symlinkSync(join(import.meta.dirname, '../../node_modules'), join(dir, 'node_modules'));
  return dir;
}

function texts(dir: string): Record<string, string> {
  const files = filesIn(join(dir, 'firedrill')).filter((file) => /\.(yaml|jsonl)$/.test(file));
  return Object.fromEntries(files.map((file) => [file, readFileSync(file, 'utf8')]));
}

/** Nobody knows the speed and price of the models of these recordings. */
const assumedOnly = /^warning: no targets file knows the speed and the price of [^\n]*\n$/;

describe('firedrill import', () => {
  it('makes a workload of recorded exchanges that a run can use at once', async () => {
    const dir = project({
      'taped.yaml': both,
      'outage.yaml': `name: outage
description: OpenAI is down for half a minute
workload: taped
arrival: { rate: 1/s, for: 1m, spread: even }
faults: [{ inject: server-error, status: 503, on: { provider: openai }, from: 20s, to: 50s }]
thresholds: { availability: "== 100%", fallback_rate: "== 50%" }
`,
    });
    const said = await firedrill(['import', 'taped.yaml'], dir);
    expect(said).toMatchObject({ code: 0, err: '' });
    expect(said.out).toContain('2 answers to 1 prompt\n');
    expect(said.out).toContain('written    firedrill/recordings/taped.jsonl\n');
    expect(said.out).toContain('next: write "workload: taped" in a scenario');
    const workload = loadYamlWorkload(join(dir, 'firedrill/workloads/taped.yaml'));
    expect(workload.provenance).toBe('recorded: exchanges of taped.yaml');
    expect(workload.samples.map(({ prompt }) => prompt)).toEqual([question]);
    const run = await firedrill(['run', 'outage.yaml', '--chain', 'chain.ts', '--json'], dir);
    expect(run).toMatchObject({ code: 0, err: expect.stringMatching(assumedOnly) });
    const [scenario] = JSON.parse(run.out).scenarios;
    expect(JSON.stringify(scenario)).toContain('"kind":"recorded"');
  });

  it('makes scenarios of logged answers, so that import and run are all that is needed', async () => {
    const dir = project({ 'answers.csv': answers });
    const said = await firedrill(['import', '--answers', 'answers.csv'], dir);
    expect(said).toMatchObject({ code: 0, err: '' });
    expect(said.out).toContain('4 answers to 2 prompts (4 scored)\n');
    expect(said.out).toContain('openai/gpt-4o-mini: 2 of 2 prompts\n');
    expect(said.out.trimEnd().endsWith('next: firedrill run --chain chain.ts')).toBe(true);
    const scenarios = filesIn(join(dir, 'firedrill/scenarios')).map(readScenario);
    expect(scenarios.map(({ name, workload }) => [name, workload])).toEqual([
      ['answers-cut-stream', 'answers'],
      ['answers-outage', 'answers'],
      ['answers-rate-limits', 'answers'],
    ]);
    const run = await firedrill(['run', '--chain', 'chain.ts', '--json'], dir);
    expect(run.err).toMatch(assumedOnly);
    expect([0, 1]).toContain(run.code);
    const byName = new Map<string, Record<string, unknown>>(
      JSON.parse(run.out).scenarios.map((one: { scenario: string }) => [one.scenario, one]),
    );
    expect([...byName.keys()].sort()).toEqual(scenarios.map(({ name }) => name));
    const outage = byName.get('answers-outage');
    expect(outage).toMatchObject({ availability: 1, quality: { baseline: 1, n: 2 } });
    expect(outage?.fallback_rate).toBeGreaterThan(0.4);
  });

  it('changes nothing when the same is imported again', async () => {
    const dir = folderWith({ 'answers.csv': answers, 'taped.yaml': both });
    const words = [
      ['import', '--answers', 'answers.csv'],
      ['import', 'taped.yaml'],
    ];
    for (const each of words) await firedrill(each, dir);
    const before = texts(dir);
    expect(Object.keys(before)).toHaveLength(7);
    for (const each of words) {
      const said = await firedrill(each, dir);
      expect(said.code).toBe(0);
      expect(said.out).not.toMatch(/^(written|replaced)/m);
    }
    expect(texts(dir)).toEqual(before);
  });

  it('does not replace another import of the name unless told so, and then all of it', async () => {
    const dir = folderWith({ 'answers.csv': answers });
    await firedrill(['import', '--answers', 'answers.csv'], dir);
    const before = texts(dir);
    write(dir, { 'answers.csv': answers.replaceAll('Under Billing', 'Below') });
    const refused = await firedrill(['import', '--answers', 'answers.csv'], dir);
    expect(refused.code).toBe(2);
    expect(refused.err).toBe(
      'firedrill: firedrill/recordings/answers.jsonl: is there already and differs: give another --name, or --force\n',
    );
    expect(texts(dir)).toEqual(before);
    const forced = await firedrill(['import', '--answers', 'answers.csv', '--force'], dir);
    expect(forced.out).toContain('replaced   firedrill/recordings/answers.jsonl\n');
  });

  it('keeps a starter scenario that the user has changed, even when told to replace', async () => {
    const dir = folderWith({ 'answers.csv': answers });
    await firedrill(['import', '--answers', 'answers.csv'], dir);
    const file = 'firedrill/scenarios/answers-outage.yaml';
    const own = readFileSync(join(dir, file), 'utf8').replace('20m', '30m');
    write(dir, { [file]: own });
    const said = await firedrill(['import', '--answers', 'answers.csv', '--force'], dir);
    expect(said.out).toContain(`kept       ${file}\n`);
    expect(readFileSync(join(dir, file), 'utf8')).toBe(own);
  });

  it('leaves out prompts that a target did not answer, unless they are wanted', async () => {
    const dir = folderWith({ 'a.csv': `${answers}Only one?,openai/gpt-4o-mini,Yes.,1\n` });
    const said = await firedrill(['import', '--answers', 'a.csv'], dir);
    expect(said.out).toContain('1 left out:\n  1: not every target answered the prompt');
    expect(loadYamlWorkload(join(dir, 'firedrill/workloads/a.yaml')).samples).toHaveLength(2);
    const words = ['import', '--answers', 'a.csv', '--partial', '--name', 'all'];
    expect((await firedrill(words, dir)).out).toContain('gpt-4o-mini: 3 of 3 prompts');
    expect(loadYamlWorkload(join(dir, 'firedrill/workloads/all.yaml')).samples).toHaveLength(3);
  });

  it('writes nothing where no prompt would be left, and says what is missing', async () => {
    const rows = 'prompt,target,answer\nOne?,openai/gpt-4o,Yes.\nTwo?,openai/gpt-4o-mini,No.\n';
    expect(await mistake({ 'a.csv': rows }, ['import', '--answers', 'a.csv'])).toMatch(
      /^a\.csv: no prompt was answered by every target.*openai\/gpt-4o has no answer to "Two\?".*--partial$/,
    );
  });

  it('keeps several answers of one target to one prompt', async () => {
    const dir = folderWith({
      'a.jsonl': ['One.', 'Two.'].map((answer) => line('openai/gpt-4o', answer)).join(''),
    });
    await firedrill(['import', '--answers', 'a.jsonl'], dir);
    const recordings = readRecordings(join(dir, 'firedrill/recordings/a.jsonl'));
    expect(recordings.map((one) => ('text' in one ? one.text : ''))).toEqual(['One.', 'Two.']);
    expect(new Set(recordings.map(({ sample }) => sample)).size).toBe(1);
  });

  it('adds hosts that nobody knows to the targets of the project, and keeps what is there', async () => {
    const url = 'https://api.together.xyz/v1/chat/completions';
    const taped = cassette({ url, ask: chatAsk(question), answer: chatAnswer('Yes.') });
    const local = taped.replaceAll('api.together.xyz', 'localhost:8080');
    const dir = folderWith({ 'a.yaml': taped, 'b.yaml': local });
    await firedrill(['import', 'a.yaml'], dir);
    const file = join(dir, 'firedrill/targets.yaml');
    write(dir, { 'firedrill/targets.yaml': `# mine\n${readFileSync(file, 'utf8')}` });
    const said = await firedrill(['import', 'b.yaml'], dir);
    expect(said.out).toContain('replaced   firedrill/targets.yaml\n');
    const text = readFileSync(file, 'utf8');
    expect(text.startsWith('# mine\n')).toBe(true);
    expect(text).toContain('{ host: "api.together.xyz", provider: "together" }');
    expect(text).toContain('{ host: localhost:8080, provider: localhost }');
    const [recording] = readRecordings(join(dir, 'firedrill/recordings/b.jsonl'));
    expect(recording?.target).toBe('localhost/gpt-4o-mini');
  });

  it('adds hosts to a targets file that has only prices', async () => {
    const url = 'https://api.together.xyz/v1/chat/completions';
    const taped = cassette({ url, ask: chatAsk(question), answer: chatAnswer('Yes.') });
    const price = '{ price: { input: 1, output: 2, source: our contract } }';
    const own = `models:\n  together/gpt-4o-mini: ${price}\n`;
    const dir = folderWith({ 'a.yaml': taped, 'firedrill/targets.yaml': own });
    await firedrill(['import', 'a.yaml'], dir);
    const targets = createTargets(readTargets([join(dir, 'firedrill/targets.yaml')]));
    expect(targets.host('api.together.xyz')).toMatchObject({ provider: 'together' });
    expect(targets.price('together/gpt-4o-mini')).toMatchObject({ output: 2 });
  });

  it('writes elsewhere with --out, and says how to run that', async () => {
    const dir = folderWith({ 'answers.csv': answers });
    const words = ['import', '--answers', 'answers.csv', '--out', 'drills'];
    const said = await firedrill(words, dir);
    expect(said.out).toContain(
      'next: firedrill run drills/scenarios/answers-*.yaml --chain chain.ts',
    );
    const scenario = readScenario(join(dir, 'drills/scenarios/answers-outage.yaml'));
    expect(scenario.workload).toBe('drills/workloads/answers.yaml');
  });

  it('never writes a credential, a cookie, or who the account belongs to', async () => {
    const canary = 'canary-9f8e7d6c5b4a';
    const secrets = Object.fromEntries(
      ['authorization', 'x-api-key', 'api-key', 'cookie', 'x-goog-api-key'].map((name) => [
        name,
        `Bearer ${canary}`,
      ]),
    );
    const told = ['set-cookie', 'openai-organization', 'anthropic-organization-id', 'x-echo'];
    const headers = {
      ...secrets,
      ...Object.fromEntries(told.map((name) => [name, `of ${canary}`])),
      'openai-project': canary,
      'x-request-id': 'req_1',
    };
    const dir = folderWith({
      'taped.yaml': cassette(
        {
          url: `${openaiUrl}?key=${canary}`,
          ask: chatAsk(question),
          sent: secrets,
          headers,
          answer: chatAnswer('Yes.'),
        },
        { url: `https://example.test/other?key=${canary}`, ask: {}, sent: secrets, answer: '' },
      ),
    });
    const { out, err, code } = await firedrill(['import', 'taped.yaml'], dir);
    expect(code).toBe(0);
    for (const text of [out, err, ...Object.values(texts(dir))]) expect(text).not.toContain(canary);
    const [recording] = readRecordings(join(dir, 'firedrill/recordings/taped.jsonl'));
    expect(recording).toMatchObject({
      exchange: {
        headers: [
          ['content-type', 'application/json'],
          ['x-request-id', 'req_1'],
        ],
        body: { text: JSON.stringify(chatAnswer('Yes.')) },
      },
    });
  });

  it.each([
    [
      'a file of no format',
      ['notes.yaml'],
      'notes.yaml: is no recording in a format that is known',
    ],
    ['an empty file', ['empty.yaml'], 'empty.yaml: is empty'],
    ['a huge file', ['huge.yaml'], 'huge.yaml: has 60.0 MB, the limit is 50 MB'],
    ['a folder', ['.'], 'is not a file'],
    ['a missing file', ['gone.yaml'], 'cannot be read'],
    ['a table as a recording', ['answers.csv'], 'write --answers answers.csv'],
    ['no file at all', [], 'name the recordings to import'],
    ['both at once', ['taped.yaml', '--answers', 'answers.csv'], '--answers takes one file'],
    ['a table without a target', ['--answers', 'bare.csv'], 'bare.csv:1: has no column "target"'],
    ['a name that is a path', ['taped.yaml', '--name', '../x'], 'write a name like support-desk'],
    ['the name of a shipped workload', ['taped.yaml', '--name', 'support-desk'], 'ships with'],
    ['exchanges of nobody we know', ['other.yaml'], 'none of 1 exchanges can be imported'],
    ['one bad file among good ones', ['taped.yaml', 'notes.yaml'], 'notes.yaml: is no recording'],
    ['a place that cannot be written', ['taped.yaml', '--out', 'empty.yaml'], 'cannot be'],
  ])('refuses %s in one line and writes nothing', async (_what, words, message) => {
    const dir = folderWith({
      'notes.yaml': 'some: notes\n',
      'empty.yaml': '',
      'huge.yaml': '',
      'answers.csv': answers,
      'bare.csv': 'prompt,answer\na,b\n',
      'taped.yaml': both,
      'other.yaml': cassette({ url: 'https://example.test/x', ask: {}, answer: '' }),
    });
    truncateSync(join(dir, 'huge.yaml'), 60 * 1024 * 1024);
    const before = filesIn(dir);
    const said = await firedrill(['import', ...words], dir);
    expect(said).toMatchObject({ code: 2, out: '' });
    expect(said.err).toContain(message);
    expect(said.err).toMatch(/^firedrill: [^\n]+\n$/);
    expect(filesIn(dir)).toEqual(before);
  });
});

function line(target: string, answer: string): string {
  return `${JSON.stringify({ prompt: 'Hello?', target, answer })}\n`;
}
