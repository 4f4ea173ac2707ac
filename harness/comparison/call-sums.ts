// What a chain did with the calls of a scenario, as sums by sample: all that a comparison of two
// chains needs. Small enough to be kept beside a chain for years, and to cross threads.
import type { CallRecord } from '../outcome/call-record.ts';
import { usable } from '../outcome/outcome-kinds.ts';
import { microsOf } from '../plan-view.ts';
import type { Scorer, TrialView } from '../scorers/scorer.ts';
import { isGood, isShown, isUnscored, scoresOf } from '../scoring/answer-scores.ts';
import type { Case, Cases } from './cases.ts';
import { mergeCases, noteCases } from './cases.ts';

/** Over the calls of one sample; all but `aborted` and `micros` leave out what callers gave up. */
export interface CallSums {
  calls: number;
  aborted: number;
  usable: number;
  /** Calls whose answer can be scored, and those of them that were well served. */
  scored: number;
  good: number;
  attempts: number;
  /** Millionths of a dollar. */
  micros: number;
  /** Scored answers that were shown as success; scores in millionths. */
  shown: number;
  healthy: number;
  served: number;
  hung: number;
  /** Rising. */
  latency_ms: number[];
}

/** By sample; where samples are few, by sample and part of its calls. */
export type SumsBySample = Record<string, CallSums>;

export interface CallSumsTally {
  samples: SumsBySample;
  /** The calls that show a figure at its worst. */
  cases: Cases;
  /** Targets that were billed and have no price. */
  unpriced: string[];
}

interface State {
  view: TrialView;
  /** By sample, then by the number of the call. */
  samples: Map<string, (CallSums | undefined)[]>;
  cases: Cases;
  unpriced: Set<string>;
}

/** Below so many samples they are taken as they are, and what varies are parts of their calls. */
export const fewSamples = 12;

const parts = 24;

export const callSums: Scorer<State, CallSumsTally> = {
  name: 'call-sums',
  start: (view) => ({ view, samples: new Map(), cases: {}, unpriced: new Set() }),
  call(state, record) {
    const sums = sumsFor(state, record);
    const micros = billedMicros(state, record);
    sums.micros += micros;
    if (record.outcome === 'aborted') sums.aborted++;
    else count(state, sums, record, micros);
  },
  end({ samples, cases, unpriced }) {
    return {
      samples: samples.size < fewSamples ? byPart(samples) : bySample(samples),
      cases,
      unpriced: [...unpriced].sort(),
    };
  },
  merge: (a, b) => ({
    samples: mergeSamples(a.samples, b.samples),
    cases: mergeCases(a.cases, b.cases),
    unpriced: [...new Set([...a.unpriced, ...b.unpriced])].sort(),
  }),
  figures: () => ({}),
};

export function noCallSums(): CallSums {
  const counts = { calls: 0, aborted: 0, usable: 0, scored: 0, good: 0, attempts: 0, micros: 0 };
  return { ...counts, shown: 0, healthy: 0, served: 0, hung: 0, latency_ms: [] };
}

function sumsFor({ samples }: State, { call }: CallRecord): CallSums {
  let byCall = samples.get(call.sample);
  if (!byCall) {
    byCall = [];
    samples.set(call.sample, byCall);
  }
  const part = call.call % parts;
  byCall[part] ??= noCallSums();
  return byCall[part];
}

function count(state: State, sums: CallSums, record: CallRecord, micros: number): void {
  const { outcome, answer, call, attempts } = record;
  const { view, cases } = state;
  sums.calls++;
  sums.attempts += attempts.length;
  if (usable.has(outcome)) sums.usable++;
  const good = isGood(view, record);
  if (!isUnscored(record)) {
    sums.scored++;
    if (good) sums.good++;
  }
  const isHung = outcome === 'hung' || !answer;
  const ms = isHung ? Number.POSITIVE_INFINITY : Math.max(0, Math.round(answer.t - call.due));
  if (isHung) sums.hung++;
  else sums.latency_ms.push(ms);
  const scores = isShown(record) ? scoresOf(record) : null;
  if (scores) {
    sums.shown++;
    sums.healthy += Math.round(scores.healthy * 1e6);
    sums.served += Math.round(scores.served * 1e6);
  }
  const at: Case = { trial: view.trial.trial, call: call.call };
  noteCases(cases, at, {
    goodput: good ? 0 : 1,
    availability: usable.has(outcome) ? 0 : 1,
    'quality.drop': scores ? scores.healthy - scores.served : 0,
    'latency_ms.p95': ms,
    'attempts_per_call.mean': attempts.length,
    cost_per_call_usd: micros,
  });
}

function billedMicros({ view, unpriced }: State, { attempts }: CallRecord): number {
  let micros = 0;
  for (const { target, end } of attempts) {
    if (!end || end.input + end.output === 0) continue;
    const price = view.price(target);
    if (price) micros += microsOf(price, end);
    else unpriced.add(target);
  }
  return micros;
}

function byPart(samples: State['samples']): SumsBySample {
  const entries = [...samples].flatMap(([sample, byCall]) =>
    byCall.flatMap((sums, part) => (sums ? [[`${sample} #${part}`, finished([sums])]] : [])),
  );
  return Object.fromEntries(entries);
}

function bySample(samples: State['samples']): SumsBySample {
  return Object.fromEntries(
    [...samples].map(([sample, byCall]) => [sample, finished(byCall.filter((one) => one))]),
  );
}

function mergeSamples(a: SumsBySample, b: SumsBySample): SumsBySample {
  const merged = { ...a };
  for (const [sample, sums] of Object.entries(b)) {
    const own = merged[sample];
    merged[sample] = own ? finished([own, sums]) : sums;
  }
  return merged;
}

/** The sum, as it is kept. */
function finished(all: readonly (CallSums | undefined)[]): CallSums {
  const sum = noCallSums();
  for (const one of all) {
    if (!one) continue;
    for (const key of Object.keys(sum) as (keyof CallSums)[]) {
      if (key !== 'latency_ms') sum[key] += one[key];
    }
    sum.latency_ms.push(...one.latency_ms);
  }
  sum.latency_ms.sort((x, y) => x - y);
  // Sums of prices are fractions that differ in their last digit with the order of calls.
  sum.micros = Math.round(sum.micros * 1e3) / 1e3;
  return sum;
}
