import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { checks } from '../harness/checks/index.ts';
import { faults } from '../harness/faults/index.ts';
import { jsonSchemas } from '../harness/json-schemas.ts';
import { packageRoot } from '../harness/project.ts';

const schemas = jsonSchemas();
const ajv = new Ajv2020({ strict: false, allErrors: true });
const read = (path: string): string => readFileSync(join(packageRoot, path), 'utf8');

const kinds: [kind: string, folder: string][] = [
  ['scenario', 'scenarios'],
  ['chain', 'fixtures/chains'],
  ['workload', 'fixtures/workloads'],
];
const files = kinds.flatMap(([kind, folder]) =>
  readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml') && !name.endsWith('unexpressed.yaml'))
    .map((name): [kind: string, file: string] => [kind, `${folder}/${name}`]),
);
files.push(['targets', 'fixtures/targets.yaml'], ['weights', 'fixtures/weights.yaml']);

describe('the JSON Schemas', () => {
  it.each(Object.keys(schemas))(
    'of a %s is the one that is committed (npm run schemas)',
    (kind) => {
      expect(JSON.parse(read(`docs/schemas/${kind}.schema.json`))).toEqual(schemas[kind]);
    },
  );

  it.each(files)('of a %s takes the shipped %s', (kind, file) => {
    const check = ajv.compile(schemas[kind] ?? false);
    expect(check(parse(read(file))), ajv.errorsText(check.errors)).toBe(true);
  });

  it.each(files)('of a %s is named where editors look: %s', (kind, file) => {
    const up = '../'.repeat(file.split('/').length - 1);
    const line = `# yaml-language-server: $schema=${up}docs/schemas/${kind}.schema.json`;
    expect(read(file).split('\n')[0]).toBe(line);
  });
});

/** Every property of a schema, at any depth, by its path. */
function propertiesOf(schema: unknown, path: string): [path: string, property: unknown][] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, member]) => {
    if (key !== 'properties' && key !== 'patternProperties') return propertiesOf(member, path);
    return Object.entries(member as object).flatMap(([name, property]) => [
      [`${path}.${name}`, property] as [string, unknown],
      ...propertiesOf(property, `${path}.${name}`),
    ]);
  });
}

it.each(['scenario', 'chain', 'workload', 'targets', 'weights'])(
  'every key of a %s is told',
  (kind) => {
    const all = propertiesOf(schemas[kind], kind);
    const silent = all.filter(([, property]) => !Object(property).description);
    expect(all.length).toBeGreaterThan(kind === 'weights' ? 2 : 15);
    expect(
      silent.map(([path]) => path),
      'write .describe(...) behind its type',
    ).toEqual([]);
  },
);

describe('the schema of a scenario', () => {
  const check = ajv.compile(schemas.scenario ?? false);
  const least = {
    name: 'least',
    description: 'x',
    workload: 'support-desk',
    arrival: { each: 'once' },
  };

  it.each(Object.values(faults).map(({ example }) => example))('takes the rule %s', (example) => {
    expect(check({ ...least, faults: [parse(example)] }), ajv.errorsText(check.errors)).toBe(true);
  });

  it.each([
    { fault: [] },
    { faults: [{ inject: 'server-eror' }] },
    { faults: [{ inject: 'server-error', retires: 3 }] },
    { faults: [{ inject: 'server-error', status: 200 }] },
    { thresholds: { availabilty: '>= 99%' } },
    { arrival: { rate: '1/s' } },
    { deadline: '3 s' },
    { faults: [{ inject: 'truncate', at: 'blok' }] },
    { faults: [{ inject: 'truncate', at: 'event 0' }] },
    { thresholds: { 'outcomes.truncatd': '== 0' } },
  ])('refuses %j', (wrong) => {
    expect(check({ ...least, ...wrong })).toBe(false);
  });
});

describe('the schema of a workload', () => {
  const takes = ajv.compile(schemas.workload ?? false);
  const least = { name: 'least', provenance: 'authored', recordings: 'least.jsonl' };
  const withCheck = (check: unknown) => ({
    ...least,
    samples: [{ id: 'one', prompt: 'Hello?', checks: [check] }],
  });

  it.each(Object.values(checks).map(({ example }) => example))('takes the check %s', (example) => {
    expect(takes(withCheck(parse(example))), ajv.errorsText(takes.errors)).toBe(true);
  });

  it.each(['{ contain: [x] }', '{ not: { contain: [x] } }', '{ sections: { head: x, min: 1 } }'])(
    'knows no check %s, at any depth',
    (wrong) => {
      expect(takes(withCheck(parse(wrong)))).toBe(false);
    },
  );
});
