// The figures of a comparison as people read them, the same in the terminal and in Markdown; the
// texts are clean but not escaped.
import { oneLine } from '../formats/clean-text.ts';
import { shareText, timeText } from '../formats/figure-text.ts';
import type { CompareCandidate, CompareFigures, CompareReport } from './compare-report.ts';

export const rankingHead = [
  'rank',
  'chain',
  'goodput',
  'against the current chain',
  'available',
  'p95',
  'quality drop',
  '$ / 1000 calls',
  'front',
  'worst in',
] as const;

export function rankingRow(one: CompareCandidate): string[] {
  const { availability, goodput, latency_ms, quality, cost_per_call_usd: cost } = one;
  return [
    String(one.rank),
    oneLine(one.name) + (one.current ? ' (current)' : ''),
    share(goodput),
    differenceText(one),
    share(availability),
    latency_ms.p95 === null ? 'hung' : timeText(latency_ms.p95),
    share(quality.drop),
    cost === null ? '-' : (cost * 1000).toFixed(2),
    one.pareto ? 'yes' : '',
    `${oneLine(one.worst.scenario)} (${share(one.worst.goodput)})`,
  ];
}

const verdicts: Readonly<Record<CompareCandidate['verdict'], string>> = {
  current: '-',
  better: 'better',
  worse: 'worse',
  'no-difference-seen': 'no difference seen',
};

function differenceText({ verdict, difference }: CompareCandidate): string {
  if (difference === null) return verdicts[verdict];
  const interval = intervalText(difference);
  return `${verdicts[verdict]}: ${signed(difference.goodput)}${interval === '' ? '' : ` ${interval}`}`;
}

/** `(-1.2% to 3.0%)`; empty where there is none. */
export function intervalText({ ci95 }: NonNullable<CompareCandidate['difference']>): string {
  if (ci95 === null) return '';
  return `(${signed(ci95[0])} to ${signed(ci95[1])})`;
}

/** A difference of shares, in points. */
export function signed(value: number | null): string {
  if (value === null) return '-';
  const text = shareText(value);
  if (text === '<0.1%') return '+<0.1%';
  return value > 0 && text !== '0%' ? `+${text}` : text;
}

export function share(value: number | null): string {
  return value === null ? '-' : shareText(value);
}

/** One line a rule that some candidate breaks and the current chain keeps. */
export function violationLines({ candidates }: CompareReport): { text: string; replay: string }[] {
  const current = candidates.find((one) => one.current);
  return candidates.flatMap((one) =>
    one.violated
      .filter((id) => !current?.violated.includes(id))
      .flatMap((id) => {
        const cell = one.cells.find(({ violated }) => violated.some((each) => each.id === id));
        const replay = cell?.violated.find((each) => each.id === id)?.replay ?? '';
        const where = cell?.scenario ?? '';
        return { text: `${oneLine(one.name)} breaks ${id} in ${oneLine(where)}`, replay };
      }),
  );
}

/** What a cell is told by, in the order of the CSV. */
export function cellFigures(cell: CompareFigures): (number | null)[] {
  return [
    cell.goodput,
    cell.availability,
    cell.latency_ms.p95,
    cell.quality.drop,
    cell.attempts_per_call.mean,
    cell.cost_per_call_usd,
  ];
}
