import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { dialectNames } from '../../harness/dialects/dialect-name.ts';
import { dialects } from '../../harness/dialects/index.ts';

it('every dialect in the folder is in the map, under its own name and file name', async () => {
  const folder = new URL('../../harness/dialects/', import.meta.url);
  for (const file of readdirSync(folder)) {
    for (const found of Object.values(await import(new URL(file, folder).href))) {
      if (typeof Object(found).reject !== 'function') continue;
      expect(Object.values(dialects)).toContain(found);
      expect(file).toBe(`${Object(found).name}.ts`);
    }
  }
  for (const [name, dialect] of Object.entries(dialects)) expect(dialect.name).toBe(name);
  expect(Object.keys(dialects)).toEqual([...dialectNames]);
});
