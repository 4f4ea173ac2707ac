// The files that a chain module is made of: itself and what it imports from its own project, so
// that a run is not resumed with other code than it was begun with. Packages are not followed.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';

const specifier =
  /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)(?:'(\.[^'\n]*)'|"(\.[^"\n]*)"|`(\.[^`$\n]*)`)/g;
const extensions = ['', '.ts', '.mts', '.cts', '.js', '.mjs', '.cjs', '.tsx', '.jsx', '.json'];
const codeTypes = /\.[cm]?[jt]sx?$/;

/** Absolute paths, the chain's own file first, then in the order in which they are first named. */
export function chainSources(file: string): string[] {
  const found = new Set([resolve(file)]);
  for (const source of found) {
    if (!codeTypes.test(source)) continue;
    for (const match of readFileSync(source, 'utf8').matchAll(specifier)) {
      const named = match[1] ?? match[2] ?? match[3] ?? '';
      const target = moduleFile(resolve(dirname(source), named));
      if (target !== null) found.add(target);
    }
  }
  return [...found];
}

/**
 * As bundlers and tsx look for it: as written, `.js` for `.ts`, without its extension, a folder.
 */
function moduleFile(path: string): string | null {
  const bare = path.slice(0, path.length - extname(path).length);
  const stems = /\.[cm]?jsx?$/.test(path) ? [path, bare] : [path];
  for (const stem of [...stems, resolve(path, 'index')]) {
    for (const extension of extensions) {
      const candidate = `${stem}${extension}`;
      if (existsSync(candidate) && statSync(candidate).isFile()) return candidate;
    }
  }
  return null;
}
