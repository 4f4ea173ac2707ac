// The source files of a user's project, as far as a look at their text goes: nothing is executed,
// links are not followed, and a huge project is not read to its end.
import type { Dirent } from 'node:fs';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A file of the project; `path` is relative to the project, with `/`. */
export interface SourceFile {
  path: string;
  text: string;
}

const mostFiles = 3000;
const largestBytes = 512 * 1024;
const source = /\.[cm]?[jt]sx?$/;
const notTheProduct = /\.d\.[cm]?ts$|\.(test|spec|stories|config)\.[cm]?[jt]sx?$|\.min\.js$/;
const skippedFolders = new Set([
  'node_modules',
  'bower_components',
  'vendor',
  'dist',
  'build',
  'out',
  'coverage',
  'reports',
  'test',
  'tests',
  '__tests__',
  '__mocks__',
  'firedrill',
]);

/** Files near the root first, each folder in order of its names. */
export function* sourceFiles(root: string): Generator<SourceFile> {
  const folders = [''];
  let seen = 0;
  for (const folder of folders) {
    for (const entry of entriesOf(join(root, folder))) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!skippedFolders.has(entry.name) && !entry.name.startsWith('.')) folders.push(path);
      } else if (entry.isFile() && source.test(path) && !notTheProduct.test(path)) {
        if (++seen > mostFiles) return;
        const text = textOf(join(root, path));
        if (text !== null) yield { path, text };
      }
    }
  }
}

/** What cannot be read is not looked at. */
function entriesOf(folder: string): Dirent[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

function textOf(file: string): string | null {
  try {
    return statSync(file).size > largestBytes ? null : readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
