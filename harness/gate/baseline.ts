// The baseline of a gate: what the chain did when somebody last looked at it and agreed. One small
// file a scenario, sorted and without a date, so that a change of it can be read in a review.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { CallSums, SumsBySample } from '../comparison/call-sums.ts';
import { InputError } from '../errors.ts';
import { parsed } from '../parsed-json.ts';
import { mainIssue, telling } from '../scenario/issue.ts';
import { readText } from '../scenario/yaml-file.ts';
import { writeWhole } from '../whole-file.ts';
import { record } from '../wires/json.ts';

export const baselineVersion = 1;

const count = z.number().int().min(0);
const figure = z.number().nullable();

/** What is left out equals `calls`, or is 0 of what callers gave up and of what hung. */
const keptSums = z.strictObject({
  calls: count,
  aborted: count.optional(),
  usable: count.optional(),
  scored: count.optional(),
  good: count.optional(),
  attempts: count.optional(),
  shown: count.optional(),
  hung: count.optional(),
  micros: z.number(),
  healthy: count,
  served: count,
  latency_ms: z.array(count),
});

export const baselineSchema = z.strictObject({
  version: z.literal(baselineVersion),
  tool: z.string().describe('The version of firedrill that made it.'),
  scenario: z.string(),
  chain: z.string(),
  seed: count,
  trials: count,
  hashes: z
    .strictObject({
      scenario: z.string(),
      workload: z.string(),
      recordings: z.string(),
      targets: z.string(),
      chain: z.string(),
    })
    .describe('Of what the figures depend on: a change of one is named, not taken for another.'),
  figures: z.strictObject({
    goodput: figure,
    availability: figure,
    'quality.drop': figure,
    'latency_ms.p95': figure,
    'attempts_per_call.mean': figure,
    cost_per_call_usd: figure,
  }),
  violated: z.array(z.string()).describe('Invariants.'),
  samples: z
    .record(z.string(), keptSums)
    .describe('Sums over the calls of each sample, so that differences can be paired.'),
});

type Kept = z.infer<typeof baselineSchema>;

export interface Baseline extends Omit<Kept, 'samples'> {
  samples: SumsBySample;
}

/** By scenario; empty where there is no such folder. Throws InputError for what is no baseline. */
export function readBaselines(dir: string): Map<string, Baseline> {
  if (!existsSync(dir)) return new Map();
  const files = readdirSync(dir)
    .filter((name) => name.endsWith('.json'))
    .sort();
  return new Map(
    files.map((name) => {
      const file = join(dir, name);
      const given = parsed(readText(file));
      const read = baselineSchema.safeParse(given, telling);
      if (!read.success) throw new InputError(whyNot(given, read.error), { file });
      const { samples, ...rest } = read.data;
      return [rest.scenario, { ...rest, samples: whole(samples) }];
    }),
  );
}

/** Whoever changed it by hand is told where, and not to write it anew. */
function whyNot(given: unknown, error: z.ZodError): string {
  const { version } = record(given) ?? {};
  if (typeof version === 'number' && version !== baselineVersion) {
    return `is a baseline of version ${version}, this firedrill writes ${baselineVersion}: look at what gate says with its own version, then write it anew with gate --update`;
  }
  const back = 'a baseline is written by gate --update only: take it back from git';
  const issue = mainIssue(error.issues);
  if (!record(given) || !issue) return `is no JSON object: ${back}`;
  return `${issue.path.join('.') || 'it'}: ${issue.message}: ${back}`;
}

/** `only`: files of other scenarios are removed. */
export function writeBaselines(dir: string, baselines: readonly Baseline[], only: boolean): void {
  const names = new Set(baselines.map(({ scenario }) => `${scenario}.json`));
  for (const baseline of baselines) {
    writeWhole(join(dir, `${baseline.scenario}.json`), baselineText(baseline));
  }
  if (!only) return;
  for (const name of readdirSync(dir)) {
    if (name.endsWith('.json') && !names.has(name)) rmSync(join(dir, name));
  }
}

/** One line a sample. */
export function baselineText({ samples, ...rest }: Baseline): string {
  const head = JSON.stringify(rest, null, 2).replace(/\n}$/, '');
  const lines = Object.keys(samples)
    .sort()
    .map((name) => `    ${JSON.stringify(name)}: ${JSON.stringify(brief(samples[name]))}`);
  return `${head},\n  "samples": {\n${lines.join(',\n')}\n  }\n}\n`;
}

const usuallyAll = ['usable', 'scored', 'good', 'attempts', 'shown'] as const;
const usuallyNone = ['aborted', 'hung'] as const;

function brief(sums: CallSums | undefined): Partial<CallSums> {
  if (!sums) return {};
  const kept: Partial<CallSums> = { calls: sums.calls };
  for (const key of usuallyNone) if (sums[key] !== 0) kept[key] = sums[key];
  for (const key of usuallyAll) if (sums[key] !== sums.calls) kept[key] = sums[key];
  const { micros, healthy, served, latency_ms } = sums;
  return { ...kept, micros, healthy, served, latency_ms };
}

function whole(samples: Kept['samples']): SumsBySample {
  return Object.fromEntries(
    Object.entries(samples).map(([name, kept]) => {
      const all = Object.fromEntries(usuallyAll.map((key) => [key, kept.calls]));
      const none = Object.fromEntries(usuallyNone.map((key) => [key, 0]));
      return [name, { ...none, ...all, ...kept } as CallSums];
    }),
  );
}
