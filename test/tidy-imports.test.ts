// Who may import whom, as far as a machine can check it. Every message says what to do instead.
import { describe, expect, it } from 'vitest';
import type { Node, Source } from './source.ts';
import { codeFiles, importsOf, target } from './source.ts';

const code = codeFiles();
const harness = code.filter(({ path }) => path.startsWith('harness/'));

/** Packages that one file, or the files of one folder, alone know. */
const soleImporter: Record<string, string | string[]> = {
  msw: 'harness/network/',
  'csv-stringify': 'harness/formats/csv-lines.ts',
  'csv-parse': 'harness/importers/csv-records.ts',
  'hdr-histogram-js': 'harness/scoring/histogram.ts',
  jstat: 'harness/scoring/quantiles.ts',
  autoevals: ['harness/judge/ask-judge.ts', 'harness/checks/similar.ts'],
  'junit-report-builder': 'harness/formats/junit-xml.ts',
  cockatiel: 'harness/chains/breaker.ts',
  '@opentelemetry/api': 'harness/chains/otel-hook.ts',
};

/** `folder: never imports`; values only where marked, types are free there. */
const apart: { folder: string; never: RegExp; typesToo: boolean }[] = [
  { folder: 'harness/chains/', never: /^harness\/(scorers|workloads|checks)\//, typesToo: true },
  { folder: 'harness/scorers/', never: /^harness\/(faults|wires|chains)\//, typesToo: false },
  { folder: 'harness/invariants/', never: /^harness\/(faults|wires|chains)\//, typesToo: false },
  { folder: 'harness/formats/', never: /^harness\/(faults|wires|chains)\//, typesToo: false },
  { folder: 'harness/wires/', never: /^harness\/(faults|chains|scorers)\//, typesToo: false },
];

describe('imports', () => {
  const graph = new Map(
    harness.map((source) => [
      source.path,
      importsOf(source)
        .filter(({ from }) => from.startsWith('.'))
        .map(({ from }) => target(source.path, from)),
    ]),
  );

  it('has no import cycle in the harness, types included', () => {
    expect(cyclesIn(graph), 'move what both need into a leaf that imports neither').toEqual([]);
  });

  it('knows nothing of tests: no scorer has ever seen a mutant', () => {
    const strays = harness.flatMap((source) =>
      importsOf(source)
        .filter(({ from }) => from.startsWith('.'))
        .filter(({ from }) => !target(source.path, from).startsWith('harness/'))
        .map(({ from, line }) => `${source.path}:${line} imports ${from}`),
    );
    expect(strays, 'what both need is a leaf of the harness').toEqual([]);
  });

  it('knows some packages in one place only', () => {
    const strays = code.flatMap((source) =>
      importsOf(source).flatMap(({ from, line }) => {
        const owners = [soleImporter[packageOf(from)] ?? []].flat();
        const free =
          owners.length === 0 ||
          owners.some((owner) => source.path.startsWith(owner)) ||
          source.path.startsWith('test/');
        return free ? [] : [`${source.path}:${line} imports ${from}: use ${owners[0]}`];
      }),
    );
    expect(strays, 'the file that may import the package exports what others need').toEqual([]);
  });

  it('keeps folders apart', () => {
    const strays = harness.flatMap((source) =>
      apart
        .filter(({ folder }) => source.path.startsWith(folder))
        .flatMap(({ never, typesToo }) =>
          valueImports(source, typesToo)
            .filter((to) => never.test(to))
            .map((to) => `${source.path} imports ${to}`),
        ),
    );
    expect(
      strays,
      'let the caller hand in what is needed, or put a shared shape in a leaf',
    ).toEqual([]);
  });

  it('loads what drills in workers only, so that every command starts at once', () => {
    const files = new Map(harness.map((source) => [source.path, source]));
    const reached = new Set(['harness/main.ts']);
    const found: string[] = [];
    for (const path of reached) {
      const source = files.get(path);
      for (const from of source ? valuesFrom(source, false) : []) {
        if (workersOnly.test(from)) found.push(`${path} imports ${from}`);
        if (from.startsWith('.')) reached.add(target(path, from));
      }
    }
    expect(reached.size).toBeGreaterThan(200);
    expect(found, 'import it where the worker does, and a leaf here').toEqual([]);
  });
});

/** Half of what a command would otherwise load, and it uses none of it. */
const workersOnly = /^(openai|autoevals|@anthropic-ai|@google|msw|@sinonjs|tsx)\b/;

function valueImports(source: Source, typesToo: boolean): string[] {
  return valuesFrom(source, typesToo)
    .filter((from) => from.startsWith('.'))
    .map((from) => target(source.path, from));
}

function valuesFrom({ program }: Source, typesToo: boolean): string[] {
  const body = program.body as (Node & { source?: Node; importKind?: string })[];
  return body
    .filter((node) => node.type === 'ImportDeclaration' && (typesToo || node.importKind !== 'type'))
    .map((node) => String(node.source?.value));
}

/** `@scope/name` of `@scope/name/file`, `name` of `name/file`. */
function packageOf(from: string): string {
  return from
    .split('/')
    .slice(0, from.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Each cycle once, as the way round. */
function cyclesIn(graph: Map<string, string[]>): string[] {
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, way: string[]): void => {
    const at = way.indexOf(file);
    if (at >= 0) cycles.push([...way.slice(at), file].join(' -> '));
    if (at >= 0 || done.has(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...way, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return cycles;
}
