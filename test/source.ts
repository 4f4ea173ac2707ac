// The repository as tidy.test.ts sees it: files as text, and TypeScript as a tree of nodes.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const outside = new Set(['node_modules', '.git', 'dist', 'coverage', '.venv', '.gateways']);

export interface Node {
  type: string;
  start: number;
  end: number;
  [key: string]: unknown;
}

export interface Source {
  /** Relative to the repository, with slashes. */
  path: string;
  text: string;
  program: Node;
}

/** Every file of the repository that is no build product, relative to its root. */
export function repositoryFiles(): string[] {
  const files: string[] = [];
  const walk = (dir: string): void => {
    for (const entry of readdirSync(dir, { withFileTypes: true })) {
      const path = join(dir, entry.name);
      const name = relative(root, path).replaceAll('\\', '/');
      if (outside.has(entry.name) || /^reports\/(?!baseline|scorecard)/.test(name)) continue;
      if (entry.isDirectory()) walk(path);
      else if (entry.isFile()) files.push(name);
    }
  };
  walk(root);
  return files.sort();
}

/** All code but what users would write themselves. */
export function codeFiles(): Source[] {
  return repositoryFiles()
    .filter((path) => /\.(ts|mts|js|mjs)$/.test(path) && !path.startsWith('fixtures/'))
    .map(parsed);
}

export function textOf(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

export function parsed(path: string): Source {
  const text = textOf(path);
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path} does not parse: ${errors[0]?.message}`);
  return { path, text, program: program as unknown as Node };
}

/** Every node with the one around it, parents first. */
export function* nodesOf(node: Node, parent: Node | null = null): Generator<[Node, Node | null]> {
  yield [node, parent];
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value])
      if (isNode(child)) yield* nodesOf(child, node);
  }
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

export function lineOf({ text }: Source, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** `a`, `a.b` or `a.b.c` of names; null for anything else. */
export function dotted(node: unknown): string | null {
  if (!isNode(node)) return null;
  if (node.type === 'Identifier') return String(node.name);
  if (node.type !== 'MemberExpression' || node.computed === true) return null;
  const object = dotted(node.object);
  return object === null ? null : `${object}.${dotted(node.property)}`;
}

export interface Import {
  from: string;
  line: number;
}

/** What a module imports or passes on, dynamic imports of fixed names included. */
export function importsOf(source: Source): Import[] {
  const imports: Import[] = [];
  for (const [node] of nodesOf(source.program)) {
    const { source: from } = node;
    if (isNode(from) && typeof from.value === 'string') {
      imports.push({ from: from.value, line: lineOf(source, node.start) });
    }
  }
  return imports;
}

/** The file that a relative import means. */
export function target(path: string, from: string): string {
  return join(dirname(path), from).replaceAll('\\', '/');
}
