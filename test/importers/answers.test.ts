import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type LoggedAnswer, readAnswers } from '../../harness/importers/answers.ts';
import { inputError } from './support.ts';

const dir = mkdtempSync(join(tmpdir(), 'firedrill-answers-'));
afterAll(() => rmSync(dir, { recursive: true }));

function read(name: string, content: string | Uint8Array): LoggedAnswer[] {
  const path = join(dir, name);
  writeFileSync(path, content);
  return readAnswers(path);
}

function refusal(name: string, content: string): string {
  return inputError(() => read(name, content)).replace(`${dir}/`, '');
}

describe('readAnswers from CSV', () => {
  it('reads columns in any order and ignores those it does not know', () => {
    const text = 'Score,answer,team, prompt ,target,system\n0.5,yes,a,Q?,openai/gpt-4o,be kind\n';
    expect(read('a.csv', text)).toEqual([
      {
        prompt: 'Q?',
        target: 'openai/gpt-4o',
        answer: 'yes',
        score: 0.5,
        system: 'be kind',
        line: 2,
      },
    ]);
  });

  it('reads a byte order mark, CRLF, blank lines and quoted line ends, and counts lines', () => {
    const text =
      '\uFEFFprompt,target,answer\r\n"two\r\nlines",a/b,"say ""hi"""\r\n\r\n' +
      'q,a/b,"1\r\n2\r\n3"\r\nr,a/b,';
    expect(read('b.csv', text)).toEqual([
      { prompt: 'two\r\nlines', target: 'a/b', answer: 'say "hi"', line: 2 },
      { prompt: 'q', target: 'a/b', answer: '1\r\n2\r\n3', line: 5 },
      { prompt: 'r', target: 'a/b', answer: '', line: 8 },
    ]);
  });

  it('keeps several answers of one target to one prompt', () => {
    const rows = read('c.csv', 'prompt,target,answer\nq,a/b,1\nq,a/b,2\n');
    expect(rows.map((row) => row.answer)).toEqual(['1', '2']);
  });

  it('treats an empty score or system as none', () => {
    const [row] = read('d.csv', 'prompt,target,answer,score,system\nq,a/b,x,,\n');
    expect(row).toEqual({ prompt: 'q', target: 'a/b', answer: 'x', line: 2 });
  });

  it.each([
    ['nothing', '', 'x.csv: is empty'],
    ['a header only', 'prompt,target,answer\n', 'x.csv: holds no answers'],
    [
      'no answer column',
      'prompt,model\n',
      'x.csv:1: has no column "target" (found: prompt, model)',
    ],
    ['semicolons', 'prompt;target;answer\n', 'separate columns by commas'],
    ['two prompts', 'prompt,prompt,target,answer\n', 'has two columns "prompt"'],
    ['a short row', 'prompt,target,answer\nq,a/b\n', 'x.csv:2: has 2 cells'],
    ['a wrong quote', 'prompt,target,answer\nq,a/b,"x\n', 'x.csv:2: is not valid CSV'],
    ['an empty prompt', 'prompt,target,answer\n ,a/b,x\n', 'x.csv:2: the prompt is empty'],
    ['a score of 7', 'prompt,target,answer,score\nq,a/b,x,7\n', 'from 0 to 1, not "7"'],
    ['a score in words', 'prompt,target,answer,score\nq,a/b,x,good\n', 'not "good"'],
    ['a blank score', 'prompt,target,answer,score\nq,a/b,x," "\n', 'from 0 to 1, not ""'],
    [
      'a target without provider',
      'prompt,target,answer\nq,gpt-4o,x\n',
      'x.csv:2: target "gpt-4o" has no provider: write openai/gpt-4o',
    ],
    ['an unknown model', 'prompt,target,answer\nq,mine,x\n', 'no provider: write provider/model'],
    ['half a target', 'prompt,target,answer\nq,openai/,x\n', '"openai/" is not provider/model'],
  ])('refuses %s', (_title, text, message) => {
    expect(refusal('x.csv', text)).toContain(message);
  });

  it('reads back what a CSV writer wrote, whatever the texts are', () => {
    const text = fc.string({ unit: 'binary' }).map((one) => one.replace(/[\0\uFEFF]/g, ''));
    const prompt = text.filter((one) => one.trim() !== '');
    fc.assert(
      fc.property(fc.array(fc.tuple(prompt, text), { minLength: 1 }), (pairs) => {
        const records = pairs.map(([ask, answer]) => [ask, 'a/b', answer]);
        const written = stringify([['prompt', 'target', 'answer'], ...records], {
          quoted: true,
        });
        const rows = read('p.csv', written).map((row) => [row.prompt, row.target, row.answer]);
        expect(rows).toEqual(records.map((record) => record.map((cell) => cell.toWellFormed())));
      }),
    );
  });
});

