// The worked examples of docs/faults.md, applied to a copy of the sources: what a reader types off
// a page must fit the files as they are, compile, and be found by its name.
import { execFile } from 'node:child_process';
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { folderWith, write } from './cli.ts';
import { root } from './drills.ts';

const diffs = [...textOf('docs/faults.md').matchAll(/^```diff\n(.*?)^```$/gms)].map(
  ([, diff = '']) => diff,
);

function textOf(path: string, folder = root): string {
  return readFileSync(join(folder, path), 'utf8');
}

/** As `git apply` does: context must be there word for word, counts must be true. */
function applied(diff: string, folder: string): void {
  for (const part of diff.split(/^--- /m).slice(1)) {
    const path = /^\+\+\+ b\/(.*)$/m.exec(part)?.[1] ?? '';
    let text = part.startsWith('/dev/null') ? '' : textOf(path, folder);
    for (const hunk of part.split(/^@@ /m).slice(1)) text = withHunk(text, hunk);
    writeFileSync(join(folder, path), text);
  }
}

function withHunk(text: string, hunk: string): string {
  const [head = '', ...lines] = hunk.trimEnd().split('\n');
  const side = (without: string): string[] =>
    lines.filter((line) => !line.startsWith(without)).map((line) => line.slice(1));
  const [before, after] = [side('+'), side('-')];
  const counts = /^-\d+,(\d+) \+\d+,(\d+) @@$/.exec(head)?.slice(1).map(Number);
  expect(counts, `the counts of @@ ${head}`).toEqual([before.length, after.length]);
  const joined = (some: string[]): string => some.map((line) => `${line}\n`).join('');
  expect(text, 'has the lines around the change').toContain(joined(before));
  return text.replace(joined(before), () => joined(after));
}

it('the diffs that show how to add a fault and a dialect fit, compile and are found', async () => {
  expect(diffs).toHaveLength(2);
  const folder = folderWith();
  cpSync(join(root, 'harness'), join(folder, 'harness'), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const diff of diffs) applied(diff, folder);
  const { compilerOptions } = JSON.parse(textOf('tsconfig.json'));
  const shown = ['harness/faults/index.ts', 'harness/dialects/index.ts'];
  write(folder, {
    'package.json': '{ "type": "module" }',
    'tsconfig.json': JSON.stringify({ compilerOptions, files: shown }),
    'found.ts': `import { faults } from './${shown[0]}';
import { dialects } from './${shown[1]}';
console.log('short-answers' in faults, 'acme' in dialects);
`,
  });
  const run = promisify(execFile);
  const tool = (name: string): string => join(root, 'node_modules/.bin', name);
  const [types, found] = await Promise.all([
    run(tool('tsc'), ['--noEmit'], { cwd: folder }).catch((error) => error),
    run(tool('tsx'), ['found.ts'], { cwd: folder }),
  ]);
  expect(types.stdout).toBe('');
  expect(found.stdout).toBe('true true\n');
}, 120_000);
