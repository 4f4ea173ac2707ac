import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../harness/errors.ts';
import type { Plan, PlanInput } from '../../harness/run/plan.ts';
import { makePlan } from '../../harness/run/plan.ts';
import { folderWith, write } from '../cli.ts';

const scenario = (name: string, more = ''): string =>
  `name: ${name}\ndescription: d\nworkload: mine.yaml\narrival: { each: once }\n${more}`;

const files = {
  'a.yaml': scenario('a'),
  'b.yaml': scenario('b', 'faults: [{ inject: error-event }]\n'),
  'mine.yaml':
    'name: mine\nprovenance: authored\nrecordings: r.jsonl\nsamples: [{ id: s, prompt: p }]\n',
  'r.jsonl': '{"kind":"authored","sample":"s","target":"openai/gpt-4o","text":"hello"}\n',
  'chain.mjs': 'export default () => async () => "x";\n',
  'targets.yaml': 'hosts: []\nmodels: {}\n',
};

function plan(dir: string, more: Partial<PlanInput> = {}): Plan {
  return makePlan({
    chainFile: join(dir, 'chain.mjs'),
    scenarioFiles: [join(dir, 'a.yaml'), join(dir, 'b.yaml')],
    targetsFiles: [join(dir, 'targets.yaml')],
    seed: 1,
    trials: 2,
    cwd: dir,
    ...more,
  });
}

describe('a plan', () => {
  it('has every trial of every scenario, each twin behind its trial', () => {
    const { jobs, scenarios } = plan(folderWith(files));
    expect(scenarios.map(({ file }) => file)).toEqual(['a.yaml', 'b.yaml']);
    expect(jobs.map(({ scenario, trial, twin }) => [scenario, trial, twin])).toEqual([
      [0, 1, null],
      [0, 2, null],
      [1, 1, null],
      [1, 1, 'status'],
      [1, 1, 'words'],
      [1, 1, 'chunks'],
      [1, 2, null],
      [1, 2, 'status'],
      [1, 2, 'words'],
      [1, 2, 'chunks'],
    ]);
    expect(jobs.map(({ index }) => index)).toEqual(jobs.map((_, index) => index));
  });

  it('has no other reads for a chain that says that it does not stream', () => {
    const yaml = 'targets: [openai/gpt-4o]\nstream: false\n';
    const dir = folderWith({ ...files, 'whole.yaml': yaml });
    const { jobs } = plan(dir, { chainFile: join(dir, 'whole.yaml'), trials: 1 });
    expect(jobs.map(({ twin }) => twin)).toEqual([null, null, 'status', 'words']);
  });

  it('is the same for the same input', () => {
    const dir = folderWith(files);
    const [one, other] = [plan(dir), plan(folderWith(files))];
    expect(other.fingerprint).toBe(one.fingerprint);
    expect(other.jobs).toEqual(one.jobs);
  });
});

describe('a provider that nobody knows', () => {
  const on = (provider: string): Record<string, string> => ({
    ...files,
    'b.yaml': scenario('b', `faults:\n  - inject: noop\n    on:\n      provider: ${provider}\n`),
  });

  it('is a mistake where a known one is nearly the same', () => {
    expect(() => plan(folderWith(on('opnai')))).toThrow(
      new InputError('unknown provider "opnai" (did you mean openai?): write one of openai', {
        file: 'b.yaml',
        line: 8,
      }),
    );
  });

  it('may be one of the chain: it is met or reported as not met', () => {
    expect(() => plan(folderWith(on('my-gateway')))).not.toThrow();
  });
});

describe('a region that no host is in', () => {
  it('is a mistake where a known one is nearly the same', () => {
    const targets = 'hosts: [{ host: h.com, provider: p, region: europe }]\nmodels: {}\n';
    const on = (region: string): string =>
      scenario('b', `faults:\n  - { inject: noop, on: { region: ${region} } }\n`);
    const dir = folderWith({ ...files, 'targets.yaml': targets, 'b.yaml': on('[europa]') });
    expect(() => plan(dir)).toThrow(
      'b.yaml:6: unknown region "europa" (did you mean europe?): write one of europe',
    );
    write(dir, { 'b.yaml': on('asia') });
    expect(() => plan(dir)).not.toThrow();
    // A chain in YAML says which regions it has.
    const chain =
      'targets:\n  - { model: openai/gpt-4o, region: europa, baseURL: "https://x/v1" }\n';
    write(dir, { 'b.yaml': on('europa'), 'chain.yaml': chain });
    expect(() => plan(dir, { chainFile: join(dir, 'chain.yaml') })).not.toThrow();
    // A remark in it does not.
    write(dir, { 'chain.yaml': 'targets: [openai/gpt-4o] # no region: europa\n' });
    expect(() => plan(dir, { chainFile: join(dir, 'chain.yaml') })).toThrow(
      'unknown region "europa"',
    );
  });
});

