// What `init` puts into a project, so that its own chain can be drilled at once: the chain module,
// a workload with answers, three scenarios over it, and a CI file where one is wanted.
import { existsSync } from 'node:fs';
import { extname, join, relative, resolve, sep } from 'node:path';
import { readReferenceSettings } from '../chains/reference-config.ts';
import { grade } from '../checks/grade.ts';
import { InputError } from '../errors.ts';
import type { Imported } from '../importing/imported.ts';
import { coverage } from '../importing/imported.ts';
import type { ProjectFile } from '../importing/project-files.ts';
import { knownWorkloads, packageRoot, projectFolder } from '../project.ts';
import { readText } from '../scenario/yaml-file.ts';
import { isChainModule } from '../trial/chain-file.ts';
import type { Recording } from '../upstream/recording.ts';
import type { Workload } from '../workloads/workload.ts';
import { loadYamlWorkload } from '../workloads/yaml-workload.ts';
import type { LlmCall } from './find-llm-call.ts';
import { describeCall, findLlmCall } from './find-llm-call.ts';
import { sourceFiles } from './source-files.ts';
import { starterChain, usualTargets } from './starter-chain.ts';
import { githubFile, githubText } from './starter-ci.ts';
import { starterScenarios } from './starter-scenarios.ts';

export interface StarterOptions {
  /** The user's module or chain, as it was named; null: the project is looked through. */
  chain: string | null;
  github: boolean;
}

export interface Starter {
  files: ProjectFile[];
  /** The chain to drill, as a command line names it: relative to the project, with `/`. */
  chain: string;
  /** Where a model is asked; null where nothing was found, or the chain is the user's own. */
  call: LlmCall | null;
  /** Whether `chain` was there before and is drilled as it is. */
  isOwnChain: boolean;
}

const sample = 'my-prompts';
const starterFolder = resolve(packageRoot, 'fixtures/starter');

/** Reads the project and writes nothing. Throws InputError. */
export function planStarter(cwd: string, options: StarterOptions): Starter {
  const chosen = chainOf(cwd, options.chain);
  const targets = chosen.targets.length > 0 ? chosen.targets : usualTargets;
  const files = [
    ...chosen.files,
    ...workloadFiles(cwd, targets),
    ...(options.github ? [keep(cwd, githubFile, githubText(cwd, chosen.chain))] : []),
  ];
  return { files, chain: chosen.chain, call: chosen.call, isOwnChain: chosen.files.length === 0 };
}

interface ChosenChain extends Pick<Starter, 'files' | 'chain' | 'call'> {
  targets: string[];
}

function chainOf(cwd: string, given: string | null): ChosenChain {
  if (given === null) return written(cwd, findLlmCall(sourceFiles(cwd)));
  const file = resolve(cwd, given);
  if (!existsSync(file)) throw new InputError('there is no such file', { file: given });
  const path = relative(cwd, file).replaceAll(sep, '/');
  if (/\.ya?ml$/.test(file)) {
    const targets = readReferenceSettings(file).targets.map(({ name }) => name);
    return { files: [], chain: path, call: null, targets };
  }
  if (!isChainModule(file)) {
    const types = 'a .yaml of the reference chain, or a module in TypeScript or JavaScript';
    throw new InputError(
      `is no chain and no module (${extname(file) || 'no ending'}): name ${types}`,
      {
        file: given,
      },
    );
  }
  const text = readText(file);
  const call = describeCall({ path, text });
  // A function that takes a prompt is no factory, exported as default or not.
  const isChain = call.ask?.name !== null && hasDefault(text);
  return isChain
    ? { files: [], chain: path, call: null, targets: call.targets }
    : written(cwd, call);
}

function hasDefault(text: string): boolean {
  return /^(?:export default\b|module\.exports\s*=|exports\.default\s*=)|\bas default\b/m.test(
    text,
  );
}

function written(cwd: string, call: LlmCall | null): ChosenChain {
  const chain = `${projectFolder}/chain.ts`;
  const files = [keep(cwd, chain, starterChain(call, '..'))];
  return { files, chain, call, targets: call?.targets ?? [] };
}

/** Scenarios over the project's own workload where it has one, else over two samples. */
function workloadFiles(cwd: string, targets: string[]): ProjectFile[] {
  const inProject = resolve(cwd, projectFolder);
  const own = [...knownWorkloads(cwd)].find(([, file]) => file.startsWith(inProject + sep));
  if (own && own[0] !== sample) return scenarioFiles(cwd, own[0], loadYamlWorkload(own[1]));
  const template = resolve(starterFolder, 'workloads', `${sample}.yaml`);
  const workload = loadYamlWorkload(template);
  const recordings = answersOf(workload.recordings, targets);
  const lines = recordings.map((one) => `${JSON.stringify(one)}\n`);
  return [
    keep(cwd, `${projectFolder}/workloads/${sample}.yaml`, readText(template)),
    keep(cwd, `${projectFolder}/recordings/${sample}.jsonl`, lines.join('')),
    ...scenarioFiles(cwd, sample, { ...workload, recordings }),
  ];
}

/** The sample answers under the names of the project's own targets, as far as there are manners. */
function answersOf(recordings: readonly Recording[], targets: readonly string[]): Recording[] {
  const manners = [...coverage(recordings).keys()];
  return targets
    .slice(0, manners.length)
    .flatMap((target, index) =>
      recordings
        .filter((recording) => recording.target === manners[index])
        .map((recording) => ({ ...recording, target })),
    );
}

function scenarioFiles(cwd: string, name: string, workload: Workload): ProjectFile[] {
  return starterScenarios(name, name, scored(workload)).map((starter) =>
    keep(cwd, `${projectFolder}/scenarios/${starter.name}.yaml`, starter.text),
  );
}

/** As if it had just been imported, each answer with the score of its sample's checks. */
function scored({ provenance, samples, recordings }: Workload): Imported {
  const checks = new Map(samples.map((one) => [one.id, one.checks]));
  return {
    provenance,
    samples,
    hosts: new Map(),
    errors: 0,
    leftOut: [],
    recordings: recordings.map((one) => {
      const judged = checks.get(one.sample) ?? [];
      if (one.score !== undefined || one.kind === 'recorded' || judged.length === 0) return one;
      return { ...one, score: grade(judged, one.text).score };
    }),
  };
}

/** Nothing of the user's is ever overwritten. */
function keep(cwd: string, path: string, text: string): ProjectFile {
  return { path: join(cwd, path), text, ifOther: 'keep' };
}
