// Which sample of a workload a request asks, by its last words: exactly, else the longest prompt
// that stands in them whole, as where an app wraps a question into its own words.
import { turnOf } from '../upstream/session-turn.ts';
import type { Asked } from '../wires/wire.ts';
import type { Sample } from '../workloads/workload.ts';

/** Null: none of them. */
export type SampleMatch = (asked: Asked) => { sample: string; turn: number } | null;

export function sampleMatch(samples: readonly Sample[]): SampleMatch {
  const longestFirst = samples
    .map((sample) => ({ sample, parts: sample.prompt.split('{{ticket}}') }))
    .sort((a, b) => b.sample.prompt.length - a.sample.prompt.length);
  return (asked) => {
    const words = asked.turns.findLast(({ role }) => role === 'user')?.text.trim() ?? '';
    if (words === '') return null;
    const found =
      longestFirst.find(({ sample }) => sample.prompt.trim() === words) ??
      longestFirst.find(({ parts }) => parts.every((part) => words.includes(part)));
    return found ? { sample: found.sample.id, turn: turnOf(found.sample, asked) ?? 1 } : null;
  };
}
