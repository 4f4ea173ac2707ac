// Figures as people read them: shares as percent, times in seconds. Rounded for tables, where a
// share that is not all never reads 100%; exact where a bound stands beside it.

/** `93.4%`; `>99.9%` and `<0.1%` where rounding would say all or none. */
export function shareText(share: number): string {
  const percent = Math.abs(share) * 100;
  const sign = share < 0 ? '-' : '';
  if (share > 0 && percent < 0.05) return '<0.1%';
  if (share < 1 && percent >= 99.95 && percent < 100) return `${sign}>99.9%`;
  const rounded = percent.toFixed(1);
  return rounded === '0.0' ? '0%' : `${sign}${rounded}%`;
}

const hourMs = 3_600_000;

/** `840 ms`, `2.3 s`, `14.5 min`, `9.1 h`, `47.1 d`. */
export function timeText(ms: number): string {
  if (Math.abs(ms) < 1_000) return `${Math.round(ms)} ms`;
  if (Math.abs(ms) < 120_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (Math.abs(ms) < 2 * hourMs) return `${(ms / 60_000).toFixed(1)} min`;
  if (Math.abs(ms) < 48 * hourMs) return `${(ms / hourMs).toFixed(1)} h`;
  return `${(ms / (24 * hourMs)).toFixed(1)} d`;
}

/** Seconds since some start, to the ms: `311.200 s`. */
export function clockText(ms: number): string {
  return `${(ms / 1_000).toFixed(3)} s`;
}

const sharePaths =
  /^((canary\.)?availability|goodput|.*_rate|quality\.(baseline|served|drop)|cache\.precision|served_by\..*)$/;

/** A figure in the unit of its path, to six digits: what a bound is compared with. */
export function exactText(path: string, value: number): string {
  if (sharePaths.test(path)) return `${digits(value * 100)}%`;
  if (/(^|_)ms(\.|$)/.test(path)) return `${digits(value / 1_000)} s`;
  return path === 'cost_usd' ? `$${digits(value)}` : String(digits(value));
}

function digits(value: number): number {
  return Number(value.toPrecision(6));
}

/** A 95% interval that a scorer wrote as two numbers; null where there is none. */
export function intervalOf(value: unknown): { low: number; high: number } | null {
  if (!Array.isArray(value)) return null;
  const [low, high]: unknown[] = value;
  return typeof low === 'number' && typeof high === 'number' ? { low, high } : null;
}
