// What users get wrong in their files: exit code 2, one line that names file, line and what may be
// written instead, nothing written. Chains that go wrong are in bad-chain.test.ts.
import { describe, expect, it } from 'vitest';
import { faults } from '../harness/faults/index.ts';
import { mistake } from './cli.ts';

const chain = { 'chain.ts': 'export default () => async () => "";\n' };
const head = 'name: x\ndescription: d\n';
const scenario = (more = '', arrival = '{ rate: 1/s, for: 2s }'): string =>
  `${head}workload: support-desk\narrival: ${arrival}\n${more}`;
const rule = (text: string): string => scenario(`faults:\n  - ${text}\n`);

const workload =
  'name: m\nprovenance: authored\nrecordings: r.jsonl\nsamples:\n  - { id: a, prompt: hi }\n';
const recording = '{"kind":"authored","sample":"a","target":"openai/gpt-4o","text":"x"}\n';
const own = {
  's.yaml': scenario().replace('support-desk', 'mine.yaml'),
  'mine.yaml': workload,
  'r.jsonl': recording,
};

const run = (...scenarios: string[]): string[] => ['run', ...scenarios, '--chain', 'chain.ts'];
const inScenario = (text: string): Promise<string> =>
  mistake({ ...chain, 's.yaml': text }, run('s.yaml'));

describe('a scenario', () => {
  it.each([
    [
      scenario('worklod: y\n'),
      /^s\.yaml:5: unknown key "worklod" \(did you mean workload\?\): write one of name, description, about, workload, arrival, repeat, deadline, floor, drain, faults, caller, canary, limits, expect, thresholds$/,
    ],
    [scenario('name: y\n'), /^s\.yaml:5: the key "name" is there twice/],
    [scenario('limits:\n\tattempts: 3\n'), /^s\.yaml:6: a tab cannot indent/],
    [scenario('limits: { attempt: 3 }\n'), /^s\.yaml:5: limits\.attempt: expected a duration/],
    [
      scenario('limits: { retries: 3 }\n'),
      /^s\.yaml:5: limits: unknown key "retries": write one of attempts, idle/,
    ],
    [
      scenario('deadline: 10\n'),
      /^s\.yaml:5: deadline: expected a duration like 250ms, 8s or 5m, found 10$/,
    ],
    [scenario('deadline: 10 sec\n'), /found "10 sec"$/],
    [scenario('floor: 60%\n'), /^s\.yaml:5: floor: expected a number, found "60%"$/],
    [
      scenario('repeat: { share: 120% }\n'),
      /^s\.yaml:5: repeat\.share: expected a share like 60% or 0\.6/,
    ],
    [
      scenario('', '{ rate: 1 per s, for: 2s }'),
      /^s\.yaml:4: arrival\.rate: expected a rate like 1\/s or 30\/m/,
    ],
    [scenario('', '{ rate: 1/s }'), /^s\.yaml:4: arrival\.for: is missing/],
    [
      scenario('', '{ burst: 0, every: 1m, for: 10m }'),
      /^s\.yaml:4: arrival\.burst: expected a number of at least 1, found 0$/,
    ],
    [scenario('', '{ burst: 30, for: 10m }'), /^s\.yaml:4: arrival\.every: is missing/],
    [
      scenario('', '{ burst: 30, every: 1s, for: 10m, within: 2s }'),
      /^s\.yaml:4: arrival\.within: is longer than `every`: one burst would run into the next$/,
    ],
    [scenario('canary: 10s\n'), /^s\.yaml:5: canary: expected a map, found "10s"$/],
    [
      scenario('canary: { every: 0s }\n'),
      /^s\.yaml:5: canary\.every: expected a duration above 0, .* found "0s"$/,
    ],
    [
      scenario('canary: { each: 10s }\n'),
      /^s\.yaml:5: canary: unknown key "each": write one of every \(and 1 more\)$/,
    ],
    [
      scenario('thresholds:\n  canary.latency_ms.p95: "<= 2s"\n'),
      /^s\.yaml:6: thresholds\.canary\.latency_ms\.p95: the scenario has no canary calls: write canary: \{ every: 10s \}$/,
    ],
    [
      scenario('', '1/s'),
      /^s\.yaml:4: arrival: expected how calls arrive, like \{ rate: 1\/s.*, found "1\/s"$/,
    ],
    [
      scenario('thresholds:\n  latency.p95: "<= 6s"\n'),
      /^s\.yaml:6: thresholds\.latency\.p95: unknown report field .*did you mean latency_ms\.p95\?\): write one of availability, /,
    ],
    [
      scenario('thresholds:\n  availability: 99%\n'),
      /^s\.yaml:6: thresholds\.availability: expected a bound like ">= 99%"/,
    ],
    [
      scenario('thresholds: { invariants: [I77] }\n'),
      /^s\.yaml:5: thresholds\.invariants: .*I01 to I28/,
    ],
    [`${head}arrival: { each: once }\n`, /^s\.yaml:1: workload: is missing: write a text$/],
    [
      scenario().replace('support-desk', 'support-dsk'),
      /^s\.yaml:3: unknown workload "support-dsk" \(did you mean support-desk\?\): write one of .*support-desk, /,
    ],
    [
      scenario().replace('support-desk', 'mine.yaml'),
      /^s\.yaml:3: there is no workload file mine\.yaml$/,
    ],
    ['', /^s\.yaml: expected a map, found nothing$/],
    ['- a\n- b\n', /^s\.yaml:1: expected a map, found a list$/],
    ['\u0000\u0001', /^s\.yaml: is binary, expected text$/],
    [`${scenario()}---\n${scenario()}`, /^s\.yaml:5: a second document begins here/],
  ])('%j', async (text, message) => expect(await inScenario(text)).toMatch(message));
});