describe('readAnswers from JSON', () => {
  it('reads one answer a line', () => {
    const text =
      '{"prompt":"q","target":"a/b","answer":"x","score":1,"id":7}\r\n\n' +
      '{"prompt":"r","target":"a/b/c","answer":"","score":null}';
    expect(read('a.jsonl', text)).toEqual([
      { prompt: 'q', target: 'a/b', answer: 'x', score: 1, line: 1 },
      { prompt: 'r', target: 'a/b/c', answer: '', line: 3 },
    ]);
  });

  it('reads a list with the line of each answer', () => {
    const answers = [
      { prompt: 'q', target: 'a/b', answer: 'x' },
      { prompt: 'r', target: 'a/b', answer: 'y' },
    ];
    const lines = read('a.json', JSON.stringify(answers, null, 1)).map((row) => row.line);
    expect(lines).toEqual([2, 7]);
  });

  it.each([
    ['a broken line', 'x.jsonl', '{"prompt":"q"', 'x.jsonl:1:14: is not valid JSON'],
    ['a missing answer', 'x.jsonl', '{"prompt":"q","target":"a/b"}', 'no "answer" (found: prompt'],
    ['a line that is no object', 'x.jsonl', '\n[]', 'x.jsonl:2: must be an object with prompt'],
    ['an answer of null', 'x.jsonl', '{"prompt":"q","target":"a/b","answer":null}', 'not null'],
    ['a prompt in messages', 'x.json', '[{"prompt":[]}]', '"prompt" must be text, not a list'],
    ['an object in place of a list', 'x.json', '{}', 'x.json:1: must hold a JSON array'],
    ['a list of nothing', 'x.json', '[]', 'holds no answers'],
    ['an unknown file', 'x.xlsx', 'abc', 'x.xlsx: must be a .csv, .jsonl or .json file'],
    [
      'a score that is a list',
      'x.json',
      '[{"prompt":"q","target":"a/b","answer":"","score":[]}]',
      'not a list',
    ],
  ])('refuses %s', (_title, name, text, message) => {
    expect(refusal(name, text)).toContain(message);
  });

  it('takes a key such as __proto__ for a column it does not know', () => {
    const text = '{"__proto__":{"answer":"x"},"prompt":"q","target":"a/b"}';
    expect(refusal('x.jsonl', text)).toContain('has no "answer"');
  });

  it('gives answers or an InputError for any text', () => {
    const name = fc.constantFrom('x.csv', 'x.jsonl', 'x.json');
    const good = '{"prompt":"q","target":"a/b","answer":"x","score":1}';
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      fc.nat(good.length).map((end) => good.slice(0, end)),
      fc.nat(good.length).map((end) => `[${good},${good.slice(0, end)}]`),
    );
    fc.assert(
      fc.property(name, text, (file, content) => {
        try {
          expect(read(file, content).length).toBeGreaterThan(0);
        } catch {
          expect(refusal(file, content)).toContain(file);
        }
      }),
    );
  });
});
