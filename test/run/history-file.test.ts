import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HarnessError } from '../../harness/errors.ts';
import type { HistoryEvent } from '../../harness/history.ts';
import { linesOf, readHistory, writeHistory } from '../../harness/run/history-file.ts';
import { folderWith, write } from '../cli.ts';

const hung = (call: number): HistoryEvent => ({ e: 'hung', t: call, call, how: 'proven' });

function text(words: string): HistoryEvent {
  const rest = { id: 'x', sample: 'a', target: 'openai/gpt-4o', kind: 'authored' } as const;
  return { e: 'text', ...rest, text: words, score: null, refusal: false };
}

it('gives back every event as it was written, in order', () => {
  const dir = folderWith();
  const words = fc.array(fc.string({ unit: 'binary', maxLength: 40 }), { maxLength: 20 });
  fc.assert(
    fc.property(words, fc.boolean(), (list, unbuffered) => {
      const writer = writeHistory(join(dir, 'h.jsonl'), unbuffered);
      const events = list.map((one) => text(one.toWellFormed()));
      for (const event of events) writer.record(event);
      writer.close();
      expect([...readHistory(join(dir, 'h.jsonl'))]).toEqual(events);
    }),
    { numRuns: 50 },
  );
});

describe('a history that is being written', () => {
  it('has its name only when it is whole', () => {
    const file = join(folderWith(), 'h.jsonl');
    const writer = writeHistory(file);
    writer.record(hung(1));
    expect(existsSync(file)).toBe(false);
    writer.close();
    expect(existsSync(`${file}.partial`)).toBe(false);
    expect([...readHistory(file)]).toEqual([hung(1)]);
  });

  it('leaves nothing when it is discarded', () => {
    const file = join(folderWith(), 'h.jsonl');
    const writer = writeHistory(file);
    writer.record(hung(1));
    writer.discard();
    expect([existsSync(file), existsSync(`${file}.partial`)]).toEqual([false, false]);
  });

  it('is on disk at once where a watchdog may end the thread', () => {
    const file = join(folderWith(), 'h.jsonl');
    const [buffered, unbuffered] = [writeHistory(`${file}1`), writeHistory(`${file}2`, true)];
    for (const writer of [buffered, unbuffered]) writer.record(hung(1));
    expect(readFileSync(`${file}1.partial`, 'utf8')).toBe('');
    expect(readFileSync(`${file}2.partial`, 'utf8')).toBe(`${JSON.stringify(hung(1))}\n`);
    for (const writer of [buffered, unbuffered]) writer.discard();
  });

  it('says which file cannot be written', () => {
    const file = join(folderWith(), 'missing', 'h.jsonl');
    expect(() => writeHistory(file)).toThrow(HarnessError);
    expect(() => writeHistory(file)).toThrow(`the history ${file} cannot be written`);
  });
});

describe('lines', () => {
  it('are whole across the blocks in which a file is read', () => {
    const dir = folderWith();
    // Two and three bytes a character: blocks of 256 KiB end inside one.
    const long = ['ä'.repeat(200_001), '€'.repeat(200_001), 'x'.repeat(700_000), 'end'];
    write(dir, { long: long.join('\n') });
    expect(
      [...linesOf(join(dir, 'long'))].map((line) => line === '' || long.includes(line)),
    ).toEqual(long.map(() => true));
    expect([...linesOf(join(dir, 'long'))].join('\n')).toBe(long.join('\n'));
  });

  it('are none in an empty file, and empty ones are left out', () => {
    const dir = folderWith({ empty: '', gaps: '\n\na\n\n\nb\n\n' });
    expect([...linesOf(join(dir, 'empty'))]).toEqual([]);
    expect([...linesOf(join(dir, 'gaps'))]).toEqual(['a', 'b']);
  });
});
