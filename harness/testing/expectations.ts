// What a test may expect of a drill. One function each: whether it is so, and in words what was
// found, with the call that shows it. firedrill/vitest makes matchers of them.

import { breachesOf } from '../formats/breaches.ts';
import { exactText, shareText, timeText } from '../formats/figure-text.ts';
import { usable } from '../outcome/outcome-kinds.ts';
import type { Outcome } from '../outcome/outcomes.ts';
import { durationMs } from '../scenario/units.ts';
import { failoverMs } from '../scorers/failover.ts';
import type { Drilled, SeenCall } from './drilled.ts';

/** What an expectation has found. */
export interface Finding {
  held: boolean;
  /** What was found, in a sentence or two; the timeline of the call that shows it; its command. */
  told: string;
}

/** A time in ms, or in words like `2s` or `1m30s`. */
export type Time = number | string;

/** A share from 0 to 1, or in words like `99%`. */
export type Share = number | string;

export const expectations = {
  /**
   * Every caller got an answer or the chain's own polite reply: none was left hanging, got an error
   * or half an answer, and nothing was thrown that would have ended the process.
   */
  toSurvive(drilled: Drilled): Finding {
    const { outcomes, calls, crashes } = drilled.report;
    const bad = Object.entries(outcomes).filter(([name, n]) => n > 0 && !survived.has(name));
    const crash = crashes.first;
    const counts = bad.map(([name, n]) => `${n} ${name}`);
    if (crash) counts.push(`${crashes.count} thrown where nothing catches it (${crash.error})`);
    const told =
      counts.length === 0
        ? `all of ${calls} callers got an answer or a polite reply`
        : `of ${calls} callers not all got an answer or a polite reply: ${counts.join(', ')}`;
    const shows = () => drilled.first(({ record }) => !survived.has(record.outcome));
    return finding(drilled, counts.length === 0, told, shows);
  },

  /** The scenario's own thresholds hold; one that it has none of is a mistake of the test. */
  toHoldThresholds(drilled: Drilled): Finding {
    const { verdicts, scenario } = drilled.report;
    if (verdicts.length === 0) throw new TypeError(`${scenario} has no thresholds: write some`);
    const breaches = breachesOf(drilled.report);
    if (breaches.length === 0) return { held: true, told: 'every threshold held' };
    const lines = breaches.map(({ path, finding: found, bound }) => {
      return `${path} ${found}; the bound is ${bound}`;
    });
    const shows = () => drilled.first(({ record }) => !usable.has(record.outcome));
    return finding(drilled, false, lines.join('\n'), shows);
  },

  /** At least this share of the calls got a usable answer. */
  toHaveAvailability(drilled: Drilled, least: Share): Finding {
    const { availability } = drilled.report;
    const wanted = shareIn(least);
    const told = `availability is ${share(availability)}, wanted >= ${shareText(wanted)}`;
    const shows = () => drilled.first(({ record }) => !served.has(record.outcome));
    return finding(drilled, availability !== null && availability >= wanted, told, shows);
  },

  /** 95 of 100 callers had the end of their answer within this time. */
  toAnswerWithin(drilled: Drilled, most: Time): Finding {
    const wanted = msIn(most);
    const { p95 } = drilled.report.latency_ms;
    const why = drilled.report.reasons['latency_ms.p95'] ?? 'no call was answered';
    const found = p95 === null ? `has no value (${why})` : `is ${timeText(p95)}`;
    const told = `latency_ms.p95 ${found}, wanted <= ${timeText(wanted)}`;
    const shows = () =>
      drilled.most(({ record: { call, answer, outcome } }) => {
        if (outcome === 'aborted') return null;
        return answer === null ? Number.POSITIVE_INFINITY : answer.t - call.due;
      });
    return finding(drilled, p95 !== null && p95 <= wanted, told, shows);
  },

  /**
   * Calls fell back, and the slowest of them asked the target that served it within this time of
   * its first attempt. Where none did it fails: nothing was put to the test.
   */
  toFallBackWithin(drilled: Drilled, most: Time): Finding {
    const wanted = msIn(most);
    const { max, n } = drilled.report.failover_ms;
    if (max === null || n === 0) {
      return finding(drilled, false, 'no call fell back after a failure of another target', null);
    }
    const told = `the slowest of ${n} fallbacks took ${timeText(max)}, wanted <= ${timeText(wanted)}`;
    const shows = () => drilled.most(({ record, primary }) => failoverMs(record, primary));
    return finding(drilled, max <= wanted, told, shows);
  },

  /** Traffic was back on the primary within this time of the end of its last fault. */
  toRecoverWithin(drilled: Drilled, most: Time): Finding {
    const wanted = msIn(most);
    const { recovery_ms: ms, reasons } = drilled.report;
    const found = ms === null ? `has no value (${reasons.recovery_ms})` : `is ${timeText(ms)}`;
    const told = `recovery_ms ${found}, wanted <= ${timeText(wanted)}`;
    return finding(drilled, ms !== null && ms <= wanted, told, null);
  },

  /** On average answers were worse than the healthy primary's by no more than this. */
  toDropQualityAtMost(drilled: Drilled, most: Share): Finding {
    const wanted = shareIn(most);
    const { drop, ci95, n } = drilled.report.quality;
    const within = ci95 === null ? '' : ` (95% interval ${ci95.map(shareText).join(' to ')})`;
    const found = drop === null ? 'has no value' : `is ${exactText('quality.drop', drop)}${within}`;
    const told = `quality.drop ${found} over ${n} samples, wanted <= ${shareText(wanted)}`;
    const shows = () =>
      drilled.most(({ record: { answer, healthy } }) => {
        const [was, would] = [answer?.score ?? null, healthy?.score ?? null];
        return was === null || would === null || would <= was ? null : would - was;
      });
    return finding(drilled, drop !== null && drop <= wanted, told, shows);
  },

  /** The scenario put the chain to the test of this rule, and it was kept. */
  toKeepInvariant(drilled: Drilled, id: string): Finding {
    const rule = drilled.report.invariants[id];
    if (!rule) throw new TypeError(`there is no invariant ${id}: write one of I01 to I28`);
    if (rule.status !== 'held' && rule.status !== 'violated') {
      const told = `${id} is ${rule.status}: the scenario did not put the chain to its test`;
      return finding(drilled, false, told, null);
    }
    const { example, exercised, violations, limit } = rule;
    const used = limit === null ? '' : ` The limit is ${limit}.`;
    const kept = `${id} was kept in ${exercised} of ${exercised} tests`;
    const broken = `${id} was violated in ${violations} of ${exercised} tests. ${rule.rule}${used}`;
    const told = violations === 0 ? kept : `${broken}\n${example?.text ?? ''}`;
    const shows = () =>
      example &&
      drilled.first(({ record, trial }) => {
        return record.call.call === example.call && trial === example.trial;
      });
    return finding(drilled, rule.status === 'held', told, shows);
  },

  /** No rule was violated that the scenario put to the test. */
  toKeepInvariants(drilled: Drilled): Finding {
    const { invariants } = drilled.report;
    const ids = Object.keys(invariants);
    const broken = ids.filter((id) => invariants[id]?.status === 'violated');
    const tested = ids.filter((id) => invariants[id]?.status === 'held').length;
    const [first] = broken;
    if (first === undefined) return { held: true, told: `${tested} invariants were kept` };
    const { told } = expectations.toKeepInvariant(drilled, first);
    return {
      held: false,
      told: broken.length > 1 ? `${broken.join(', ')} were violated\n${told}` : told,
    };
  },

  /** At least this share of the answers that a target gave came from this one. */
  toBeServedBy(drilled: Drilled, target: string, least: Share): Finding {
    const wanted = shareIn(least);
    const found = drilled.report.served_by?.[target] ?? 0;
    const told = `${target} served ${shareText(found)} of the answers, wanted >= ${shareText(wanted)}`;
    const shows = () => drilled.first(({ record: { servedBy } }) => servedBy?.target !== target);
    return finding(drilled, found >= wanted, told, shows);
  },
} as const;

