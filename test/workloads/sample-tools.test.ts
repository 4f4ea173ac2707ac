// Workloads with tools, as they are read: what is wrong is told before anything is drilled.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadYamlWorkload } from '../../harness/workloads/yaml-workload.ts';

const dir = mkdtempSync(join(tmpdir(), 'sample-tools-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const target = 'openai/gpt-4o';
const find = { name: 'find', description: 'Finds it', result: 'here' };
const calling = {
  kind: 'authored',
  sample: 'a',
  target,
  text: '',
  toolCalls: [{ name: 'find', arguments: {} }],
};
const final = { kind: 'authored', sample: 'a', target, turn: 2, text: 'It is here.' };

function load(tools: unknown, recordings: unknown[]) {
  const sample = { id: 'a', prompt: 'Where?', ...(tools === undefined ? {} : { tools }) };
  const workload = { name: 'w', provenance: 'authored', recordings: 'r.jsonl', samples: [sample] };
  writeFileSync(join(dir, 'w.yaml'), JSON.stringify(workload));
  writeFileSync(join(dir, 'r.jsonl'), recordings.map((one) => JSON.stringify(one)).join('\n'));
  return loadYamlWorkload(join(dir, 'w.yaml'));
}

describe('the tools of a sample', () => {
  it('have one result or several, and take anything unless they say what', () => {
    const several = { ...find, name: 'ask', result: undefined, results: ['no', 'yes'] };
    expect(load([find, several], [calling, final]).samples[0]?.tools).toEqual([
      {
        name: 'find',
        description: 'Finds it',
        parameters: { type: 'object', properties: {} },
        results: ['here'],
      },
      expect.objectContaining({ name: 'ask', results: ['no', 'yes'] }),
    ]);
    expect(load(undefined, []).samples[0]).not.toHaveProperty('tools');
  });

  it.each<[string, unknown, RegExp]>([
    ['no result', [{ ...find, result: undefined }], /needs either result .* or results/],
    ['both', [{ ...find, results: ['x'] }], /needs either result .* or results/],
    [
      'a name with a space',
      [{ ...find, name: 'find it' }],
      /expected the name of a tool, like find_order/,
    ],
    ['the same name twice', [find, find], /has two tools of one name/],
    [
      'parameters that are no object',
      [{ ...find, parameters: { type: 'string' } }],
      /needs type: object/,
    ],
    ['parameters that are a list', [{ ...find, parameters: [] }], /expected a JSON Schema like/],
    ['an unknown key', [{ ...find, reslt: 'x' }], /unknown key "reslt"/],
  ])('are refused with %s', (_, tools, words) => {
    expect(() => load(tools, [])).toThrow(words);
  });
});

describe('the recordings of sessions', () => {
  it.each<[string, unknown, unknown[], RegExp]>([
    ['no tools in the sample', undefined, [final], /is for turn 2, but the sample has no tools/],
    [
      'calls without tools',
      undefined,
      [calling],
      /calls the tool "find", which the sample does not have: its tools are none/,
    ],
    [
      'a tool of another name',
      [{ ...find, name: 'look' }],
      [calling, final],
      /calls the tool "find", which the sample does not have: its tools are look/,
    ],
    [
      'no next turn',
      [find],
      [calling],
      /calls a tool in turn 1, but there is no recording with turn: 2/,
    ],
    [
      'no next turn after two calls',
      [find],
      [{ ...calling, toolCalls: [...calling.toolCalls, ...calling.toolCalls] }, final],
      /calls 2 tools in turn 1, but there is no recording with turn: 3/,
    ],
    ['turn 0', [find], [{ ...final, turn: 0 }], /turn/],
    ['no calls in the list', [find], [{ ...calling, toolCalls: [] }, final], /at least one call/],
  ])('are refused with %s', (_, tools, recordings, words) => {
    expect(() => load(tools, recordings)).toThrow(words);
  });
});
