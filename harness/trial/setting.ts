// What a trial is judged against, gathered once and written into its history: scores need nothing
// else, so a history can be judged again anywhere, long after its scenario has changed.
import type { Chain } from '../chains/chain.ts';
import type { TrialEvent } from '../history.ts';
import type { Limits } from '../limits.ts';
import { ruleText, windowsOf } from '../scenario/rule.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { TrialView } from '../scorers/scorer.ts';
import type { Setting } from '../setting.ts';
import type { AnswerBook } from '../upstream/answer-book.ts';
import type { Targets } from '../upstream/targets.ts';
import type { Sample } from '../workloads/workload.ts';

export function settingOf(of: {
  scenario: Scenario;
  chain: Pick<Chain, 'limits'>;
  book: AnswerBook;
  targets: Targets;
}): Setting {
  const { scenario, chain, book, targets } = of;
  const setting: Setting = {
    limits: tightened(scenario.limits, chain.limits),
    deadlineMs: scenario.deadline ?? null,
    floor: scenario.floor,
    windows: scenario.faults.flatMap(windowsOf),
    rules: scenario.faults.map(ruleText),
    thresholds: scenario.thresholds,
    ...(scenario.expect ? { expect: scenario.expect } : {}),
    recordings: {},
    ...(book.judge ? { judge: book.judge } : {}),
    prices: {},
    families: {},
    critical: [],
    special: [],
  };
  for (const target of book.targets()) {
    const provenance = book.provenance(target);
    const price = targets.price(target);
    if (provenance) {
      setting.recordings[target] = { ...provenance, assumed: !targets.knows(target) };
    }
    if (price) setting.prices[target] = { input: price.input, output: price.output };
  }
  // Nothing of them is recorded, so that only their use tells which of them matter.
  for (const target of targets.embeddings()) {
    const price = targets.price(target);
    if (price) setting.prices[target] = { input: price.input, output: price.output };
  }
  for (const sample of book.samples) {
    if (sample.family !== null) setting.families[sample.id] = sample.family;
    if (sample.critical) setting.critical.push(sample.id);
    if (isSpecial(sample)) setting.special?.push(sample.id);
  }
  return setting;
}

/** A chain may send longer ones to whoever has the window for them, characters. */
const longPrompt = 4_000;

function isSpecial({ schema, tools, system, prompt }: Sample): boolean {
  const length = (system?.length ?? 0) + prompt.length;
  return schema !== null || tools !== undefined || length > longPrompt;
}

/** A chain may only tighten the scenario's limits; what it promises about refusals is its own. */
function tightened(limits: Limits, own: Partial<Limits>): Limits {
  const least = (key: Exclude<keyof Limits, 'refusal'>): number =>
    Math.min(limits[key], own[key] ?? Number.POSITIVE_INFINITY);
  return {
    attempts: least('attempts'),
    idleMs: least('idleMs'),
    attemptMs: least('attemptMs'),
    deadlineMs: least('deadlineMs'),
    hintCapMs: least('hintCapMs'),
    probesPerMinute: least('probesPerMinute'),
    recoveryMs: least('recoveryMs'),
    refusal: own.refusal ?? limits.refusal,
  };
}

/** The view that scorers and invariants take. */
export function viewOf(trial: TrialEvent): TrialView {
  const { setting } = trial;
  const critical = new Set(setting.critical);
  const special = new Set(setting.special);
  return {
    trial,
    limits: setting.limits,
    deadlineMs: setting.deadlineMs,
    floor: setting.floor,
    windows: setting.windows,
    price: (target) => setting.prices[target] ?? null,
    family: (sample) => setting.families[sample] ?? null,
    critical: (sample) => critical.has(sample),
    special: (sample) => special.has(sample),
  };
}
