import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findLlmCall } from '../../harness/starter/find-llm-call.ts';
import { sourceFiles } from '../../harness/starter/source-files.ts';
import { starterChain } from '../../harness/starter/starter-chain.ts';
import { folderWith, write } from '../cli.ts';

const chainFor = (file: string, text: string): string =>
  starterChain(findLlmCall([{ path: file, text }]), '..');

describe('the function that a chain calls', () => {
  const sdk = `import OpenAI from 'openai';\n`;
  it.each<[file: string, text: string, imported: string]>([
    ['a.ts', 'export async function ask(prompt: string) {}', "{ ask } from '../a.js'"],
    [
      'a.mts',
      'export async function ask(q: string): Promise<string> {}',
      "{ ask } from '../a.mjs'",
    ],
    ['a.ts', 'export async function* ask(q: string, top = 3) {}', "{ ask } from '../a.js'"],
    [
      'a.ts',
      'export const ask = async (q: string): Promise<string> => x;',
      "{ ask } from '../a.js'",
    ],
    ['a.ts', 'export function ask(q: string): AsyncIterable<string> {}', "{ ask } from '../a.js'"],
    ['a.ts', 'async function ask(q: string) {}\nexport { ask };', "{ ask } from '../a.js'"],
    ['a.ts', 'export default async function ask(q: string) {}', "answer from '../a.js'"],
    ['a.js', 'export async function ask(question) {}', "{ ask } from '../a.js'"],
    ['a.cjs', 'exports.ask = async (prompt) => x;', "{ ask } from '../a.cjs'"],
    ['a.cjs', 'async function ask(text) {}\nmodule.exports = { ask };', "{ ask } from '../a.cjs'"],
    ['a.ts', 'export async function question(q: string) {}', '{ question as questionOf }'],
    [
      'a.ts',
      'export async function one(q: string) {}\nexport async function all(q: string) { one(q); }',
      "{ all } from '../a.js'",
    ],
  ])('is found in %s: %s', (file, text, imported) => {
    expect(chainFor(file, sdk + text)).toContain(`import ${imported}`);
  });

  it.each<[file: string, text: string]>([
    ['a.ts', 'async function ask(prompt: string) {}'],
    ['a.ts', 'export async function ask(messages: Message[]) {}'],
    ['a.ts', 'export async function embed(text: string): Promise<number[]> {}'],
    ['a.ts', 'export async function ask(prompt: string, user: User) {}'],
    ['a.ts', 'export function length(text: string) { return text.length; }'],
    ['a.ts', '// export async function ask(prompt: string) {}'],
    ['a.js', 'export async function start(port) {}'],
  ])('is not %s: %s', (file, text) => {
    expect(chainFor(file, sdk + text)).toContain('A stand-in, not your code');
  });

  it('gets the signal where it takes one', () => {
    const typed = 'export async function ask(q: string, signal?: AbortSignal) {}';
    expect(chainFor('a.ts', sdk + typed)).toContain('ask(question.prompt, signal)');
    const plain = 'export async function ask(prompt, signal) {}';
    expect(chainFor('a.js', sdk + plain)).toContain('ask(question.prompt, signal)');
  });

  it.each<[file: string, params: string]>([
    ['a.ts', 'q: string, { signal }: { signal?: AbortSignal } = {}'],
    ['a.ts', 'q: string, options: { signal: AbortSignal; user?: string }'],
    ['a.js', 'prompt, { user, signal } = {}'],
  ])('gets the signal among options: %s, %s', (file, params) => {
    const text = `export async function ask(${params}) {}`;
    expect(chainFor(file, sdk + text)).toContain(
      'signal: AbortSignal) => ask(question.prompt, { signal })',
    );
  });

  it('is named in the chain without words that could end its comment or its text', () => {
    const text = `${sdk}export async function ask(q: string) {}`;
    const chain = chainFor("it's\nmine.ts", text);
    expect(chain).toContain("'../it\\'s\\nmine.js'");
    expect(chain).not.toMatch(/^mine/m);
  });
});

describe('the models of a project', () => {
  it('are those that the file names, in order, each once', () => {
    const text = `import OpenAI from 'openai';
      const models = ['gpt-4o', "claude-haiku-5-5", \`o3-mini\`, 'gpt-4o', 'openai/gpt-4o-mini'];`;
    expect(findLlmCall([{ path: 'a.ts', text }])?.targets).toEqual([
      'openai/gpt-4o',
      'anthropic/claude-haiku-5-5',
      'openai/o3-mini',
      'openai/gpt-4o-mini',
    ]);
  });

  it('may stand in another file', () => {
    const files = [
      { path: 'a.ts', text: "import OpenAI from 'openai';" },
      { path: 'models.ts', text: "export const model = 'gpt-4o-mini';" },
    ];
    expect(findLlmCall(files)).toMatchObject({ path: 'a.ts', targets: ['openai/gpt-4o-mini'] });
  });
});

describe('the source files of a project', () => {
  it('are those of the product, nearest to the root first', () => {
    const dir = folderWith();
    const product = ['b.ts', 'a/c.mjs', 'a/d.cts', 'a/e/f.jsx'];
    const others = [
      'node_modules/openai/index.js',
      'dist/a.js',
      '.cache/a.ts',
      'a.test.ts',
      'types.d.ts',
      'notes.md',
      'firedrill/chain.ts',
    ];
    write(dir, Object.fromEntries([...product, ...others].map((path) => [path, ''])));
    expect([...sourceFiles(dir)].map(({ path }) => path)).toEqual(product);
    expect([...sourceFiles(join(dir, 'nowhere'))]).toEqual([]);
  });
});