const survived: ReadonlySet<string> = new Set([...usable, 'degraded', 'aborted']);
const served: ReadonlySet<Outcome> = new Set<Outcome>([...usable, 'aborted']);

/** `find` reads the history for the call that shows it: only where there is something to show. */
function finding(
  drilled: Drilled,
  held: boolean,
  told: string,
  find: (() => SeenCall | null) | null,
): Finding {
  const { scenario, chain, again } = drilled.report;
  const head = `${scenario}, chain ${chain}: ${told}`;
  const shows = held ? null : (find?.() ?? null);
  if (!shows) return { held, told: `${head}\n\nagain: ${again}` };
  const words = drilled.replayOf(shows);
  return { held, told: `${head}\n\n${drilled.timelineOf(shows)}\nagain: ${words}` };
}

function share(value: number | null): string {
  return value === null ? 'without a value' : shareText(value);
}

function shareIn(given: Share): number {
  const text = String(given).trim();
  const value = text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text);
  if (text !== '' && value >= 0 && value <= 1) return value;
  throw new TypeError(`${JSON.stringify(given)} is no share: write one from 0 to 1, or like "99%"`);
}

function msIn(given: Time): number {
  const ms = typeof given === 'number' ? given : durationMs(given.trim());
  if (ms !== null && ms >= 0) return ms;
  throw new TypeError(`${JSON.stringify(given)} is no time: write ms, or words like "2s"`);
}
