// What the recordings of a workload are, by target: for reports.
import type { Provenance, TargetProvenance } from '../provenance.ts';
import { answerKinds } from '../provenance.ts';
import { saidModel } from '../recordings/said-model.ts';
import type { Recording } from './recording.ts';

/** In the order of the recordings. */
export function provenanceByTarget(recordings: readonly Recording[]): Map<string, Provenance> {
  const targets = Map.groupBy(recordings, ({ target }) => target);
  return new Map([...targets].map(([target, own]) => [target, provenanceOf(own)]));
}

/** Those of several workloads as one list, by name. */
export function provenanceIn(recordings: readonly Recording[]): TargetProvenance[] {
  return [...provenanceByTarget(recordings)]
    .map(([target, own]) => ({ target, ...own }))
    .sort((a, b) => (a.target < b.target ? -1 : 1));
}

function provenanceOf(recordings: readonly Recording[]): Provenance {
  const found = new Set(recordings.map(({ kind }) => kind));
  const kinds = answerKinds.filter((kind) => (found as ReadonlySet<string>).has(kind));
  const days = recordings.flatMap(({ date }) => date ?? []).sort();
  const [from] = days;
  const to = days.at(-1);
  const models = recordings.flatMap((one) => modelIn(one) ?? []);
  return {
    kind: kinds[0] ?? 'made',
    kinds,
    dates: from !== undefined && to !== undefined ? { from, to } : null,
    models: [...new Set(models)].sort(),
  };
}

/** Every book of a worker asks again, and bodies are long. */
const known = new WeakMap<Recording, string | null>();

function modelIn(recording: Recording): string | null {
  if (recording.kind !== 'recorded') return null;
  const found = known.get(recording) ?? saidModel(recording);
  known.set(recording, found);
  return found;
}
