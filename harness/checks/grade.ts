// From a workload's check objects to a score. Parsing binds each check to its settings once, so
// that grading a text is a loop over closures; the kinds stay unknown to everything above this
// file.
import { z } from 'zod';
import { telling, tellingWith } from '../scenario/issue.ts';
import { unknownWord } from '../scenario/nearest.ts';
import type { Check, ParsedCheck } from './check.ts';
import { checks } from './index.ts';

export interface Grade {
  /** 0 to 1: the weighted share of the checks that hold. */
  score: number;
  /** Labels of the checks that do not hold, in the order of the workload. */
  failed: string[];
}

export const weightSchema = z
  .number()
  .positive()
  .default(1)
  .describe('How much it counts beside the other checks of the sample; 1 where it is left out.');

/** One raw check, `{ contains: [refund], weight: 2 }`; issues name the kinds that there are. */
export const checkSchema = z
  .record(z.string(), z.unknown(), { error: () => `a check is an object with ${kinds()} as a key` })
  .transform((raw, ctx): ParsedCheck => {
    const named = Object.keys(raw).filter((key) => Object.hasOwn(checks, key));
    const check = checks[named[0] ?? ''];
    if (check === undefined || named.length > 1) {
      ctx.addIssue({ code: 'custom', message: noKindText(Object.keys(raw), Object.keys(checks)) });
      return z.NEVER;
    }
    return bind(check, raw, ctx) ?? z.NEVER;
  });

/** Of an object that is no check, or two of them. */
export function noKindText(keys: readonly string[], known: readonly string[]): string {
  const [first = '', ...others] = keys.filter((key) => key !== 'weight');
  if (first !== '' && others.length === 0) return unknownWord('check', first, known);
  const found = keys.join(', ') || 'nothing';
  return `a check is an object with one of ${known.join(', ')} as a key: ${found}`;
}

/** What a kind that is made of other checks reads them with: only the whole has a weight. */
const partSchema = checkSchema.refine(({ weight }) => weight === 1, {
  path: ['weight'],
  error: 'belongs to the whole check, not to a part of it',
});

/** What reads the settings of a kind, its parts by `part`. */
export function settingsOf<Settings>(
  { settings }: Check<Settings>,
  part: z.ZodType<ParsedCheck>,
): z.ZodType<Settings> {
  return typeof settings === 'function' ? settings(part) : settings;
}

const readers = new Map<Check<unknown>, z.ZodType>();

/** Made once: making one takes longer than reading a hundred checks with it. */
function settingsReader(check: Check<unknown>): z.ZodType {
  const known = readers.get(check) ?? settingsOf(check, partSchema);
  readers.set(check, known);
  return known;
}

const checksSchema = z.array(checkSchema).min(1);

/** Every check of a sample; throws a ZodError whose paths lead into the given value. */
export function parseChecks(raw: unknown): ParsedCheck[] {
  return checksSchema.parse(raw);
}

/** The grade of a text. A text without a visible character scores 0, whatever it fails to say. */
export function grade(parsed: readonly ParsedCheck[], text: string): Grade {
  const empty = text.trim() === '';
  let total = 0;
  let held = 0;
  const failed: string[] = [];
  for (const check of parsed) {
    total += check.weight;
    if (!empty && check.holds(text)) held += check.weight;
    else failed.push(check.label);
  }
  return { score: total === 0 ? 0 : held / total, failed };
}

/** Of an unknown key beside that of the kind it is told that `weight` may stand there too. */
function readSettings(reader: z.ZodType, own: unknown): z.ZodSafeParseResult<unknown> {
  const read = reader.safeParse(own, telling);
  const isBeside = read.error?.issues.some(({ path }) => path.length === 0);
  return isBeside ? reader.safeParse(own, tellingWith(['weight'])) : read;
}

function bind(
  check: Check<unknown>,
  raw: Record<string, unknown>,
  ctx: z.RefinementCtx,
): ParsedCheck | null {
  const { weight: rawWeight, ...own } = raw;
  const weight = weightSchema.safeParse(rawWeight, telling);
  const settings = readSettings(settingsReader(check), own);
  for (const issue of weight.error?.issues ?? []) {
    ctx.addIssue({ code: 'custom', path: ['weight'], message: issue.message });
  }
  for (const { path, message } of settings.error?.issues ?? []) {
    const hint = path.length === 0 ? ` (like ${check.example})` : '';
    ctx.addIssue({ code: 'custom', path, message: `${message}${hint}` });
  }
  if (!weight.success || !settings.success) return null;
  const label = `${check.kind}: ${JSON.stringify(own[check.kind])}`;
  const bound = settings.data;
  return {
    kind: check.kind,
    weight: weight.data,
    label,
    holds: (text) => check.holds(bound, text),
  };
}

function kinds(): string {
  return Object.keys(checks).join(', ');
}