describe('a bound on what nobody has', () => {
  const targets = `hosts: [{ host: api.openai.com, provider: openai }]\nmodels: {}\n`;
  const planned = (path: string, more: Record<string, string> = {}): Plan => {
    const bound = scenario('b', `thresholds:\n  calls: ">= 1"\n  ${path}: "<= 50%"\n`);
    const text = path.startsWith('peak') ? bound.replace('50%', '5') : bound;
    return plan(folderWith({ ...files, 'targets.yaml': targets, 'b.yaml': text, ...more }));
  };

  it.each([
    [
      'peak_attempts_per_s.opanai',
      'unknown provider "opanai" (did you mean openai?): write one of openai',
    ],
    [
      'peak_attempts_per_s.openai/gpt-4o',
      'attempts are counted by provider: write peak_attempts_per_s.openai',
    ],
    [
      'served_by.openai',
      'answers are counted by target, provider and model: write served_by.openai/gpt-4o',
    ],
    [
      'served_by.gpt-4o',
      'answers are counted by target, provider and model: write served_by.openai/gpt-4o',
    ],
    [
      'served_by.openai/gpt-4p',
      'unknown target "openai/gpt-4p" (did you mean openai/gpt-4o?): write one of openai/gpt-4o, ' +
        'cache, degraded',
    ],
    [
      'served_by.cahce',
      'unknown target "cahce" (did you mean cache?): write one of openai/gpt-4o, cache, degraded',
    ],
  ])('is refused where it stands: %s', (path, message) => {
    expect(() => planned(path)).toThrow(new InputError(message, { file: 'b.yaml', line: 7 }));
  });

  it.each(['served_by.openai/gpt-4o', 'served_by.cache', 'served_by.degraded'])(
    'is none where somebody has it: %s',
    (path) => {
      expect(() => planned(path)).not.toThrow();
    },
  );

  it('may be on a model that only the chain names', () => {
    const chain = 'export default () => async () => ask("gpt-4p");\n';
    expect(() => planned('served_by.openai/gpt-4p', { 'chain.mjs': chain })).not.toThrow();
    expect(() => planned('peak_attempts_per_s.openai')).not.toThrow();
  });
});

describe('the fingerprint', () => {
  it.each([
    ['chain.mjs', 'export default () => async () => "y";\n'],
    ['a.yaml', scenario('a', 'deadline: 9s\n')],
    ['mine.yaml', files['mine.yaml'].replace('prompt: p', 'prompt: q')],
    ['r.jsonl', files['r.jsonl'].replace('hello', 'other')],
    ['targets.yaml', 'hosts: [{ host: h, provider: p }]\nmodels: {}\n'],
  ])('changes with %s', (name, text) => {
    const dir = folderWith(files);
    const before = plan(dir).fingerprint;
    write(dir, { [name]: text });
    expect(plan(dir).fingerprint).not.toBe(before);
  });

  it('changes with the seed and the number of trials', () => {
    const dir = folderWith(files);
    const prints = [plan(dir), plan(dir, { seed: 2 }), plan(dir, { trials: 3 })];
    expect(new Set(prints.map(({ fingerprint }) => fingerprint)).size).toBe(3);
  });
});

describe('a plan is refused', () => {
  it.each<[string, Record<string, string>, RegExp]>([
    [
      'two scenarios of one name',
      { 'b.yaml': scenario('a') },
      /^b\.yaml:1: the name "a" is taken by a\.yaml$/,
    ],
    [
      'an unknown workload',
      { 'a.yaml': files['a.yaml'].replace('mine.yaml', 'support-dsk') },
      /^a\.yaml:3: unknown workload "support-dsk" \(did you mean support-desk\?\)/,
    ],
    [
      'a workload file that is not there',
      { 'b.yaml': scenario('b').replace('mine', 'yours') },
      /^b\.yaml:3: there is no workload file yours\.yaml$/,
    ],
    [
      'a rule that answers for a target without recordings',
      { 'a.yaml': `${files['a.yaml']}faults:\n  - { inject: wrong-answer, of: openai/gpt-9 }\n` },
      /^a\.yaml:\d+: unknown recorded target "openai\/gpt-9".*write.*openai\/gpt-4o/,
    ],
    [
      'a workload without recordings',
      { 'r.jsonl': '\n' },
      /^a\.yaml:3: the workload "mine\.yaml" has no recordings: nothing can be answered$/,
    ],
    [
      'recordings that are not there',
      { 'mine.yaml': files['mine.yaml'].replace('r.jsonl', 'q.jsonl') },
      /mine\.yaml:3: recordings: there is no file q\.jsonl$/,
    ],
    [
      'targets that cannot be read',
      { 'targets.yaml': 'hosts: []\nmodel: {}\n' },
      /^targets\.yaml:2: unknown key "model" \(did you mean models\?\)/,
    ],
  ])('for %s', (_, changed, message) => {
    const dir = folderWith({ ...files, ...changed });
    expect(() => plan(dir)).toThrow(InputError);
    expect(() => plan(dir)).toThrow(message);
  });

  it('for a chain that is not there, and without any scenario', () => {
    const dir = folderWith(files);
    expect(() => plan(dir, { chainFile: join(dir, 'no.ts') })).toThrow(
      /^no\.ts: there is no such chain file$/,
    );
    expect(() => plan(dir, { scenarioFiles: [] })).toThrow(/there is no scenario to run/);
    expect(() => plan(dir, { chainFile: resolve(dir) })).toThrow(InputError);
  });
});
