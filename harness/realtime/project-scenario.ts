// Scenarios that come over the control API: a name, a file of the project, or their YAML. Whoever
// drives a server reads nothing else of the machine.
import { realpathSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { InputError } from '../errors.ts';
import { packageRoot, scenarioFiles } from '../project.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { parseScenario, readScenario } from '../scenario/scenario.ts';

/** By name, or as a file inside `cwd`. Throws InputError. */
export function projectScenario(named: string, cwd: string): Scenario {
  // Before anything is looked at: what lies elsewhere is not even told to be there.
  if (named.includes('\0') || !isBelow(resolve(cwd, named), cwd)) throw outside(named);
  const [file, second] = scenarioFiles([named], cwd);
  if (file === undefined || second !== undefined) {
    throw new InputError(`${named} is a folder: write one of its scenarios, as in ${named}/NAME`);
  }
  const real = realpathSync(file);
  const isShipped = isBelow(real, realpathSync(resolve(packageRoot, 'scenarios')));
  if (!isShipped && !isBelow(real, realpathSync(cwd))) throw outside(named);
  return contained(readScenario(file), cwd);
}

/** Throws InputError with the line. */
export function givenScenario(yaml: string, cwd: string): Scenario {
  return contained(parseScenario(yaml, 'yaml'), cwd);
}

/** A workload may be a file, too. */
function contained(scenario: Scenario, cwd: string): Scenario {
  const { workload } = scenario;
  if (!/\.ya?ml$/.test(workload)) return scenario;
  const path = resolve(cwd, workload);
  if (!isBelow(path, cwd)) throw outside(workload);
  const real = realOf(path);
  if (real !== null && !isBelow(real, realpathSync(cwd))) throw outside(workload);
  return scenario;
}

/** Null where there is none. */
function realOf(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}

function isBelow(path: string, folder: string): boolean {
  const way = relative(resolve(folder), path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && resolve(folder, way) === path;
}

function outside(named: string): InputError {
  return new InputError(
    `${JSON.stringify(named)} is outside the project: write the name of a scenario, or a file below the folder in which the server was started`,
  );
}