describe('a rule of callers', () => {
  it.each([
    ['{ abort: soon }', /: expected a moment to abort at: a duration like 3s, .* found "soon"$/],
    ['{ abort: 3 }', /\.abort: expected a moment to abort at: .* found 3$/],
    ['{ abort: attempt 0 }', /\.abort: expected a moment .* found "attempt 0"$/],
    ['{ abort: 40 chars }', /\.abort: expected a moment .* found "40 chars"$/],
    ['{ deadline: 0s }', /\.deadline: expected a duration above 0, .* found "0s"$/],
    ['{ call: 3 }', /^s\.yaml:6: caller\.0: says nothing to do: write abort: 3s, or deadline: 5s$/],
    ['{ abort: 3s, deadline: 5s }', /\.deadline: goes not with `abort`: write two rules$/],
    ['{ abort: 3s, after: 2 }', /\.after: goes with abort: backoff only$/],
    ['{ deadline: 3s, into: 1s }', /\.into: goes with abort: backoff only$/],
    ['{ abort: backoff, after: 0 }', /\.after: expected a number of at least 1, found 0$/],
    ['{ abort: 3s, chance: 30 }', /\.chance: expected a share like 60% or 0\.6, found 30$/],
    [
      '{ abort: 3s, calls: 3 }',
      /unknown key "calls" \(did you mean call\?\): write one of abort, /,
    ],
    ['3s', /^s\.yaml:6: caller\.0: expected a map, found "3s"$/],
  ])('%s', async (text, message) => {
    expect(await inScenario(scenario(`caller:\n  - ${text}\n`))).toMatch(message);
  });
});

