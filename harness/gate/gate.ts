// A run beside its baseline: what was breached, what got worse and what got better, as far as the
// same calls show it. docs/gate.md says what a regression is; docs/statistics.md what it is worth.
import type { CallSumsTally } from '../comparison/call-sums.ts';
import type { ComparedFigure } from '../comparison/cases.ts';
import { comparedFigures } from '../comparison/cases.ts';
import type { Difference } from '../comparison/difference.ts';
import { differenceOf } from '../comparison/difference.ts';
import { betterOf, figureValue } from '../comparison/figures.ts';
import { shownTo } from '../comparison/holm.ts';
import { settled } from '../comparison/settled.ts';
import { askedRules, breachesOf, violationsOf } from '../formats/breaches.ts';
import { answersIn } from '../formats/provenance-text.ts';
import type { Report, ScenarioRow } from '../report.ts';
import { stream } from '../rng.ts';
import { version } from '../version.ts';
import type { Baseline } from './baseline.ts';
import { baselineVersion } from './baseline.ts';
import type { GateFinding, GateReport } from './gate-report.ts';
import { gateVersion } from './gate-report.ts';
import { changeText } from './gate-text.ts';
import type { Hashes } from './hashes.ts';
import type { MinEffects } from './min-effects.ts';
import { leastChange } from './min-effects.ts';

export interface GateInput {
  report: Report;
  trials: number;
  sums: ReadonlyMap<string, CallSumsTally>;
  hashes: ReadonlyMap<string, Hashes>;
  baselines: ReadonlyMap<string, Baseline>;
  /** Whether every scenario that there is was drilled: what is missing then is gone. */
  whole: boolean;
  minEffects: MinEffects;
  /** As messages name it. */
  baselineDir: string;
  replay(scenario: string, at: { trial: number; call: number }): string;
}

/** What the run is kept as, where it becomes the baseline. */
export function baselinesOf({ report, trials, sums, hashes }: GateInput): Baseline[] {
  return report.scenarios.map((row): Baseline => {
    const found = sums.get(row.scenario);
    const own = hashes.get(row.scenario);
    if (!found || !own) throw new Error(`nothing is known of ${row.scenario}`);
    return {
      version: baselineVersion,
      tool: version,
      scenario: row.scenario,
      chain: report.chain,
      seed: report.seed,
      trials,
      hashes: own,
      figures: figuresOf(found),
      violated: violationsOf(row).map(({ id }) => id),
      samples: found.samples,
    };
  });
}

export function gate(input: GateInput): GateReport {
  const { report, trials, baselines, baselineDir, whole } = input;
  const scenarios = report.scenarios.map((row) => stateOf(input, row));
  const rows = report.scenarios.flatMap((row, at) => {
    const baseline = baselines.get(row.scenario);
    return baseline && scenarios[at]?.status === 'compared' ? [{ row, baseline }] : [];
  });
  const known = new Map(rows.map(({ row, baseline }) => [row.scenario, baseline]));
  const findings = [
    ...report.scenarios.flatMap((row) => breaches(row, known.get(row.scenario))),
    ...rows.flatMap(({ row, baseline }) => newlyViolated(row, baseline)),
    ...changes(input, rows),
    ...rows.flatMap(({ row, baseline }) => noLongerViolated(row, baseline)),
  ];
  const order: GateFinding['kind'][] = ['breach', 'violation', 'regression', 'improvement'];
  return {
    version: gateVersion,
    tool: { name: 'firedrill', version },
    chain: report.chain,
    baseline: baselineDir,
    seed: report.seed,
    trials,
    passed: findings.every(({ kind }) => kind === 'improvement'),
    scenarios,
    gone: whole ? [...baselines.keys()].filter((name) => !input.sums.has(name)) : [],
    notes: notesOf(input),
    findings: findings.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind)),
    answers: answersIn(report.scenarios),
  };
}

function figuresOf(tally: CallSumsTally): Record<ComparedFigure, number | null> {
  const cells = [{ weight: 1, world: '', sums: tally.samples }];
  const entries = comparedFigures.map((figure) => {
    const isUnpriced = figure === 'cost_per_call_usd' && tally.unpriced.length > 0;
    return [figure, isUnpriced ? null : settled(figureValue(figure, cells))];
  });
  return Object.fromEntries(entries) as Record<ComparedFigure, number | null>;
}

function stateOf(
  { sums, hashes, baselines }: GateInput,
  { scenario }: ScenarioRow,
): GateReport['scenarios'][number] {
  const found = sums.get(scenario);
  const own = hashes.get(scenario);
  if (!found || !own) throw new Error(`nothing is known of ${scenario}`);
  const baseline = baselines.get(scenario);
  const figures = figuresOf(found);
  if (!baseline) return { scenario, status: 'new', changed: [], figures, before: null };
  const names = ['scenario', 'workload', 'recordings', 'targets'] as const;
  const changed = names.filter((name) => baseline.hashes[name] !== own[name]);
  const status = changed.length > 0 ? 'changed' : 'compared';
  return { scenario, status, changed, figures, before: baseline.figures };
}

