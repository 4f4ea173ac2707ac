// How scorers say that a figure has no value: null in its place, and why in `reasons`, under the
// path that a threshold would use. One convention for all scorers; a missing figure is never 0.

/** Stands for a figure without a value until `withReasons` puts null in its place. */
export class Missing {
  readonly why: string;

  constructor(why: string) {
    this.why = why;
  }
}

export type Figure = number | Missing;

/** Report fields of one or more scorers; `reasons` is keyed by path, e.g. `latency_ms.p95`. */
export type Figures = Record<string, unknown> & { reasons: Record<string, string> };

/** A share; missing where there is nothing to take a share of. */
export function ratio(part: number, whole: number, why: string): Figure {
  return whole === 0 ? new Missing(why) : part / whole;
}

/** The values with null for every missing one, in plain objects too, and the reasons by path. */
export function withReasons(values: Record<string, unknown>): Figures {
  const reasons: Record<string, string> = {};
  return { ...settle(values, '', reasons), reasons };
}

function settle(
  values: Record<string, unknown>,
  path: string,
  reasons: Record<string, string>,
): Record<string, unknown> {
  const settled: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(values)) {
    if (value instanceof Missing) {
      settled[key] = null;
      reasons[path + key] = value.why;
    } else if (isPlain(value)) settled[key] = settle(value, `${path}${key}.`, reasons);
    else settled[key] = value;
  }
  return settled;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
