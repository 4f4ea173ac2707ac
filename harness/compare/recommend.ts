// Which chain to take, and why: the one of the highest goodput among those that are shown to be
// better than the current one and break no rule that it keeps; else the current one.
import { shareText } from '../formats/figure-text.ts';
import type { CompareCandidate, CompareReport } from './compare-report.ts';

/** `ranked`: by goodput, the highest first. */
export function recommend(ranked: readonly CompareCandidate[]): CompareReport['recommendation'] {
  const current = ranked.find((one) => one.current);
  if (!current) throw new Error('a comparison without a current chain');
  const others = ranked.filter((one) => one !== current);
  const better = others.filter(({ verdict }) => verdict === 'better');
  const allowed = better.filter((one) => newlyViolated(one, current).length === 0);
  const best = allowed[0];
  if (!best) return { ...named(current), reason: stayReason(better, others, current) };
  const gain = best.difference?.goodput ?? 0;
  const barred = better.filter((one) => isAhead(one, best));
  return {
    ...named(best),
    reason: [
      `its goodput is ${shareText(best.goodput ?? 0)}, ${points(gain)} above that of ${current.name}` +
        `${intervalText(best)}, the highest of ${better.length === 1 ? 'the one' : `${better.length}`} shown to be better`,
      ...barred.map((one) => barredText(one, current)),
      frontText(best),
    ].join('; '),
  };
}

function named({ name, file }: CompareCandidate): { candidate: string; file: string } {
  return { candidate: name, file };
}

function stayReason(
  better: readonly CompareCandidate[],
  others: readonly CompareCandidate[],
  current: CompareCandidate,
): string {
  const barred = better.map((one) => barredText(one, current));
  if (barred.length > 0) return ['no other may take its place', ...barred].join('; ');
  const unseen = others.filter(({ verdict }) => verdict === 'no-difference-seen').length;
  const worse = others.length - unseen;
  const parts = [
    ...(worse > 0 ? [`${worse} ${worse === 1 ? 'is' : 'are'} shown to be worse`] : []),
    ...(unseen > 0 ? [`of ${unseen} no difference is seen`] : []),
  ];
  return `no other is shown to be better: ${parts.join(', ') || 'there is no other'}`;
}

/** Shown to be better, and left out all the same. */
function barredText(one: CompareCandidate, current: CompareCandidate): string {
  const broken = newlyViolated(one, current).join(', ');
  return `${one.name} has a higher goodput and breaks ${broken}, which ${current.name} keeps`;
}

function frontText({ pareto, dominated_by }: CompareCandidate): string {
  if (pareto) return 'no other is as good in availability, p95, quality and cost at once';
  return `${dominated_by} is as good in availability, p95, quality and cost, and better in one`;
}

function intervalText({ difference }: CompareCandidate): string {
  const [low, high] = difference?.ci95 ?? [null, null];
  return low === null || high === null ? '' : ` (${points(low)} to ${points(high)})`;
}

function points(share: number): string {
  return shareText(share);
}

function isAhead(one: CompareCandidate, other: CompareCandidate): boolean {
  return (one.goodput ?? 0) > (other.goodput ?? 0);
}

function newlyViolated(one: CompareCandidate, current: CompareCandidate): string[] {
  return one.violated.filter((id) => !current.violated.includes(id));
}
