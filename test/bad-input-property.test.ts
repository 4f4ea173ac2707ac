// Broken files of every kind: what reads them either reads them or throws an InputError of one
// line. No crash, no stack, no other error, whatever the bytes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseReferenceSettings } from '../harness/chains/reference-config.ts';
import { InputError } from '../harness/errors.ts';
import { shippedTargets } from '../harness/project.ts';
import { parseScenario } from '../harness/scenario/scenario.ts';
import { parseYaml } from '../harness/scenario/yaml-file.ts';
import { readRecordings } from '../harness/upstream/recording.ts';
import { targetsSchema } from '../harness/upstream/targets.ts';
import { workloadSchema } from '../harness/workloads/yaml-workload.ts';
import { filesIn, firedrill, folderWith, write } from './cli.ts';

const scenario = `name: primary-outage
description: OpenAI answers 503 for ten minutes and comes back in steps
workload: support-desk
arrival: { rate: 1/s, for: 25m, spread: poisson }
repeat: { share: 15%, zipf: 1.1 }
deadline: 10s
floor: 0.6
faults:
  - { inject: server-error, status: 503, on: { provider: openai }, from: 5m, to: 15m }
  - inject: rate-limit
    retryAfter: 2s
    on: { model: [gpt-4o, gpt-4o-mini], wire: openai-chat, stream: true }
    chance: 60% -> 0%
    from: 15m
    to: 18m
    attempt: 1..2
caller:
  - { abort: backoff, after: 2, into: 50ms, chance: 20% }
  - { deadline: 5s, call: [1, 4] }
canary: { every: 30s }
limits: { attempts: 4, deadline: 20s }
thresholds:
  availability: ">= 99%"
  canary.latency_ms.p95: "<= 2s"
  latency_ms.p95: "<= 6s"
  invariants: [I01, I05]
`;

const chain = `targets: [openai/gpt-4o, anthropic/claude-3-5-sonnet-latest, openai/gpt-4o-mini]
attempt: { timeout: 8s, firstToken: 5s, idle: 3s }
deadline: 20s
retry: { max: 1, backoff: 250ms..4s, jitter: full, hintCap: 3s }
afterPayload: continue
cache: { exact: true }
degrade: "The assistant is unavailable right now."
`;

const workload = `name: mine
provenance: authored
recordings: [a.jsonl, b.jsonl]
samples:
  - id: one
    family: sums
    critical: true
    system: Be brief.
    prompt: What is 1 + 1?
    schema: { type: object }
    checks: [{ contains: ["2"] }, { words: { max: 9 }, weight: 2 }]
  - { id: two, prompt: "{{ticket}} again" }
`;

const readers: Record<string, { text: string; read(text: string): unknown }> = {
  scenario: { text: scenario, read: (text) => parseScenario(text, 'f.yaml') },
  chain: { text: chain, read: (text) => parseReferenceSettings(text, 'f.yaml') },
  workload: { text: workload, read: (text) => parseYaml(text, 'f.yaml', workloadSchema) },
  targets: {
    text: readFileSync(shippedTargets, 'utf8'),
    read: (text) => parseYaml(text, 'f.yaml', targetsSchema),
  },
};

/** One change to a text, as slips of the hand and of the tools are. */
type Change = (text: string) => string;

