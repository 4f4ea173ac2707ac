// Where recordings of a workload go, and the workload by which `run` finds them where the one that
// was recorded has answers of its own.
import { existsSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { isMap, parseDocument } from 'yaml';
import { InputError } from '../errors.ts';
import type { ProjectFile } from '../importing/project-files.ts';
import { schemaLine, withoutSchemaLine } from '../importing/project-files.ts';
import { projectFolder, shown } from '../project.ts';
import type { Recording } from '../upstream/recording.ts';
import { readRecordings } from '../upstream/recording.ts';
import type { AskedWorkload } from '../workloads/yaml-workload.ts';
import { isByRecord, recorder } from './recorder.ts';

/** Absolute. The only file that the workload names, where nobody else has written it. */
export function recordingsFile(
  workload: AskedWorkload,
  out: string | undefined,
  cwd: string,
): string {
  if (out !== undefined) {
    if (out.endsWith('.jsonl')) return resolve(cwd, out);
    throw new InputError(`--out ${out}: expected a .jsonl file`);
  }
  const [only, ...more] = workload.files;
  if (only !== undefined && more.length === 0) {
    if (!existsSync(only)) return only;
    if (readRecordings(only).every(isByRecord)) return only;
  }
  return resolve(cwd, projectFolder, 'recordings', `${slug(workload.name)}-recorded.jsonl`);
}

/** What `record` made before. Throws InputError for recordings of somebody else. */
export function recordedBefore(file: string, cwd: string): Recording[] {
  if (!existsSync(file)) return [];
  const there = readRecordings(file);
  if (there.every(isByRecord)) return there;
  throw new InputError('holds answers that were not recorded by record: give another --out', {
    file: shown(file, cwd),
  });
}

/** Null where the workload names the file itself. */
export function recordedWorkload(
  workload: AskedWorkload,
  workloadFile: string,
  recordings: string,
  cwd: string,
  { name = `${slug(workload.name)}-recorded`, by = recorder } = {},
): (ProjectFile & { name: string }) | null {
  if (workload.files.includes(recordings)) return null;
  const path = join(cwd, projectFolder, 'workloads', `${name}.yaml`);
  const from = (file: string): string => relative(dirname(path), file);
  const document = parseDocument(withoutSchemaLine(workload.text));
  document.commentBefore = null;
  document.set('name', name);
  document.set('provenance', `prompts of ${workload.name}; answers of ${by}`);
  document.set('recordings', from(recordings));
  const { contents } = document;
  const given: unknown = isMap(contents) ? document.toJS().verdicts : undefined;
  const verdicts = typeof given === 'string' ? [given] : Array.isArray(given) ? given : [];
  if (verdicts.length > 0) {
    const folder = dirname(workloadFile);
    document.set(
      'verdicts',
      verdicts.map((one) => from(resolve(folder, String(one)))),
    );
  }
  const text = schemaLine('workload', 2) + document.toString({ lineWidth: 0 });
  return { path, text, ifOther: 'keep', name };
}

/** Of a workload whose answers are in a file that somebody has named. */
export function besideName(workload: string, file: string): string {
  return `${slug(workload)}-${slug(basename(file, '.jsonl'))}`;
}

function slug(name: string): string {
  const made = basename(name)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return made || 'workload';
}
