import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { wires } from '../../harness/wires/index.ts';

it('every wire in the folder is in the map, under its own name and file name', async () => {
  const folder = new URL('../../harness/wires/', import.meta.url);
  for (const file of readdirSync(folder)) {
    for (const found of Object.values(await import(new URL(file, folder).href))) {
      if (typeof Object(found).classify !== 'function') continue;
      expect(Object.values(wires)).toContain(found);
      expect(file).toBe(`${Object(found).name}.ts`);
    }
  }
  for (const [name, wire] of Object.entries(wires)) expect(wire.name).toBe(name);
});
