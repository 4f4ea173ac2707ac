// Who may answer a critical question, by a table of measured means.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseReferenceSettings } from '../../harness/chains/reference-config.ts';
import {
  anthropic,
  ask,
  chainOf,
  fakeProviders,
  inFakeTime,
  openai,
  question,
} from './fake-providers.ts';
import { chatStream, claudeStream, rejected } from './wire-events.ts';

const dir = mkdtempSync(join(tmpdir(), 'firedrill-quality-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const table = join(dir, 'measured.yaml');
writeFileSync(
  table,
  `
version: 1
workload: other-prompts
provenance: authored
targets:
  openai/gpt-4o:
    "*": { mean: 0.9, n: 20, ci95: [0.8, 0.95] }
    sums: { mean: 0.6, n: 10, ci95: [0.4, 0.8] }
  anthropic/claude-3-5-sonnet-latest:
    "*": { mean: 0.5, n: 20, ci95: [0.3, 0.7] }
    sums: { mean: 0.8, n: 10, ci95: [0.6, 0.9] }
`,
);

const yaml = `
targets: [openai/gpt-4o, anthropic/claude-3-5-sonnet-latest]
quality: { minimum: 0.6, critical: try-later, measured: ${table} }
`;
const polite = 'degrade: Please try again later.\n';

inFakeTime();

/** Asked while the primary is down or not. */
async function asked(of: {
  family?: string;
  critical?: boolean;
  down?: boolean;
  settings?: string;
}) {
  const { family = null, critical = true, down = false, settings = yaml + polite } = of;
  const first = down ? rejected(503) : chatStream('Par', 'is.');
  const seen = fakeProviders({ [openai]: [first], [anthropic]: [claudeStream('Ly', 'on.')] });
  const told = await ask(chainOf(settings), { question: { ...question, family, critical } });
  return { told, hosts: [...new Set(seen.map(({ host }) => host))] };
}

describe('a critical question', () => {
  it('is answered by a target that is good enough at its kind of task', async () => {
    const { told, hosts } = await asked({ family: 'sums', down: true });
    expect(told.text).toBe('Lyon.');
    expect(hosts).toEqual([openai, anthropic]);
  });

  it('gets the polite reply where the only target left is not', async () => {
    const { told, hosts } = await asked({ down: true });
    expect(told).toMatchObject({ text: 'Please try again later.', meta: { degraded: true } });
    expect(hosts).toEqual([openai]);
  });

  it('is judged by all tasks together where its kind was not measured', async () => {
    const { hosts } = await asked({ family: 'poems', down: true });
    expect(hosts).toEqual([openai]);
  });

  it('gets an error that says why where no target is good enough and there is no reply', async () => {
    const settings = yaml.replace('0.6,', '0.95,');
    const { told, hosts } = await asked({ settings });
    expect(told.error?.message).toBe(
      'No target answered: none is good enough for a critical question.',
    );
    expect(told.error).toMatchObject({ status: 503, attempts: [] });
    expect(hosts).toEqual([]);
  });

  it('passes over a primary that is not good enough', async () => {
    const { told, hosts } = await asked({ family: 'sums', settings: yaml.replace('0.6,', '0.7,') });
    expect(told).toMatchObject({
      text: 'Lyon.',
      meta: { served: expect.stringContaining('claude') },
    });
    expect(hosts).toEqual([anthropic]);
  });
});

it('any other question is better answered poorly than not at all', async () => {
  const { told } = await asked({ critical: false, down: true });
  expect(told.text).toBe('Lyon.');
});

describe('the table', () => {
  const read = (text: string, options = {}) => parseReferenceSettings(text, 'chain.yaml', options);

  it('has to say something about every target', () => {
    const text = `targets: [openai/gpt-4o, openai/gpt-4o-mini]\nquality: { minimum: 0.6, critical: try-later, measured: ${table} }\n`;
    expect(() => read(text)).toThrow(
      'chain.yaml:2: quality.measured: nothing in the table is about openai/gpt-4o-mini: ' +
        'measure it with firedrill portability --table',
    );
    // Which is how it gets into the table.
    expect(read(text, { floor: false }).quality).toBeNull();
  });

  it('has to have a mean of all tasks, for those that were not measured', () => {
    const file = join(dir, 'parts.yaml');
    const one = 'sums: { mean: 0.9, n: 20, ci95: null }';
    const head = 'version: 1\nworkload: w\nprovenance: authored\n';
    writeFileSync(file, `${head}targets: { openai/gpt-4o: { ${one} } }\n`);
    expect(() => read(yaml.replace(table, file))).toThrow(
      `${file}:4: targets.openai/gpt-4o: needs "*", the mean of all tasks together`,
    );
  });

  it('is told apart from a file that is none', () => {
    const file = join(dir, 'none.yaml');
    writeFileSync(file, 'version: 2\n');
    expect(() => read(yaml.replace(table, file))).toThrow(`${file}:1: version:`);
  });
});
