// What is recorded for a workload, what is missing, stale or broken.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recordingDigest } from '../../harness/recordings/recording-digest.ts';
import { isNamed, saidModel } from '../../harness/recordings/said-model.ts';
import type { ExactRecording } from '../../harness/upstream/recording.ts';
import { recordingSchema } from '../../harness/upstream/recording.ts';
import { firedrill, folderWith, mistake } from '../cli.ts';

const workload = `name: desk
provenance: made for a test
recordings: desk.jsonl
samples:
  - { id: reset, prompt: How do I reset my password? }
  - { id: invoice, prompt: Where is my invoice? }
`;

const chain = 'targets: [openai/gpt-4o, anthropic/claude-3-5-haiku-latest]\n';

function exact(sample: string, more: object = {}, model = 'gpt-4o-2024-08-06'): ExactRecording {
  const body = JSON.stringify({ model, choices: [{ message: { content: 'Yes.' } }] });
  const read = recordingSchema.parse({
    kind: 'recorded',
    sample,
    target: 'openai/gpt-4o',
    date: '2026-01-31',
    wire: 'openai-chat',
    exchange: { status: 200, headers: [], body: { text: body } },
    ...more,
  });
  if (read.kind !== 'recorded') throw new Error('is of another kind');
  return read;
}

const claude = (sample: string, date = '2026-01-31') => ({
  kind: 'authored',
  sample,
  target: 'anthropic/claude-3-5-haiku-latest',
  date,
  text: 'Yes.',
});

function jsonl(...recordings: object[]): string {
  return recordings.map((one) => `${JSON.stringify(one)}\n`).join('');
}

const words = ['recordings', '--workload', 'desk.yaml'];

async function listed(recordings: string, ...more: string[]) {
  const dir = folderWith({ 'desk.yaml': workload, 'chain.yaml': chain, 'desk.jsonl': recordings });
  return firedrill([...words, ...more], dir);
}

