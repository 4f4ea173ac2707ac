// The targets file: which host and key belong to which provider and region, how fast a model is and
// what it costs, each figure with its source. A request to a host that it does not name is refused.
import { z } from 'zod';
import type { DialectName } from '../dialects/dialect-name.ts';
import { dialectNames } from '../dialects/dialect-name.ts';
import type { ModelPrice } from '../plan-view.ts';
import type { Rng } from '../rng.ts';
import { expecting } from '../scenario/issue.ts';
import { someTime } from '../scenario/units.ts';
import { readYaml } from '../scenario/yaml-file.ts';
import type { Pace } from './pace.ts';
import { replaying } from './pace.ts';
import { targetName } from './recording.ts';

const source = z.string().min(1).describe('Where the figure comes from.');
const why = z.string().min(1).describe('Why this is assumed.');

/** Half of all times are below the one, nineteen of twenty below the other. */
const range = {
  p50: someTime.describe('The median, like 400ms.'),
  p95: someTime.describe('The 95th percentile, like 1200ms.'),
};

const isRange = (given: { p50: number; p95: number }): boolean => given.p95 >= given.p50;
const isRangeText = { path: ['p95'], message: 'is below p50' };

const recordedTimes = z
  .union([z.enum(['exact', 'unused']), z.number().positive()], {
    error: expecting('exact, unused, or so many times the recorded times, like 2'),
  })
  .optional()
  .describe(
    'When the frames of recordings come that have times: as recorded (exact), so many times as late (2), or at the pace here (unused).',
  );

const model = z.strictObject({
  ttft: z
    .strictObject({ ...range, source })
    .refine(isRange, isRangeText)
    .describe('Time to the first token: log-normal with this median and 95th percentile.'),
  speed: z
    .strictObject({ tokensPerSecond: z.number().positive().describe('Tokens a second.'), source })
    .describe('How fast tokens come after the first.'),
  price: z
    .strictObject({
      input: z.number().nonnegative().describe('Of the input.'),
      output: z.number().nonnegative().describe('Of the output.'),
      source,
    })
    .describe('What it costs, in USD per million tokens.'),
  embedding: z
    .literal(true)
    .optional()
    .describe('It gives vectors, which firedrill makes: no recording of it is needed.'),
  context: z
    .strictObject({ tokens: z.number().int().positive().describe('In tokens.'), source })
    .optional()
    .describe('Its context window.'),
  recordedTimes,
});

/** What a file says of a model: the rest is as an earlier file has it, else assumed. */
const facts = model.partial();

