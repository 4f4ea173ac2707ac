// Quality as people read it: never a drop without its interval, and never without the smallest
// drop that as many samples would show.
import type { ReportFigures, ScenarioRow } from '../report.ts';
import { oneLine } from './clean-text.ts';
import { intervalOf, shareText } from './figure-text.ts';

type Quality = ReportFigures['quality'];
type Paired = Pick<Quality, 'baseline' | 'served' | 'drop' | 'ci95' | 'n' | 'calls' | 'mde'>;

/** `4.2% (-1.1% to 7.3%; mde 3.0%)`; null where there is no drop to speak of. */
export function dropText({ drop, ci95, n, mde }: Paired): string | null {
  if (drop === null) return null;
  const interval = intervalOf(ci95);
  const range = interval ? `${shareText(interval.low)} to ${shareText(interval.high)}; ` : '';
  return `${shareText(drop)} (${range}${mdeText({ n, mde })})`;
}

/** What stands beside a figure of quality, whichever it is. */
export function mdeText({ n, mde }: Pick<Paired, 'n' | 'mde'>): string {
  if (mde !== null) return `mde ${shareText(mde)}`;
  return n === 1 ? 'one sample' : 'the same answers';
}

export const qualityHead: readonly string[] = [
  'answers',
  'healthy primary',
  'served',
  'drop (95% interval; mde)',
  'samples',
  'calls',
];

/** Under `qualityHead`: all, by family, by who served. None where only the primary's own were. */
export function qualityRows({ quality }: ScenarioRow): string[][] {
  if (quality.drop === null || (quality.mde === null && quality.n > 1)) return [];
  const named = (by: Readonly<Record<string, Paired>>, kind: string): [string, Paired][] =>
    Object.entries(by).map(([name, paired]) => [`${kind}${oneLine(name)}`, paired]);
  const groups: [string, Paired][] = [
    ['all', quality],
    ...named(quality.by_family, 'on '),
    ...named(quality.by_target, 'by '),
  ];
  return groups.map(([name, paired]) => {
    const share = (value: number | null): string => (value === null ? '-' : shareText(value));
    const { baseline, served, n, calls } = paired;
    return [name, share(baseline), share(served), dropText(paired) ?? '-', `${n}`, `${calls}`];
  });
}

/** In a sentence; empty where the scenario has no such calls. */
export function criticalText({ quality }: ScenarioRow): string {
  const { critical } = quality;
  if (critical.calls === 0) return '';
  const late = critical.should_have_said_later;
  const parts = [
    part(critical.as_good, "an answer as good as the healthy primary's"),
    part(critical.worse, 'a worse one') +
      (critical.worse > 0 ? `, where ${late} should have been told to try later` : ''),
    part(critical.said_later, "the application's own words"),
    part(critical.no_answer, 'no answer'),
    part(critical.unscored, 'an answer that nothing can score'),
  ].filter((words) => words !== '');
  return `Of ${critical.calls} calls where a wrong answer is worse than none: ${parts.join('; ')}.`;
}

function part(calls: number, what: string): string {
  return calls === 0 ? '' : `${calls} got ${what}`;
}
