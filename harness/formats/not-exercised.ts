// The rules that no scenario of a run put to the test: that nothing broke them says nothing.
import type { Report } from '../report.ts';

export interface UntestedRule {
  id: string;
  rule: string;
}

/** In order. Rules that are not judged at all are none of these. */
export function notExercised({ scenarios }: Report): UntestedRule[] {
  const tested = new Set<string>();
  const rules = new Map<string, string>();
  for (const { invariants } of scenarios) {
    for (const [id, { status, rule }] of Object.entries(invariants)) {
      rules.set(id, rule);
      if (status !== 'not-applicable') tested.add(id);
    }
  }
  return [...rules]
    .filter(([id]) => !tested.has(id))
    .map(([id, rule]) => ({ id, rule }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}