const host = z.strictObject({
  host: z
    .string()
    .regex(
      /^(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*(?::\d{1,5})?$/i,
      'expected the host alone, like api.groq.com, localhost:8000 or *.example.com',
    )
    .describe(
      'The host alone, with its port where that is not the usual one; *.example.com for all below a name.',
    ),
  provider: z
    .string()
    .regex(/^[^/\s]+$/, 'expected a name without a slash, like groq')
    .describe('Whose it is: the word before the slash of its targets, and of `on: { provider }`.'),
  region: z
    .string()
    .optional()
    .describe('Where it runs, in any word: `on: { region }` meets it by that.'),
  dialect: z
    .enum(dialectNames)
    .optional()
    .describe('How it tells errors, where that is not as OpenAI does: `firedrill list dialects`.'),
});

export const targetsSchema = z.strictObject({
  hosts: z.array(host).default([]).describe('Which host belongs to which provider.'),
  assumed: z
    .strictObject({
      rejection: z
        .strictObject({ ...range, why })
        .refine(isRange, isRangeText)
        .describe('Time to a rejection or a broken connection.'),
      model: model
        .extend({ why })
        .describe('What holds for models without an entry, and for what an entry leaves out.'),
    })
    .optional()
    .describe('What is assumed where nobody publishes a figure.'),
  recordedTimes,
  models: z
    .record(targetName, facts)
    .default({})
    .describe(
      'How fast models are and what they cost, by provider/model; what one leaves out is as the file before has it.',
    ),
});

export type TargetsFile = z.infer<typeof targetsSchema>;
type ModelFacts = z.infer<typeof facts>;

export interface Host {
  provider: string;
  region: string | null;
  /** How it tells errors; absent: as the wire's own provider does. */
  dialect?: DialectName;
  /** Other providers that a chain has behind the same host. */
  beside?: Host[];
}

export interface Targets {
  /** Null for a host that no file names. */
  host(name: string): Host | null;
  providers(): string[];
  /** Whether the files have its speed and price; else what they lack is assumed. */
  knows(target: string): boolean;
  price(target: string): ModelPrice | null;
  /** Whether a file has its price; else it is assumed, as that of any model. */
  hasPrice(target: string): boolean;
  /** Its context window, and who says so; null where no file has it. */
  context(target: string): { tokens: number; source: string } | null;
  /** Targets that give vectors. */
  embeddings(): string[];
  /** A target's pace for one attempt, drawn from `rng`. */
  pace(target: string, rng: Rng): Pace;
  /** Median time to the first token, ms. */
  medianTtftMs(target: string): number;
}

export function readTargets(files: string[]): TargetsFile[] {
  return files.map((file) => readYaml(file, targetsSchema));
}

/** Later files win over earlier ones; `extra` hosts (a chain's own base URLs) over all. */
export function createTargets(
  files: TargetsFile[],
  extra: { host: string; provider: string; region: string | null }[] = [],
): Targets {
  const hosts = new Map<string, Host>();
  const models = new Map<string, ModelFacts>();
  for (const file of files) {
    for (const { host, provider, region, dialect } of file.hosts) {
      hosts.set(host, { provider, region: region ?? null, ...(dialect ? { dialect } : {}) });
    }
    for (const [name, facts] of Object.entries(file.models)) {
      models.set(name, { ...models.get(name), ...facts });
    }
  }
  for (const [name, owners] of Map.groupBy(extra, ({ host }) => host)) {
    // Whoever names a host of their own says whose it is, not how it speaks.
    const dialect = hostIn(hosts, name)?.dialect;
    const byProvider = new Map<string, Host>();
    for (const { provider, region } of owners) {
      byProvider.set(provider, { provider, region, ...(dialect ? { dialect } : {}) });
    }
    const [first, ...beside] = byProvider.values();
    if (first) hosts.set(name, beside.length > 0 ? { ...first, beside } : first);
  }
  const assumed = files.map((file) => file.assumed).findLast((one) => one !== undefined);
  const ofAll = files.map((file) => file.recordedTimes).findLast((one) => one !== undefined);
  const rejection = assumed?.rejection ?? { p50: 80, p95: 250 };
  const factsOf = (target: string): ModelFacts => ({ ...assumed?.model, ...models.get(target) });
  const isWhole = ({ ttft, speed, price }: ModelFacts = {}): boolean => !!(ttft && speed && price);
  return {
    host: (name) => hostIn(hosts, name),
    providers: () => {
      const all = [...hosts.values()].flatMap((host) => [host, ...(host.beside ?? [])]);
      return [...new Set(all.map(({ provider }) => provider))];
    },
    knows: (target) => isWhole(models.get(target)),
    price: (target) => factsOf(target).price ?? null,
    hasPrice: (target) => models.get(target)?.price !== undefined,
    context: (target) => models.get(target)?.context ?? null,
    embeddings: () => [...models].filter(([, { embedding }]) => embedding).map(([name]) => name),
    medianTtftMs: (target) => factsOf(target).ttft?.p50 ?? 600,
    pace: (target, rng) => {
      const facts = factsOf(target);
      const times = facts.recordedTimes ?? ofAll ?? 'exact';
      const pace = {
        ttftMs: logNormal(facts.ttft ?? { p50: 600, p95: 1200 }, rng),
        tokensPerSecond: facts.speed?.tokensPerSecond ?? 60,
        rejectMs: logNormal(rejection, rng),
      };
      return times === 'unused' ? pace : replaying(pace, times === 'exact' ? 1 : times);
    },
  };
}

/** By its whole name, else by the nearest name above it that has a star before it. */
function hostIn(hosts: ReadonlyMap<string, Host>, name: string): Host | null {
  const own = hosts.get(name);
  if (own) return own;
  for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
    const above = hosts.get(`*${name.slice(dot)}`);
    if (above) return above;
  }
  return null;
}

/** The standard normal's 95th percentile. */
const z95 = 1.6448536269514722;

/** Whole ms, at least 1. */
function logNormal(range: { p50: number; p95: number }, rng: Rng): number {
  const sigma = Math.log(range.p95 / range.p50) / z95;
  return Math.max(1, Math.round(range.p50 * Math.exp(sigma * rng.normal())));
}
