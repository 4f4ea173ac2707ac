import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { importers } from '../../harness/importers/index.ts';
import { readExchanges } from '../../harness/importers/read-exchanges.ts';
import { inputError } from './support.ts';

const dir = mkdtempSync(join(tmpdir(), 'firedrill-exchanges-'));
afterAll(() => rmSync(dir, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
}

const ask = 'method: GET, headers: {}, body: null';
const vcrpyText = `interactions:
- request:
    {uri: 'https://x.test/', ${ask}}
  response: {status: {code: 200}, headers: {}, body: {string: ok}}
`.replace(`\n    {uri: 'https://x.test/', ${ask}}`, `\n    uri: https://x.test/\n    method: GET`);

describe('readExchanges', () => {
  it('recognises a format by what is written, not by the name of the file', () => {
    const { format, exchanges } = readExchanges(file('odd.txt', `\uFEFF${vcrpyText}`));
    expect(format).toBe('vcrpy');
    expect(exchanges).toHaveLength(1);
  });

  it('names every known format where none fits', () => {
    const path = file('notes.yaml', 'some: notes\n');
    const message = inputError(() => readExchanges(path));
    expect(message).toContain(`${path}: is no recording`);
    for (const name of Object.keys(importers)) expect(message).toContain(`\n  ${name}: `);
  });

  it.each([
    ['an empty file', '\n', 'is empty'],
    ['a cassette without exchanges', 'http_interactions: []\n', 'holds no exchange'],
    ['a packed file', gzipSync(vcrpyText), 'is compressed: unpack it first'],
    ['a binary file', Uint8Array.of(65, 0, 66), 'is binary'],
    ['text that is not UTF-8', Uint8Array.of(65, 0xe9, 66), 'is not UTF-8'],
    ['a file above 50 MB', new Uint8Array(50 * 1024 * 1024 + 1), 'the limit is 50 MB'],
  ])('refuses %s', (_title, content, message) => {
    expect(inputError(() => readExchanges(file('in.yaml', content)))).toContain(message);
  });

  it('refuses folders and files that are missing', () => {
    expect(inputError(() => readExchanges(dir))).toContain('is not a file');
    expect(inputError(() => readExchanges(join(dir, 'gone')))).toContain('cannot be read: ENOENT');
  });

  it('has each importer of the folder in its map, under its own name', async () => {
    const folder = join(import.meta.dirname, '../../harness/importers');
    const found: string[] = [];
    for (const name of readdirSync(folder)) {
      const module: Record<string, unknown> = await import(join(folder, name));
      const isImporter = Object.values(module).some(
        (value) => typeof value === 'object' && value !== null && 'recognises' in value,
      );
      if (isImporter) found.push(basename(name, '.ts'));
    }
    expect(Object.keys(importers).sort()).toEqual(found.sort());
    for (const [name, importer] of Object.entries(importers)) expect(importer.name).toBe(name);
  });
});
