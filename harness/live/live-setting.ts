// What a live run is made with: the words of the command, checked against the plan before anything
// is asked; and what a person is told before it spends. Loads nothing that drills.
import { readReferenceSettings } from '../chains/reference-config.ts';
import { keyOf } from '../chains/target-key.ts';
import { InputError } from '../errors.ts';
import { timeText } from '../formats/figure-text.ts';
import { shown } from '../project.ts';
import { usdText } from '../recordings/record-text.ts';
import type { Plan } from '../run/plan.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { createTargets, readTargets } from '../upstream/targets.ts';
import type { LiveSetup } from './live-setup.ts';
import { unpriced } from './spending.ts';

/** The options of the command. */
export interface LiveWords {
  live?: boolean;
  calls?: number;
  maxCost?: number;
  maxRequests?: number;
  yes?: boolean;
}

/** As a shell reads them back; undefined where it is no live run. */
export function liveWordsOf(words: LiveWords): string | undefined {
  if (!words.live) return undefined;
  const { calls, maxCost, maxRequests } = words;
  const given = { calls, 'max-cost': maxCost, 'max-requests': maxRequests };
  const limits = Object.entries(given).filter(([, value]) => value !== undefined);
  return ['--live', ...limits.map(([name, value]) => `--${name} ${value}`)].join(' ');
}

/** Throws InputError for words that mean nothing without --live. */
export function refuseWithoutLive(words: LiveWords): void {
  if (words.live) return;
  const { calls, maxCost, maxRequests, yes } = words;
  const given = { calls, 'max-cost': maxCost, 'max-requests': maxRequests, yes };
  const first = Object.entries(given).find(([, value]) => value !== undefined)?.[0];
  if (first) throw new InputError(`--${first} is of live runs: write --live, or leave it out`);
}

/** `date` is today's. Throws InputError: no limit, no key, no price. */
export function liveSetupOf(
  words: LiveWords,
  plan: Plan & { live: { calls: number } },
  date: string,
  cwd: string,
): LiveSetup {
  const { maxCost = null, maxRequests = null } = words;
  if (maxCost === null && maxRequests === null) {
    const how = 'write the most that it may cost, like --max-cost 1.50, or --max-requests 100';
    throw new InputError(`--live spends money, and faults make chains ask again: ${how}`);
  }
  const { chainFile } = plan;
  const known = /\.ya?ml$/.test(chainFile) ? readReferenceSettings(chainFile).targets : null;
  for (const target of known ?? []) keyOf(target);
  const keyVariables = known
    ? known.map(({ keyVariable, provider }) => ({ variable: keyVariable, provider }))
    : usualKeys.filter(({ variable }) => process.env[variable]);
  if (keyVariables.length === 0) {
    const names = usualKeys.map(({ variable }) => variable).join(', ');
    throw new InputError(`--live needs a key: set ${names}, as ${shown(chainFile, cwd)} reads it`);
  }
  const targets = createTargets(readTargets(plan.targetsFiles));
  const unknown = known?.find(({ name }) => !targets.hasPrice(name));
  if (maxCost !== null && unknown) throw new InputError(unpriced(unknown.name));
  return {
    hosts: known && [...new Set(known.map(({ baseURL }) => new URL(baseURL).host))],
    keyVariables,
    maxUsd: maxCost,
    maxRequests,
    spent: { requests: 0, tokens: 0, usd: 0 },
    calls: plan.live.calls,
    date,
  };
}

const usualKeys = [
  { variable: 'OPENAI_API_KEY', provider: 'openai' },
  { variable: 'ANTHROPIC_API_KEY', provider: 'anthropic' },
  { variable: 'GEMINI_API_KEY', provider: 'google' },
  { variable: 'GOOGLE_API_KEY', provider: 'google' },
];

/** What is asked before anything is sent. */
export function liveText({ calls, maxUsd, maxRequests }: LiveSetup, plan: Plan): string {
  const trials = plan.jobs.length;
  const lasts = plan.jobs.reduce((sum, { scenario }) => {
    const of = plan.scenarios[scenario]?.scenario;
    return sum + (of ? lastsMs(of) : 0);
  }, 0);
  const limits = [
    ...(maxUsd === null ? [] : [`${usdText(maxUsd)}`]),
    ...(maxRequests === null ? [] : [`${maxRequests} requests`]),
  ];
  const of = trials === 1 ? '1 trial' : `${trials} trials`;
  return `live: ${of} of at most ${calls} calls to real providers, about ${timeText(lasts)}, at most ${limits.join(' and ')}`;
}

function lastsMs({ arrival }: Scenario): number {
  return 'for' in arrival ? arrival.for : 0;
}