describe('a fault rule', () => {
  const names = Object.keys(faults).join(', ');

  it.each([
    [
      '{ inject: rate-limt }',
      `s.yaml:6: faults.0.inject: unknown fault "rate-limt" (did you mean rate-limit?): write one of ${names}`,
    ],
    [
      '{ inject: blackout }',
      `s.yaml:6: faults.0.inject: unknown fault "blackout": write one of ${names}`,
    ],
    ['rate-limit', 's.yaml:6: faults.0: expected a map, found "rate-limit"'],
  ])('%s', async (text, message) => expect(await inScenario(rule(text))).toBe(message));

  it.each([
    [
      '{ inject: rate-limit, retryafter: 2s }',
      /^s\.yaml:6: faults\.0: unknown key "retryafter" \(did you mean retryAfter\?\): write one of inject, on, /,
    ],
    [
      '{ inject: rate-limit, on: { vendor: x } }',
      /^s\.yaml:6: faults\.0\.on: unknown key "vendor": write one of provider, /,
    ],
    [
      '{ inject: server-error, status: "503" }',
      /^s\.yaml:6: faults\.0\.status: expected a number, found "503"$/,
    ],
    [
      '{ inject: stall, at: middle }',
      /^s\.yaml:6: faults\.0\.at: expected one of headers, first-event, .* found "middle"$/,
    ],
    [
      '{ inject: stall, chance: 30 }',
      /^s\.yaml:6: faults\.0\.chance: expected a share like 30%, or a ramp/,
    ],
    [
      'inject: stall\n    from: 5m\n    to: 2m',
      /^s\.yaml:8: faults\.0\.to: .*`to` must be after `from`$/,
    ],
    ['inject: stall\n    every: 5m', /^s\.yaml:6: faults\.0: `every` and `for` go together/],
  ])('%s', async (text, message) => expect(await inScenario(rule(text))).toMatch(message));
});

describe('a workload and its recordings', () => {
  it.each<[Record<string, string>, RegExp]>([
    [
      { 'mine.yaml': workload.replace('samples:\n  - { id: a, prompt: hi }', 'samples: []') },
      /mine\.yaml:4: samples: expected at least one sample$/,
    ],
    [
      { 'mine.yaml': `${workload}  - { id: a, prompt: again }\n` },
      /mine\.yaml:6: two samples are named "a"$/,
    ],
    [
      { 'mine.yaml': workload.replace('prompt', 'promt') },
      /mine\.yaml:5: samples\.0: unknown key "promt" \(did you mean prompt\?\)/,
    ],
    [
      { 'mine.yaml': workload.replace('hi }', 'hi, checks: [{ contans: [x] }] }') },
      /mine\.yaml:5: samples\.0\.checks\.0: unknown check "contans" \(did you mean contains\?\)/,
    ],
    [
      { 'mine.yaml': workload.replace('r.jsonl', 'q.jsonl') },
      /mine\.yaml:3: recordings: there is no file q\.jsonl$/,
    ],
    [
      { 'r.jsonl': '' },
      /^s\.yaml:3: the workload "mine\.yaml" has no recordings: nothing can be answered$/,
    ],
    [
      { 'r.jsonl': `${recording}{"kind":"auth` },
      /r\.jsonl:2: is not a JSON object: one recording a line$/,
    ],
    [{ 'r.jsonl': '[]' }, /r\.jsonl:1: expected a map, found an empty list$/],
    [
      { 'r.jsonl': recording.replace('authored', 'invented') },
      /r\.jsonl:1: kind: expected one of authored, .*recorded.*, found "invented"/,
    ],
    [
      { 'r.jsonl': recording.replace('"text"', '"txt"') },
      /r\.jsonl:1: unknown key "txt" \(did you mean text\?\): write one of kind, sample/,
    ],
    [
      { 'r.jsonl': recording.replace('openai/gpt-4o', 'gpt-4o') },
      /r\.jsonl:1: target: expected provider\/model/,
    ],
    [
      { 'r.jsonl': recording.replace('"a"', '"b"') },
      /mine\.yaml:3: r\.jsonl has an answer to "b", no sample here$/,
    ],
    [{ 'r.jsonl': 'x\u0000' }, /r\.jsonl: is binary, expected text$/],
  ])('%j', async (changed, message) => {
    expect(await mistake({ ...chain, ...own, ...changed }, run('s.yaml'))).toMatch(message);
  });
});
