import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { formats } from '../../harness/formats/index.ts';
import { formatContract } from './format.ts';

for (const [name, format] of Object.entries(formats)) formatContract(name, format);

it('has every format of the folder in the map, under the name of its file', async () => {
  const folder = new URL('../../harness/formats/', import.meta.url);
  const found: string[] = [];
  for (const file of readdirSync(folder)) {
    const module: Record<string, unknown> = await import(new URL(file, folder).href);
    const name = file.replace(/\.ts$/, '');
    const exported = module[camelCase(name)];
    if (typeof exported === 'object' && exported !== null && 'describe' in exported) {
      expect(exported).toBe(formats[name]);
      found.push(name);
    }
  }
  expect(found.sort()).toEqual(Object.keys(formats).sort());
});

it('gives every format a file of its own and one line that says what it is for', () => {
  const all = Object.values(formats);
  expect(new Set(all.map(({ file }) => file)).size).toBe(all.length);
  for (const { describe } of all) expect(describe).toMatch(/^\S[^\n]{10,90}$/);
});

function camelCase(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