const at = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const word = fc.oneof(
  fc.constantFrom(
    '',
    'null',
    '~',
    '0',
    '-1',
    '1e400',
    '.nan',
    '.inf',
    'true',
    '[]',
    '{}',
    '[[[',
    '{{',
    '"',
    "'",
  ),
  fc.constantFrom(
    '*x',
    '&x',
    '<<: *x',
    '!!binary x',
    '---',
    '...',
    '%YAML 9',
    '|',
    '>',
    '? a',
    '__proto__: 1',
    '\t',
  ),
  fc.constantFrom(
    '1s',
    '99%',
    '5/s',
    'openai/gpt-4o',
    '1..',
    'x -> y',
    'constructor',
    '9'.repeat(400),
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
);

function onLines(change: (lines: string[], index: number) => string[]) {
  return at.map(
    (place): Change =>
      (text) => {
        const lines = text.split('\n');
        return change(lines, Math.floor(place * lines.length)).join('\n');
      },
  );
}

const change: fc.Arbitrary<Change> = fc.oneof(
  onLines((lines, i) => lines.toSpliced(i, 1)),
  onLines((lines, i) => lines.toSpliced(i, 0, lines[i] ?? '')),
  onLines((lines, i) => lines.with(i, ` ${lines[i]}`)),
  onLines((lines, i) => lines.with(i, `\t${lines[i]}`)),
  onLines((lines, i) => lines.with(i, (lines[i] ?? '').trimStart())),
  onLines((lines, i) => lines.slice(0, i)),
  fc.tuple(at, word).map(
    ([place, put]): Change =>
      (text) => {
        const from = Math.floor(place * text.length);
        return text.slice(0, from) + put + text.slice(from);
      },
  ),
  fc.tuple(at, word).map(
    ([place, put]): Change =>
      (text) => {
        const from = Math.floor(place * text.length);
        return text.slice(0, from) + text.slice(from).replace(/[\w./%-]+/, () => put);
      },
  ),
);

const changes = fc.array(change, { minLength: 1, maxLength: 4 });
const applied = (text: string, list: Change[]): string =>
  list.reduce((done, one) => one(done), text);

/** Reads, or throws what a person can be told. */
function readsOrTells(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(error.message).not.toMatch(/\n|\bat .*:\d+:\d+|undefined|\[object/);
    expect(error.message.length).toBeLessThan(2000);
    expect(error.place).toBeDefined();
  }
}

describe.each(Object.entries(readers))('a %s', (_, { text, read }) => {
  it('that is right can be read', () => expect(read(text)).toBeDefined());

  it('that is changed is read, or told in one line', () => {
    fc.assert(
      fc.property(changes, (list) => readsOrTells(() => read(applied(text, list)))),
      { numRuns: 400 },
    );
  });

  it('of any words at all is read, or told in one line', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.json(),
      fc.array(word).map((list) => list.join('\n')),
    );
    fc.assert(
      fc.property(anything, (words) => readsOrTells(() => read(words))),
      { numRuns: 200 },
    );
  });

  it('whose values are of any other type is told in one line', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...(text.match(/^\w+/gm) ?? [])), fc.jsonValue()),
        (given) => readsOrTells(() => read(JSON.stringify(given))),
      ),
      { numRuns: 200 },
    );
  });
});

it('recordings that are changed are read, or told in one line', () => {
  const dir = folderWith();
  const file = join(dir, 'r.jsonl');
  const exchange = {
    status: 200,
    headers: [['content-type', 'application/json']],
    body: { text: '{}' },
  };
  const lines = [
    { kind: 'authored', sample: 'a', target: 'openai/gpt-4o', text: 'x', finish: 'stop' },
    { kind: 'recorded', sample: 'a', target: 'openai/gpt-4o', wire: 'openai-chat', exchange },
  ];
  const text = lines.map((line) => JSON.stringify(line)).join('\n');
  fc.assert(
    fc.property(changes, (list) => {
      write(dir, { 'r.jsonl': applied(text, list) });
      readsOrTells(() => readRecordings(file));
    }),
    { numRuns: 200 },
  );
});

it('no broken scenario gets further than a message and exit code 2', async () => {
  const dir = folderWith({ 'chain.ts': 'export default () => async () => "";\n' });
  const broken = changes.map((list) => applied(scenario, list)).filter(isBroken);
  await fc.assert(
    fc.asyncProperty(broken, async (text) => {
      write(dir, { 's.yaml': text });
      const before = filesIn(dir);
      const { code, out, err } = await firedrill(['run', 's.yaml', '--chain', 'chain.ts'], dir);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toMatch(/^firedrill: s\.yaml(:\d+)?: [^\n]+\n$/);
      expect(filesIn(dir)).toEqual(before);
    }),
    { numRuns: 150 },
  );
});

function isBroken(text: string): boolean {
  try {
    parseScenario(text, 's.yaml');
    return false;
  } catch {
    return true;
  }
}
