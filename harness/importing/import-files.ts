// What an import leaves in the project: recordings, the workload over them, and where it helps the
// hosts and three scenarios to begin with. Texts only depend on what was imported, so that the same
// import again changes nothing.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isSeq, parseDocument, stringify } from 'yaml';
import { InputError } from '../errors.ts';
import { readText } from '../scenario/yaml-file.ts';
import { starterScenarios } from '../starter/starter-scenarios.ts';
import type { Targets } from '../upstream/targets.ts';
import type { Imported } from './imported.ts';
import type { ProjectFile } from './project-files.ts';
import { schemaLine } from './project-files.ts';

/** What a workload file may have at most (yaml-file.ts). */
const largestWorkload = 10 * 1024 * 1024;

export interface ImportPlace {
  /** The folder for recordings/, workloads/ and scenarios/. */
  folder: string;
  /** Of the workload, its recordings, and the beginning of its scenarios' names. */
  name: string;
  /** The workload as a scenario names it. */
  workload: string;
}

export function importFiles(
  imported: Imported,
  { folder, name, workload }: ImportPlace,
  targets: Targets,
  starters: boolean,
): ProjectFile[] {
  const files: ProjectFile[] = [
    {
      path: join(folder, 'recordings', `${name}.jsonl`),
      text: imported.recordings.map((one) => `${JSON.stringify(one)}\n`).join(''),
      ifOther: 'refuse',
    },
    {
      path: join(folder, 'workloads', `${name}.yaml`),
      text: workloadText(name, imported),
      ifOther: 'refuse',
    },
  ];
  // A log may call a provider by another name than the targets files do; the log's is drilled.
  const isNew = ([host, provider]: [string, string]): boolean =>
    targets.host(host)?.provider !== provider;
  const added = new Map([...imported.hosts].filter(isNew));
  if (added.size > 0) files.push(hostsFile(join(folder, 'targets.yaml'), added));
  if (starters) {
    for (const starter of starterScenarios(name, workload, imported)) {
      const path = join(folder, 'scenarios', `${starter.name}.yaml`);
      files.push({ path, text: starter.text, ifOther: 'keep' });
    }
  }
  return files;
}

/** A workload of these samples, with its recordings beside it. Throws InputError if too long. */
export function workloadText(
  name: string,
  { provenance, samples }: Pick<Imported, 'provenance' | 'samples'>,
): string {
  const text = stringify(
    {
      name,
      provenance,
      recordings: `../recordings/${name}.jsonl`,
      samples: samples.map(({ id, system, prompt }) => ({
        id,
        ...(system === null ? {} : { system }),
        prompt,
      })),
    },
    { lineWidth: 0 },
  );
  const bytes = Buffer.byteLength(text);
  if (bytes > largestWorkload) {
    const size = Math.ceil(bytes / 1024 / 1024);
    throw new InputError(
      `the prompts have ${size} MB together, a workload holds 10 MB: import fewer at a time`,
    );
  }
  return schemaLine('workload', 2) + text;
}

/** The project's own targets file with the hosts added; what else stands in it stays. */
function hostsFile(path: string, added: ReadonlyMap<string, string>): ProjectFile {
  const entries = [...added].map(([host, provider]) => ({ host, provider }));
  if (!existsSync(path)) {
    const head = '# Which host belongs to which provider, beside those that firedrill knows.\n';
    const hosts = entries.map(
      ({ host, provider }) =>
        `  - { host: ${JSON.stringify(host)}, provider: ${JSON.stringify(provider)} }\n`,
    );
    return {
      path,
      text: `${schemaLine('targets', 1)}${head}hosts:\n${hosts.join('')}`,
      ifOther: 'refuse',
    };
  }
  const document = parseDocument(readText(path));
  if (isMap(document.contents) && !document.has('hosts')) {
    document.set('hosts', document.createNode([]));
  }
  const hosts = isMap(document.contents) ? document.get('hosts') : null;
  if (document.errors.length > 0 || !isSeq(hosts)) {
    throw new InputError('its "hosts" is no list, so the imported hosts cannot be added to it', {
      file: path,
    });
  }
  for (const entry of entries) {
    const node = document.createNode(entry, { flow: true });
    hosts.add(node);
  }
  return { path, text: document.toString({ lineWidth: 0 }), ifOther: 'replace' };
}
