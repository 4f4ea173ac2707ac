// A workload of which real providers answer the samples: its recordings need not be there. Those
// that are serve faults that put another target's answer in the place of the one that came.
import { existsSync } from 'node:fs';
import type { Place } from '../errors.ts';
import { workloadFile } from '../project.ts';
import { soundRecordings } from '../recordings/sound-recordings.ts';
import { loadIfeval } from '../workloads/ifeval.ts';
import type { Workload } from '../workloads/workload.ts';
import { readAskedWorkload } from '../workloads/yaml-workload.ts';

/** Throws InputError. */
export function liveWorkload(name: string, cwd: string, place?: Place): Workload {
  if (name === 'ifeval') return loadIfeval();
  const asked = readAskedWorkload(workloadFile(name, cwd, place));
  const recordings = asked.files.filter((file) => existsSync(file)).flatMap(soundRecordings);
  return { name: asked.name, provenance: '', samples: asked.samples, recordings };
}