describe('firedrill recordings', () => {
  it('lists what is there and ends with 0 where nothing is missing', async () => {
    const digest = recordingDigest(exact('reset'));
    const all = jsonl(
      exact('reset', { digest }),
      exact('invoice'),
      claude('reset'),
      claude('invoice'),
    );
    const said = await listed(all, '--chain', 'chain.yaml');
    expect(said).toEqual({
      code: 0,
      err: '',
      out: [
        'desk: 2 samples',
        '  desk.jsonl: 4 recordings, 1 with a digest, sound',
        '',
        '  openai/gpt-4o: 2 of 2 samples; 2 recordings; recorded; 2026-01-31; gpt-4o-2024-08-06',
        '  anthropic/claude-3-5-haiku-latest: 2 of 2 samples; 2 recordings; authored; 2026-01-31',
        '',
      ].join('\n'),
    });
  });

  it('names the samples that a target of the chain has no answer to', async () => {
    const said = await listed(jsonl(exact('reset'), exact('invoice')), '--chain', 'chain.yaml');
    expect(said.code).toBe(1);
    expect(said.out).toContain('missing  anthropic/claude-3-5-haiku-latest: reset, invoice\n');
    expect(said.out).not.toContain('missing  openai');
    const named = await listed(jsonl(exact('reset')), '--target', 'openai/gpt-4o');
    expect(named.code).toBe(1);
    expect(named.out).toContain('missing  openai/gpt-4o: invoice\n');
  });

  it('says who is recorded although the chain does not ask it', async () => {
    const said = await listed(jsonl(exact('reset'), claude('reset')), '--target', 'openai/gpt-4o');
    expect(said.out).toMatch(/claude-3-5-haiku-latest: .*; the chain does not ask it\n/);
    expect(said.out).not.toContain('missing  anthropic');
  });

  it('finds what is older than asked, and what is of no known day', async () => {
    const undated = { ...claude('invoice'), date: undefined };
    const all = jsonl(
      exact('reset', { date: '2020-01-01' }),
      exact('invoice', { date: '2999-01-01' }),
      claude('reset', '2999-01-01'),
      undated,
    );
    const fine = await listed(all);
    expect(fine.code).toBe(0);
    const said = await listed(all, '--older-than', '90d');
    expect(said.code).toBe(1);
    expect(said.out).toContain('stale    openai/gpt-4o: reset\n');
    expect(said.out).toContain('stale    anthropic/claude-3-5-haiku-latest: invoice\n');
  });

  it('names a model that answered in the place of the one that was asked', async () => {
    const said = await listed(
      jsonl(exact('reset', {}, 'gpt-4o-mini-2024-07-18'), exact('invoice')),
    );
    expect(said.code).toBe(0);
    expect(said.out).toContain('version  openai/gpt-4o: 1 recording of gpt-4o-mini-2024-07-18');
  });

  it('checks every file: lines, days, chunks, digests, samples', async () => {
    const broken: [recordings: string, flaw: string][] = [
      ['{', 'line 1: is not a JSON object'],
      [jsonl(exact('reset', { digest: 'a'.repeat(64) })), 'was changed after it was recorded'],
      [jsonl(exact('gone')), 'answers a sample that the workload does not have'],
      [jsonl(exact('reset', { date: '31.1.2026' })), 'date: expected a day like 2026-03-31'],
      [jsonl(exact('reset', { date: undefined })), 'neither where it comes from'],
    ];
    const { exchange } = exact('reset');
    const chunks = [{ bytes: 3 }];
    broken.push([
      jsonl(exact('reset', { exchange: { ...exchange, chunks } })),
      'chunks have 3 bytes',
    ]);
    for (const [recordings, flaw] of broken) {
      const said = await listed(recordings);
      expect(said.out).toContain('broken   desk.jsonl: ');
      expect(said.out).toContain(flaw);
      expect(said.code).toBe(1);
    }
    const both = await listed(`{\n${jsonl(exact('reset'), exact('gone'))}`);
    expect(both.out).toContain('desk.jsonl: line 1: is not a JSON object');
    expect(both.out).toContain('desk.jsonl: line 3 (openai/gpt-4o, gone): answers a sample');
    expect(both.out).toContain('missing  openai/gpt-4o: invoice\n');
    const dir = folderWith({ 'desk.yaml': workload });
    expect((await firedrill(words, dir)).out).toContain('broken   desk.jsonl: is not there\n');
  });

  it('prints the same as JSON', async () => {
    const said = await listed(jsonl(exact('reset')), '--json', '--chain', 'chain.yaml');
    const json: unknown = JSON.parse(said.out);
    expect(json).toMatchObject({
      workload: 'desk',
      samples: 2,
      files: [{ file: 'desk.jsonl', recordings: 1, digests: 0, flaws: [] }],
      targets: [
        { target: 'openai/gpt-4o', missing: ['invoice'], stale: [] },
        { target: 'anthropic/claude-3-5-haiku-latest', missing: ['reset', 'invoice'] },
      ],
    });
  });

  it('finds the shipped recordings sound', async () => {
    for (const name of ['support-desk', 'support-tools', 'support-forms']) {
      const said = await firedrill(['recordings', '--workload', name], join(import.meta.dirname));
      expect([name, said.code, said.out.includes('broken')]).toEqual([name, 0, false]);
    }
  });

  it.each([
    [['--workload', 'nobody'], 'unknown workload "nobody"'],
    [['--workload', 'ifeval'], 'ifeval keeps its answers outside'],
    [['--older-than', '5m'], 'expected a number of days, like 90d'],
    [['--older-than', 'old'], 'expected a number of days, like 90d'],
    [['--target', 'gpt-4o'], '--target gpt-4o: expected provider/model'],
    [['--chain', 'chain.ts'], 'there is no such chain file'],
    [['--chain', 'mine.ts'], 'targets are read from a .yaml chain'],
  ])('refuses %j', async (more, message) => {
    const files = { 'desk.yaml': workload, 'mine.ts': 'export default 1;\n' };
    expect(await mistake(files, ['recordings', ...more])).toContain(message);
  });
});

describe('the model that answered', () => {
  it('is read from whole bodies and from streams of every wire', () => {
    const bodies = [
      '{"model":"m-1"}',
      '{"modelVersion":"m-1"}',
      'data: {"model":"m-1"}\n\n',
      'event: message_start\ndata: {"type":"message_start","message":{"model":"m-1"}}\n\n',
      'event: x\ndata: {"type":"response.created","response":{"model":"m-1"}}\n\n',
    ];
    for (const text of bodies) {
      const { exchange } = exact('reset');
      const body = { text };
      expect(saidModel(exact('reset', { exchange: { ...exchange, body } }))).toBe('m-1');
    }
    const { exchange } = exact('reset');
    expect(saidModel(exact('reset', { exchange: { ...exchange, status: 404 } }))).toBe(null);
  });

  it('is a version of the name, or another model', () => {
    const named: [target: string, said: string, is: boolean][] = [
      ['openai/gpt-4o', 'gpt-4o', true],
      ['openai/gpt-4o', 'gpt-4o-2024-08-06', true],
      ['openai/gpt-4o', 'gpt-4o-mini', false],
      ['openai/gpt-4', 'gpt-4.1-2025-04-14', false],
      ['openai/gpt-4o-2024-08-06', 'gpt-4o-2024-11-20', false],
      ['anthropic/claude-3-5-haiku-latest', 'claude-3-5-haiku-20241022', true],
      ['google/gemini-2.5-flash', 'gemini-2.5-flash-preview-05-20', true],
      ['openrouter/openai/gpt-4o', 'openai/gpt-4o', true],
    ];
    for (const [target, said, is] of named) {
      expect([target, said, isNamed(target, said)]).toEqual([target, said, is]);
    }
  });
});
