// Figures of a portability report as people read them, for every form that it has.
import { shareText } from '../formats/figure-text.ts';
import { answersText } from '../formats/provenance-text.ts';
import { everything } from '../measured-means.ts';
import type { ComparisonRow, PortabilityReport, StandingRow } from './portability-report.ts';

export function familyText(family: string | null): string {
  return family === null || family === everything ? 'all prompts' : family;
}

/** `93.4%`; `-` where there is none. */
export function shareOf(share: number | null): string {
  return share === null ? '-' : shareText(share);
}

/** Points of a 0 to 1 score, signed: `+3.1`, `-0.4`, `0.0`. */
export function points(share: number | null): string {
  if (share === null) return '-';
  const text = (share * 100).toFixed(1);
  if (text === '-0.0') return '0.0';
  return share > 0 && text !== '0.0' ? `+${text}` : text;
}

/** `(-1.2 to +4.0)`; empty where there is none. */
export function pointsInterval(interval: readonly [number, number] | null): string {
  return interval === null ? '' : `(${points(interval[0])} to ${points(interval[1])})`;
}

/** `(91.0 to 97.2)`, in percent. */
export function shareInterval(interval: readonly [number, number] | null): string {
  return interval === null ? '' : `(${percent(interval[0])} to ${percent(interval[1])})`;
}

function percent(share: number): string {
  return (share * 100).toFixed(1);
}

/** `+3.1 (-1.2 to +4.0)`. */
export function dropText(row: ComparisonRow | null): string {
  return row === null ? '-' : `${points(row.drop)} ${pointsInterval(row.ci95)}`.trim();
}

/** The least drop that would probably show, in points without a sign. */
export function mdeText(row: ComparisonRow | null): string {
  return row === null || row.mde === null ? '-' : (row.mde * 100).toFixed(1);
}

const words = { worse: 'worse', better: 'better', 'no-difference-shown': 'no difference shown' };

export function verdictWords(row: ComparisonRow | null): string {
  return row === null || row.drop === null ? '-' : words[row.verdict];
}

/** `primary`, `1`, `2`; with `=` where it is not shown to be worse than the best. */
export function rankText({ rank, best }: StandingRow, isPrimary: boolean): string {
  if (isPrimary) return 'primary';
  if (rank === null) return '-';
  return best !== null && best.verdict !== 'worse' ? `${rank}=` : String(rank);
}

/** What the answers of each target are. */
export function answersBy(targets: PortabilityReport['targets']): string {
  const own = targets.flatMap(({ target, recordings }) =>
    recordings ? [{ target, ...recordings }] : [],
  );
  return answersText(own) ?? 'none';
}
