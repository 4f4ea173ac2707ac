// One rule of a scenario's `faults`: what to inject, on what, when. Reading only; schedule.ts
// fires.
import { z } from 'zod';
import type { Decide } from '../faults/fault.ts';
import { faults } from '../faults/index.ts';
import type { FaultWindow } from '../plan-view.ts';
import { wireNames } from '../wires/wire-name.ts';
import { expectedText, expecting, tellingWith } from './issue.ts';
import { unknownWord } from './nearest.ts';
import type { Numbers, Ramp } from './units.ts';
import { duration, durationMs, numbers, ramp, someTime } from './units.ts';

const oneOrMore = z
  .union([z.string(), z.array(z.string()).min(1)])
  .transform((value) => [value].flat());

const selection = z.strictObject({
  provider: oneOrMore.optional().describe("The provider of the request's host, or a list: openai."),
  model: oneOrMore
    .optional()
    .describe('The model that the request names, or a list; stars stand for anything: "*opus*".'),
  region: oneOrMore
    .optional()
    .describe("The region of the request's host in a targets file, or a list."),
  key: oneOrMore.optional().describe('The API key itself, as the request carries it, or a list.'),
  wire: z
    .union([z.enum(wireNames), z.array(z.enum(wireNames))])
    .transform((value) => [value].flat())
    .refine((list) => list.length > 0, 'expected at least 1 entry')
    .optional()
    .describe('The API that is spoken, or a list: `firedrill list wires`.'),
  stream: z.boolean().optional().describe('Whether the request asks for a stream.'),
});

const perWords = 'attempt, call, or a duration like 30s';

const per = z
  .string({ error: expecting(perWords) })
  .transform((text, context): 'attempt' | 'call' | number => {
    if (text === 'attempt' || text === 'call') return text;
    const ms = durationMs(text);
    if (ms) return ms;
    context.addIssue({ code: 'custom', message: expectedText(perWords, text) });
    return z.NEVER;
  });

export const common = z.looseObject({
  inject: z
    .string({ error: expecting(`a fault: ${Object.keys(faults).join(', ')}`) })
    .describe('The fault, by a name from `firedrill list faults`.'),
  on: selection.default({}).describe('Which requests it meets; all where it is left out.'),
  from: duration
    .default(0)
    .describe("When its window begins, in virtual time since the trial's start, like 5m."),
  to: duration.optional().describe('When its window ends, like 15m; without it never.'),
  every: someTime
    .optional()
    .describe('With `for`: within the window, only the first `for` of every so long, like 2m.'),
  for: someTime.optional().describe('With `every`: how long it lasts each time, like 30s.'),
  chance: ramp
    .default({ from: 1, to: 1 })
    .describe('How often it fires: a share like 30%, or a ramp over the window like 60% -> 0%.'),
  per: per
    .default('attempt')
    .describe(
      'What `chance` is drawn for: attempt, call, or a stretch of time like 30s; all attempts of one fare alike.',
    ),
  attempt: numbers
    .optional()
    .describe(
      'Which attempts of a call, of those that `on` matches: 1, [1, 3], or a range like 1..2.',
    ),
  call: numbers.optional().describe('Which calls, by number: 6, [1, 3], or a range like 1..20.'),
  times: z
    .number()
    .int()
    .min(1)
    .optional()
    .describe('How often it fires in a trial at most, whatever the call.'),
});

export type Selection = z.infer<typeof selection>;

export interface Rule {
  fault: string;
  /** Begins a trial: what the rule does to each attempt from then on. */
  arm(): Decide;
  /** Whether it keeps something from one attempt to the next. */
  keepsState: boolean;
  /** Targets whose answers it gives in place of others'. */
  answersOf: string[];
  on: Selection;
  fromMs: number;
  /** Null: without an end. */
  toMs: number | null;
  /** Null: the whole window. */
  beat: { everyMs: number; forMs: number } | null;
  chance: Ramp;
  /** What the chance is drawn for: ms for stretches of time. */
  per: 'attempt' | 'call' | number;
  attempt: Numbers | null;
  call: Numbers | null;
  /** Null: as often as it comes to that. */
  times: number | null;
}

const commonKeys = Object.keys(common.shape);

export const rule = common.transform((given, context): Rule => {
  const fault = Object.hasOwn(faults, given.inject) ? faults[given.inject] : undefined;
  if (!fault) {
    const message = unknownWord('fault', given.inject, Object.keys(faults));
    context.addIssue({ code: 'custom', path: ['inject'], message });
    return z.NEVER;
  }
  const own = Object.fromEntries(
    Object.entries(given).filter(([key]) => !commonKeys.includes(key)),
  );
  const read = fault.reader.safeParse(own, tellingWith(commonKeys));
  if (!read.success) {
    for (const issue of read.error.issues) context.addIssue({ ...issue, path: [...issue.path] });
    return z.NEVER;
  }
  const problem = timeProblem(given);
  if (problem) {
    context.addIssue({ code: 'custom', ...problem });
    return z.NEVER;
  }
  return {
    fault: given.inject,
    ...read.data,
    keepsState: fault.keepsState,
    on: given.on,
    fromMs: given.from,
    toMs: given.to ?? null,
    beat:
      given.every === undefined || given.for === undefined
        ? null
        : { everyMs: given.every, forMs: given.for },
    chance: given.chance,
    per: given.per,
    attempt: given.attempt ?? null,
    call: given.call ?? null,
    times: given.times ?? null,
  };
});

function timeProblem(given: z.infer<typeof common>): { path: string[]; message: string } | null {
  if (given.to !== undefined && given.to <= given.from) {
    return { path: ['to'], message: 'the window ends before it begins: `to` must be after `from`' };
  }
  if ((given.every === undefined) !== (given.for === undefined)) {
    return { path: [], message: '`every` and `for` go together, like every: 2m, for: 30s' };
  }
  if (given.for !== undefined && given.every !== undefined && given.for > given.every) {
    return { path: ['for'], message: '`for` is longer than `every`' };
  }
  if (given.chance.from !== given.chance.to && given.to === undefined) {
    return { path: ['chance'], message: 'a ramp needs the window’s end: give `to`' };
  }
  return null;
}

/** A rule in a few words: `stall on provider openai, model gpt-4o`. */
export function ruleText({ fault, on }: Rule): string {
  const words = Object.entries(on).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key} ${[value].flat().join(' or ')}`],
  );
  return words.length === 0 ? fault : `${fault} on ${words.join(', ')}`;
}

/** The rule as scorers see it: one window for each provider and model that it names. */
export function windowsOf(rule: Rule): FaultWindow[] {
  const some = (list: string[] | undefined): (string | null)[] => list ?? [null];
  return some(rule.on.provider).flatMap((provider) =>
    some(rule.on.model).flatMap((model) =>
      some(rule.on.region).map((region) => ({
        fault: rule.fault,
        provider,
        model,
        region,
        fromMs: rule.fromMs,
        toMs: rule.toMs,
      })),
    ),
  );
}
