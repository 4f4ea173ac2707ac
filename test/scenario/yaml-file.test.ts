import { mkdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { InputError } from '../../harness/errors.ts';
import { parseYaml, placeIn, readText, readYaml } from '../../harness/scenario/yaml-file.ts';
import { folderWith } from '../cli.ts';

const schema = z.strictObject({
  name: z.string(),
  list: z.array(z.strictObject({ a: z.number() })).optional(),
});

function told(text: string): string {
  try {
    return `read ${JSON.stringify(parseYaml(text, 'f.yaml', schema))}`;
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return error instanceof Error ? error.message : '';
  }
}

describe('a mistake is told with its line', () => {
  it.each([
    ['name: x\nlist:\n  - a: 1\n  - a: b\n', 'f.yaml:4: list.1.a: expected a number, found "b"'],
    [
      'name: x\nlist:\n  - a: 1\n  - { a: 1, b: 2 }\n',
      'f.yaml:4: list.1: unknown key "b": write one of a',
    ],
    ['# a comment\n\nlist: []\n', 'f.yaml:3: name: is missing: write a text'],
    ['name: x\nlist: 5\nmore: 1\n', 'f.yaml:2: list: expected a list, found 5 (and 1 more)'],
    ['name: x\nname: y\n', 'f.yaml:2: the key "name" is there twice: keep one'],
    ['name: x\nlist:\n\t- a: 1\n', 'f.yaml:3: a tab cannot indent: write spaces'],
    ['name: x\n---\nname: y\n', 'f.yaml:2: a second document begins here: a file holds one'],
    ['name: !!js/function "x"\n', 'f.yaml:1: a tag is not read: write a plain value'],
    ['', 'f.yaml: expected a map, found nothing'],
    ['# nothing here\n', 'f.yaml: expected a map, found nothing'],
    ['name\n', 'f.yaml:1: expected a map, found "name"'],
    ['- name\n', 'f.yaml:1: expected a map, found a list'],
    [`name: ${'['.repeat(20_000)}`, 'f.yaml:1: is nested too deeply'],
    ['name: *nobody\n', /^f\.yaml: .*nobody/],
    ['name: "x\n', /^f\.yaml:\d: Missing closing "quote/],
    ['name: {x\n', /^f\.yaml:\d: /],
    ['<<: { name: x }\n', /^f\.yaml:1: unknown key "<<"/],
    ['__proto__: { name: x }\n', /^f\.yaml:1: unknown key "__proto__"/],
    ['{ name: x }: 1\n', /^f\.yaml:1: unknown key/],
  ])('%j', (text, message) => {
    if (typeof message === 'string') expect(told(text)).toBe(message);
    else expect(told(text)).toMatch(message);
    expect(told(text)).not.toContain('\n');
  });
});

it('refuses aliases that grow without bound', () => {
  const level = (name: string, of: string): string =>
    `${name}: &${name} [${`*${of},`.repeat(9)}*${of}]\n`;
  const text = `a: &a [x, x]\n${level('b', 'a')}${level('c', 'b')}${level('d', 'c')}${level('e', 'd')}`;
  expect(told(text)).toMatch(/^f\.yaml: .*alias/i);
});

it('reads what is right, whatever its line ends and its byte order mark', () => {
  expect(told('name: x\r\nlist:\r\n  - a: 1\r\n')).toBe('read {"name":"x","list":[{"a":1}]}');
  const dir = folderWith({ 'bom.yaml': '\uFEFFname: x\n' });
  expect(readYaml(join(dir, 'bom.yaml'), schema)).toEqual({ name: 'x' });
});

describe('a file', () => {
  it.each([
    ['missing', /missing: there is no such file$/],
    ['text/below', /text\/below: there is no such file$/],
    ['folder', /folder: is not a file$/],
    ['binary', /binary: is binary, expected text$/],
    ['sparse', /sparse: is 100 MB; at most 10 MB can be read$/],
  ])('that is %s is refused before it is read', (name, message) => {
    const dir = folderWith({ text: 'x', binary: Uint8Array.of(97, 0, 98), sparse: '' });
    mkdirSync(join(dir, 'folder'));
    truncateSync(join(dir, 'sparse'), 100 * 1024 * 1024);
    expect(() => readText(join(dir, name))).toThrow(InputError);
    expect(() => readText(join(dir, name))).toThrow(message);
    expect(() => readText(join(dir, name), 'shown.yaml')).toThrow(/^shown\.yaml: /);
  });
});

it('knows the line of any path in a text that has been read', () => {
  const text = 'name: x\nlist:\n  - a: 1\n  - a: 2\n';
  expect(placeIn(text, 'f.yaml', ['list', 1, 'a'])).toEqual({ file: 'f.yaml', line: 4 });
  expect(placeIn(text, 'f.yaml', ['list', 1, 'none'])).toEqual({ file: 'f.yaml', line: 4 });
  expect(placeIn(text, 'f.yaml', [])).toEqual({ file: 'f.yaml', line: 1 });
  expect(placeIn('', 'f.yaml', ['name'])).toEqual({ file: 'f.yaml' });
});
