import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { faults } from '../../harness/faults/index.ts';
import { faultContract } from './fault.ts';
import { variants } from './fault-variants.ts';

/** Not faults, but what faults share. */
const shared = [
  'bucket',
  'effect',
  'event-place',
  'fault',
  'hint',
  'index',
  'limit-scope',
  'rejecting',
  'rejection',
  'status-reasons',
  'word-or-null',
];

for (const fault of Object.values(faults)) faultContract(fault, variants[fault.kind]);

it('has every file of the folder in the map, under the name of its file', () => {
  const files = readdirSync(new URL('../../harness/faults', import.meta.url))
    .map((file) => file.replace(/\.ts$/, ''))
    .filter((name) => !shared.includes(name));
  expect(Object.keys(faults).sort()).toEqual(files.sort());
  for (const [name, fault] of Object.entries(faults)) expect(fault.kind).toBe(name);
});

it('has variants of faults that there are', () => {
  expect(Object.keys(variants).filter((kind) => !Object.hasOwn(faults, kind))).toEqual([]);
});
