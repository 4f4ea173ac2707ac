// The YAML of the reference chain: its targets, its limits, and the layers of layer-config.ts.
// A key that nobody knows is refused, never ignored: a chain that seems to have a breaker and has
// none is worse than one without. Reading it loads no SDK.
import { existsSync } from 'node:fs';
import { basename, dirname, extname, resolve } from 'node:path';
import { z } from 'zod';
import { InputError } from '../errors.ts';
import { measuredSchema } from '../measured-means.ts';
import { duration, durationRange } from '../scenario/units.ts';
import { parseYaml, placeIn, readText } from '../scenario/yaml-file.ts';
import { balance, breaker, cache, positive, quality } from './layer-config.ts';
import type { QualitySettings, ReferenceSettings } from './settings.ts';
import { targetSettings } from './target-config.ts';

/** What holds where the file says nothing; ms. */
const defaults = {
  stream: true,
  maxTokens: 1024,
  timeoutMs: 20_000,
  firstTokenMs: 8_000,
  idleMs: 8_000,
  deadlineMs: 30_000,
  retries: 1,
  backoff: { fromMs: 250, toMs: 4_000 },
  hintCapMs: 5_000,
} as const;

/** `firstToken` and `idle` default to less where the whole attempt may take less. */
const attempt = z
  .strictObject({
    timeout: positive
      .default(defaults.timeoutMs)
      .describe('The most that an attempt may take in all, like 20s.'),
    headers: positive
      .optional()
      .describe('The longest wait for its headers; as firstToken where it is left out.'),
    firstToken: positive.optional().describe('The longest wait for its first token, like 8s.'),
    idle: positive.optional().describe('The longest silence after that, like 8s.'),
  })
  .superRefine((given, context) => {
    for (const key of ['headers', 'firstToken', 'idle'] as const) {
      if ((given[key] ?? 0) <= given.timeout) continue;
      const message = 'is longer than the whole attempt may take (timeout): write less';
      context.addIssue({ code: 'custom', path: [key], message });
    }
  })
  .transform(({ timeout, headers, firstToken, idle }) => ({
    timeoutMs: timeout,
    headersMs: headers ?? null,
    firstTokenMs: firstToken ?? Math.min(defaults.firstTokenMs, timeout),
    idleMs: idle ?? Math.min(defaults.idleMs, timeout),
  }));

const retry = z
  .strictObject({
    max: z
      .number()
      .int()
      .min(0)
      .max(10)
      .default(defaults.retries)
      .describe('How often the same target is asked again.'),
    backoff: durationRange
      .default(defaults.backoff)
      .describe('The wait before that: grows from the first to the second, like 250ms..4s.'),
    jitter: z
      .enum(['full', 'none'])
      .default('full')
      .describe(
        'full: the wait is drawn at random, up to the backoff or somewhat more; none: it is the backoff.',
      ),
    hintCap: duration
      .default(defaults.hintCapMs)
      .describe(
        "The longest wait that a provider's hint is given; for a longer one, the next target is asked.",
      ),
  })
  .transform(({ hintCap, ...rest }) => ({ ...rest, hintCapMs: hintCap }));

export const chainFile = z
  .strictObject({
    name: z.string().min(1).optional().describe('What reports call it; else the name of the file.'),
    targets: z.array(targetSettings).min(1).describe('Whom it asks, in this order.'),
    stream: z.boolean().default(defaults.stream).describe('Whether it streams.'),
    maxTokens: z
      .number()
      .int()
      .min(1)
      .default(defaults.maxTokens)
      .describe('The most tokens of an answer.'),
    attempt: attempt.prefault({}).describe('The limits of one attempt.'),
    deadline: positive
      .default(defaults.deadlineMs)
      .describe('The limit of a call, like 30s, shared fairly between its targets.'),
    retry: retry.prefault({}).describe('How the same target is asked again.'),
    afterPayload: z
      .enum(['error', 'continue'])
      .default('error')
      .describe(
        'What a stream that breaks after text does: error, or continue on the next target.',
      ),
    cache: cache.optional().describe('Which answers are kept; none where it is left out.'),
    degrade: z
      .string()
      .trim()
      .min(1)
      .optional()
      .describe('The polite reply when all targets fail; without it, an error.'),
    breaker: breaker
      .optional()
      .describe('When a target is left alone for a while; never where it is left out.'),
    balance: balance
      .optional()
      .describe('How calls are spread over keys and regions; not where it is left out.'),
    quality: quality
      .optional()
      .describe('Who may answer critical questions; all where it is left out.'),
    events: z
      .enum(['otel'])
      .optional()
      .describe('otel: spans of OpenTelemetry for every attempt; none where it is left out.'),
  })
  .superRefine(({ targets }, context) => {
    const seen = new Set<string>();
    for (const [index, target] of targets.entries()) {
      const { name, baseURL, keyVariable, wire } = target;
      const same = [name, baseURL, keyVariable, wire].join(' ');
      if (seen.has(same)) {
        const message = 'is the same as a target before it: no target is asked twice';
        context.addIssue({ code: 'custom', path: ['targets', index], message });
      }
      seen.add(same);
    }
  });

/** How the settings of a chain are read. */
export interface ReadingOptions {
  /** False: without its quality floor. What the floor looks up is measured without it. */
  floor?: boolean;
}

/**
 * The settings in a YAML text; `file` is for messages, the name, and where a table is looked for.
 * Throws InputError.
 */
export function parseReferenceSettings(
  text: string,
  file: string,
  { floor = true }: ReadingOptions = {},
): ReferenceSettings {
  const read = parseYaml(text, file, chainFile);
  const { name, deadline, cache: kept, degrade, quality: wanted, ...given } = read;
  return {
    name: name ?? basename(file, extname(file)),
    targets: given.targets,
    stream: given.stream,
    maxTokens: given.maxTokens,
    attempt: given.attempt,
    deadlineMs: deadline,
    retry: given.retry,
    afterPayload: given.afterPayload,
    cache: kept ?? null,
    quality: wanted && floor ? measuredFloor(wanted, given.targets, text, file) : null,
    breaker: given.breaker ?? null,
    balance: given.balance ?? null,
    degrade: degrade ?? null,
    events: given.events ?? null,
  };
}

/** The settings in a file. Throws InputError with file and line. */
export function readReferenceSettings(file: string, options?: ReadingOptions): ReferenceSettings {
  return parseReferenceSettings(readText(file), file, options);
}

/** A target that nobody has measured would be left out in silence: it is refused. */
function measuredFloor(
  { minimum, measured }: z.infer<typeof quality>,
  targets: ReferenceSettings['targets'],
  text: string,
  file: string,
): QualitySettings {
  const path = resolve(dirname(file), measured);
  const refuse = (why: string): never => {
    const place = placeIn(text, file, ['quality', 'measured']);
    const how = 'measure it with firedrill portability --table';
    throw new InputError(`quality.measured: ${why}: ${how}`, place);
  };
  if (!existsSync(path)) refuse(`there is no ${path}`);
  const table = parseYaml(readText(path), path, measuredSchema);
  const missing = targets.find(({ name }) => !table.targets[name]);
  if (missing) refuse(`nothing in the table is about ${missing.name}`);
  const means = Object.entries(table.targets).map(([target, families]) => {
    const each = Object.entries(families).map(([family, { mean }]) => [family, mean] as const);
    return [target, Object.fromEntries(each)] as const;
  });
  return { minimum, file: path, means: Object.fromEntries(means) };
}
