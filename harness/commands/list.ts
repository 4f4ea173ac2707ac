// `firedrill list`: what there is to write in a scenario, and what a run will judge.
import { basename } from 'node:path';
import type { Command } from 'commander';
import { Argument } from 'commander';
import { adapters } from '../adapters/index.ts';
import { checks } from '../checks/index.ts';
import { dialects } from '../dialects/index.ts';
import { faults } from '../faults/index.ts';
import { gateways } from '../gateways/index.ts';
import { invariants } from '../invariants/index.ts';
import { lints } from '../lint/index.ts';
import {
  knownScenarios,
  knownWorkloads,
  packageRoot,
  shippedFolders,
  shippedIn,
  shown,
} from '../project.ts';
import { unknownWord } from '../scenario/nearest.ts';
import type { Unit } from '../scenario/report-field.ts';
import { boundable, meaningOf, unitOf } from '../scenario/report-field.ts';
import { readScenario } from '../scenario/scenario.ts';
import { wires } from '../wires/index.ts';
import { loadYamlWorkload } from '../workloads/yaml-workload.ts';
import type { CommandContext, ExitCode, MakeCommand } from './command.ts';

/** A name, what it is, and one line of example where there is one. */
type Row = [name: string, what: string, example?: string];

const kinds: Record<string, (cwd: string) => Row[]> = {
  scenarios: (cwd) => [
    ...[...knownScenarios(cwd)].map(([name, file]): Row => scenarioRow(name, file, cwd)),
    ...shippedFolders().map((folder): Row => {
      const files = shippedIn(folder);
      const first = files[0] ? basename(files[0]).replace(/\.yaml$/, '') : '';
      const example = `firedrill run ${folder}/${first} --chain FILE`;
      const what = `scenarios that run when they are named, ${files.length} in all: firedrill list ${folder}`;
      return [folder, what, example];
    }),
  ],
  workloads: (cwd) => [
    ...[...knownWorkloads(cwd)].map(([name, file]): Row => {
      const { recordings, judge } = loadYamlWorkload(file);
      const targets = new Set(recordings.map(({ target }) => target));
      const kinds = [...new Set((judge?.verdicts ?? []).map(({ kind }) => kind))].join(', ');
      const by = judge ? `; judged by ${judge.model.target}, ${kinds} verdicts` : '';
      return [name, shown(file, cwd), `answers of ${[...targets].join(', ') || 'no target'}${by}`];
    }),
    ['ifeval', 'IFEval over outside data (FIREDRILL_DATA)'],
  ],
  faults: () =>
    Object.values(faults).map(({ kind, describe, example }) => [kind, describe, example]),
  libraries: () =>
    Object.values(adapters).map(({ name, describe, packages }) => [
      name,
      describe,
      `npm i -D ${packages.join(' ')}`,
    ]),
  gateways: () =>
    Object.values(gateways).map(({ name, describe, installed }) => {
      const version = installed(packageRoot);
      return [name, describe, version ? `${name} ${version}` : 'npm run setup:gateways'];
    }),
  checks: () =>
    Object.values(checks).map(({ kind, describe, example }) => [kind, describe, example]),
  wires: () =>
    Object.values(wires).map(({ name, describe }) => [name, describe, `on: { wire: ${name} }`]),
  dialects: () => Object.values(dialects).map(({ name, describe }) => [name, describe]),
  invariants: () => Object.values(invariants).map(({ id, rule, example }) => [id, rule, example]),
  lints: () => Object.values(lints).map(({ name, describe, example }) => [name, describe, example]),
  thresholds: () => [
    ...boundable.map((path): Row => [path, meaningOf(path), unitWords[unitOf(path) ?? 'number']]),
    ['invariants', 'all, or a list like [I01, I05]'],
  ],
};

function scenarioRow(name: string, file: string, cwd: string): Row {
  return [name, readScenario(file).description, shown(file, cwd)];
}

/** Only where their folder is named: they are many. */
function shippedRows(folder: string, cwd: string): Row[] {
  return shippedIn(folder).map((file) =>
    scenarioRow(`${folder}/${basename(file, '.yaml')}`, file, cwd),
  );
}

const unitWords: Readonly<Record<Unit, string>> = {
  share: 'a share: 99% or 0.99',
  time: 'a time: 250ms or 6s',
  number: 'a number: 2',
};

export const listCommand: MakeCommand = (context) => ({
  name: 'list',
  define(program: Command, finish) {
    const command = program.command('list');
    const known = [...Object.keys(kinds), ...shippedFolders()];
    const readKind = (kind: string): string =>
      known.includes(kind) ? kind : command.error(unknownWord('kind', kind, known));
    command
      .description(
        'what there is: scenarios, workloads, faults, checks, wires, dialects, invariants, lints, thresholds',
      )
      // `choices` is for the help; it would not say which one was meant.
      .addArgument(
        new Argument('[kind]', 'one kind only, or the scenarios of a shipped folder')
          .choices(known)
          .argParser(readKind),
      )
      .addHelpText(
        'after',
        '\nExamples:\n  firedrill list\n  firedrill list faults\n  firedrill list corpus\n',
      )
      .action((kind: string | undefined) => finish(async () => list(context, kind)));
  },
});

function list(context: CommandContext, only: string | undefined): ExitCode {
  for (const kind of only === undefined ? Object.keys(kinds) : [only]) {
    const rows = kinds[kind]?.(context.cwd) ?? shippedRows(kind, context.cwd);
    const width = Math.max(0, ...rows.map(([name]) => name.length));
    if (only === undefined) context.out(`${kind}\n`);
    const indent = only === undefined ? '  ' : '';
    for (const [name, what, example] of rows) {
      context.out(`${indent}${name.padEnd(width)}  ${what}`.trimEnd());
      context.out(example === undefined ? '\n' : `\n${indent}${' '.repeat(width)}  ${example}\n`);
    }
    if (only === undefined) context.out('\n');
  }
  return 0;
}