function notesOf({ report, baselines }: GateInput): string[] {
  const others = [...new Set([...baselines.values()].map(({ tool }) => tool))].filter(
    (tool) => tool !== version,
  );
  const chains = [...new Set([...baselines.values()].map(({ chain }) => chain))].filter(
    (chain) => chain !== report.chain,
  );
  return [
    ...others.map((tool) => `the baseline was made by firedrill ${tool}, this is ${version}`),
    ...chains.map((chain) => `the baseline is that of the chain ${chain}`),
  ];
}

/** Rules that were broken before the change are told as what they are: a breached threshold. */
function breaches(row: ScenarioRow, baseline: Baseline | undefined): GateFinding[] {
  return breachesOf(row).flatMap(({ path, finding, bound, again }): GateFinding[] => {
    const head = { kind: 'breach' as const, scenario: row.scenario, change: null };
    if (path !== 'invariants') {
      return [
        { ...head, figure: path, text: `${path} ${finding}, wanted ${bound}`, replay: again },
      ];
    }
    const asked = askedRules(row);
    return violationsOf(row)
      .filter(({ id }) => asked.has(id))
      .filter(({ id }) => !baseline || baseline.violated.includes(id))
      .map(({ id, violations, rule, again }) => {
        const text = `${id} is violated ${violations}x: ${rule}`;
        return { ...head, figure: id, text, replay: again };
      });
  });
}

function newlyViolated(row: ScenarioRow, { violated }: Baseline): GateFinding[] {
  return violationsOf(row)
    .filter(({ id }) => !violated.includes(id))
    .map(({ id, violations, rule, again }): GateFinding => {
      const text = `${id} held in the baseline and is violated ${violations}x: ${rule}`;
      const { scenario } = row;
      return { kind: 'violation', scenario, figure: id, change: null, text, replay: again };
    });
}

function noLongerViolated(row: ScenarioRow, { violated }: Baseline): GateFinding[] {
  return violated
    .filter((id) => row.invariants[id]?.status !== 'violated')
    .map((id): GateFinding => {
      const text = `${id} was violated in the baseline and is not any more`;
      const { scenario } = row;
      return { kind: 'improvement', scenario, figure: id, change: null, text, replay: null };
    });
}

/** Of all figures of all scenarios together at most one gate in twenty speaks of chance. */
function changes(
  { sums, minEffects, replay, report: { seed } }: GateInput,
  rows: readonly { row: ScenarioRow; baseline: Baseline }[],
): GateFinding[] {
  const found = rows.flatMap(({ row: { scenario }, baseline }) => {
    const tally = sums.get(scenario);
    const now = tally ? figuresOf(tally) : null;
    return comparedFigures.flatMap((figure) => {
      // Without a price on either side there is no cost to compare.
      const isUnknown =
        figure === 'cost_per_call_usd' && !(now?.[figure] && baseline.figures[figure]);
      if (!tally || isUnknown) return [];
      const [from, to] = [baseline.samples, tally.samples].map((samples) => ({
        weight: 1,
        world: '',
        sums: samples,
      }));
      if (!from || !to) return [];
      const rng = () => stream(seed, 'gate', scenario, figure);
      const difference = differenceOf(figure, [{ from, to }], rng);
      return difference.test ? [{ scenario, tally, difference, test: difference.test }] : [];
    });
  });
  const shown = shownTo(found.map(({ test }) => test));
  return found.flatMap(({ scenario, tally, difference }, at) => {
    const finding = shown[at] ? changeOf(scenario, difference, minEffects) : null;
    if (!finding) return [];
    const worst = tally.cases[difference.figure];
    return [{ ...finding, replay: worst ? replay(scenario, worst) : null }];
  });
}

function changeOf(
  scenario: string,
  { figure, from, to, difference, ci95 }: Difference,
  effects: MinEffects,
): GateFinding | null {
  if (from === null || to === null || difference === null || ci95 === null) return null;
  const effect = effects[figure];
  if (Math.abs(difference) < leastChange(effect, Number.isFinite(from) ? from : 0)) return null;
  const isWorse = difference > 0 === (betterOf(figure) === 'lower');
  const bar = `from ${effect.text}`;
  return {
    kind: isWorse ? 'regression' : 'improvement',
    scenario,
    figure,
    change: {
      from: settled(from),
      to: settled(to),
      difference: settled(difference),
      ci95: [settled(ci95[0]), settled(ci95[1])],
      bar: effect.text,
    },
    text: changeText(figure, { from, to, difference, ci95, bar }),
    replay: null,
  };
}
