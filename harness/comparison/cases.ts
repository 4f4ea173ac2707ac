// Of every figure the call that shows it at its worst: what a finding's replay command brings back.
// A leaf.

/** The figures that chains are compared by, as reports name them. */
export const comparedFigures = [
  'goodput',
  'availability',
  'quality.drop',
  'latency_ms.p95',
  'attempts_per_call.mean',
  'cost_per_call_usd',
] as const;

export type ComparedFigure = (typeof comparedFigures)[number];

export interface Case {
  trial: number;
  call: number;
}

/** `badness`: null stands for a call that never ended. */
export type Cases = Partial<Record<ComparedFigure, Case & { badness: number | null }>>;

/** The first of the worst. Calls come in the order of their ends. */
export function noteCases(
  cases: Cases,
  at: Case,
  badness: Readonly<Record<ComparedFigure, number>>,
): void {
  for (const figure of comparedFigures) {
    const bad = badness[figure];
    const known = cases[figure];
    if (known && !isWorse(bad, known.badness ?? Number.POSITIVE_INFINITY, at, known)) continue;
    cases[figure] = { ...at, badness: Number.isFinite(bad) ? bad : null };
  }
}

export function mergeCases(a: Cases, b: Cases): Cases {
  const merged = { ...a };
  for (const figure of comparedFigures) {
    const [one, other] = [a[figure], b[figure]];
    if (!other) continue;
    const least = one?.badness ?? (one ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY);
    const bad = other.badness ?? Number.POSITIVE_INFINITY;
    if (!one || isWorse(bad, least, other, one)) merged[figure] = other;
  }
  return merged;
}

function isWorse(bad: number, than: number, at: Case, known: Case): boolean {
  if (bad !== than) return bad > than;
  return at.trial < known.trial || (at.trial === known.trial && at.call < known.call);
}
