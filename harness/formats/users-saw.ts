// What the users of a product saw in a scenario, in one line: how calls ended, and who served.
import type { Outcome } from '../outcome/call-record.ts';
import { usable } from '../outcome/outcome-kinds.ts';
import { outcomes } from '../outcome/outcomes.ts';
import type { ReportFigures } from '../report.ts';
import { oneLine } from './clean-text.ts';

/** What users would call it; usable answers are one thing to them. */
const seen: Readonly<Record<Outcome, string>> = {
  aborted: 'given up',
  hung: 'no reply at all',
  error: 'errors',
  spliced: 'two answers glued together',
  leaked: 'internals inside the answer',
  truncated: 'cut answers shown as whole',
  empty: 'empty answers',
  malformed: 'answers in a broken format',
  refused: 'refusals',
  degraded: 'polite reply',
  cached: 'answers',
  continued: 'answers',
  complete: 'answers',
};

/** Targets beyond these are counted together. */
const mostServers = 3;

/** E.g. `93% answers, 5% polite reply, 2% errors; of the answers 61% from claude-3-5-sonnet`. */
export function usersSaw(figures: ReportFigures): string {
  const calls = figures.calls - figures.aborted;
  const parts = calls > 0 ? endings(figures, calls).join(', ') : 'no calls';
  const given = figures.aborted > 0 ? `; ${figures.aborted} given up and not counted` : '';
  return `${parts}${servers(figures)}${given}${ends(figures)}`;
}

/** Each took every call in flight with it. */
function ends({ crashes: { count } }: ReportFigures): string {
  if (count === 0) return '';
  return `; the process ended ${count === 1 ? 'once' : `${count} times`}`;
}

function endings({ outcomes: counts }: ReportFigures, calls: number): string[] {
  const by = new Map<string, number>([['answers', 0]]);
  for (const outcome of outcomes) {
    const times = counts[outcome] ?? 0;
    if (outcome === 'aborted' || (times === 0 && !usable.has(outcome))) continue;
    by.set(seen[outcome], (by.get(seen[outcome]) ?? 0) + times);
  }
  const [answers, ...rest] = [...by];
  const ordered = rest.sort(([, a], [, b]) => b - a);
  return (answers ? [answers, ...ordered] : ordered).map(
    ([words, times]) => `${whole(times / calls)} ${words}`,
  );
}

/** Of the answers: a polite reply is none, and is among the endings. */
function servers(figures: ReportFigures): string {
  const { degraded = 0, ...answers } = figures.served_by ?? {};
  const shares = Object.entries(answers).map(([who, share]): [string, number] => [
    who,
    share / (1 - degraded),
  ]);
  const models = shares.map(([who]) => who.slice(who.indexOf('/') + 1));
  const named = shares
    .map(([who, share], index): [string, number] => {
      const model = models[index] ?? who;
      const alone = models.filter((other) => other === model).length === 1;
      return [who === 'cache' ? 'the cache' : oneLine(alone ? model : who), share];
    })
    .sort(([, a], [, b]) => b - a);
  const [first] = named;
  if (!first) return '';
  if (named.length === 1) return `; all answers from ${first[0]}`;
  const most = named.slice(0, mostServers).map(([who, share]) => `${whole(share)} from ${who}`);
  const others = named.slice(mostServers).reduce((sum, [, share]) => sum + share, 0);
  if (others > 0) most.push(`${whole(others)} from others`);
  return `; of the answers ${most.join(', ')}`;
}

/** Whole percent; neither none nor all unless it is. */
function whole(share: number): string {
  const percent = Math.round(share * 100);
  if (percent === 0 && share > 0) return '<1%';
  return percent === 100 && share < 1 ? '>99%' : `${percent}%`;
}
