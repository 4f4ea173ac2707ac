// I24: what a chain says that an answer took is what its attempts took, failed ones too, each at
// its own price. What a broken stream never counted nobody knows exactly, so every figure between
// what the wire told and what was billed is right, and a price list of the chain's own is its own.
import type { Counted, EndEvent } from '../history.ts';
import type { AttemptRecord, CallRecord } from '../outcome/call-record.ts';
import { effectMember } from '../outcome/effect-member.ts';
import { isStep } from '../outcome/session.ts';
import type { ModelPrice } from '../plan-view.ts';
import { microsOf } from '../plan-view.ts';
import type { TrialView } from '../scorers/scorer.ts';
import { attemptText, seconds } from './attempt-text.ts';
import type { Broken, Finding } from './call-rule.ts';
import { callRule } from './call-rule.ts';

export const billedSum = callRule<TrialView>({
  id: 'I24',
  rule: 'Usage and cost are the sum over billed attempts.',
  example: 'The tokens of the stream that broke are missing in the usage of the answer.',
  know: (view) => view,
  judge,
});

/** The least and the most that may be said of something. */
interface Range {
  least: number;
  most: number;
}

function judge(view: TrialView, record: CallRecord): Finding {
  const { answer, outcome, attempts } = record;
  const meta = answer?.meta;
  if (!answer || !meta || answer.kind !== 'text' || outcome === 'cached') return null;
  const bills = attempts.map((attempt) => billOf(attempt, record));
  const usage = meta.usage;
  const findings: Finding[] = [
    usageFinding(bills, usage === null ? null : usage?.input, 'input', record),
    usageFinding(bills, usage === null ? null : usage?.output, 'output', record),
    meta.costUsd === undefined ? null : costFinding(view, bills, meta.costUsd, record),
  ];
  const said = findings.filter((one) => one !== null);
  return said.find((one) => one !== 'held') ?? said[0] ?? null;
}

interface Bill {
  attempt: AttemptRecord;
  input: Range;
  output: Range;
  /** Whether the client was told all of it. */
  told: boolean;
}

/** A chain that counts by itself may be so far off. */
const estimateFactor = 2;
const estimateSlack = 50;

function billOf(attempt: AttemptRecord, record: CallRecord): Bill {
  const { end, start, effects } = attempt;
  if (end === null) {
    const any = { least: 0, most: Number.POSITIVE_INFINITY };
    return { attempt, input: any, output: any, told: false };
  }
  const untold = effects.some(({ effect }) => hidesUsage(effect));
  const told = untold ? 'nothing' : (end.told ?? 'all');
  const isStep = start.vectors === true || start.beside === true;
  const isExtra = isStep || isUnread(attempt, record);
  return {
    attempt,
    input: rangeOf(end.input, told !== 'nothing', isExtra),
    output: rangeOf(end.output, told === 'all', isExtra),
    told: told === 'all',
  };
}

/** What ended later, or what a chain may have dropped at its end, behind which the counts stand. */
function isUnread(attempt: AttemptRecord, { answer, servedBy }: CallRecord): boolean {
  const { end, start } = attempt;
  if ((end?.t ?? 0) > (answer?.t ?? 0)) return true;
  const behind = end?.marker === true && start.wire === 'openai-chat' && start.stream;
  return behind && attempt !== servedBy && !isStep(attempt);
}

function hidesUsage(effect: unknown): boolean {
  const usage = effectMember(effect, 'quirks', 'usage');
  return usage === 'missing' || usage === 'null';
}

function rangeOf(billed: number, told: boolean, isExtra: boolean): Range {
  if (told) return { least: isExtra ? 0 : billed, most: billed };
  const most = billed === 0 ? 0 : billed * estimateFactor + estimateSlack;
  return { least: 0, most };
}

/** Rounding, and what a provider counts beside. */
const slack = 0.01;
const slackTokens = 2;

function usageFinding(
  bills: readonly Bill[],
  said: Counted | undefined,
  what: 'input' | 'output',
  record: CallRecord,
): Finding {
  const { least, most } = sumOf(bills.map((bill) => bill[what]));
  if (typeof said !== 'number') {
    return notCounted(said, `its ${what} tokens`, bills, record);
  }
  if (said >= least * (1 - slack) - slackTokens && said <= most * (1 + slack) + slackTokens) {
    return said === 0 && most === 0 ? null : 'held';
  }
  const right = least === most ? `${least}` : `between ${least} and ${Math.round(most)}`;
  return broken(record, bills, `${said} ${what} tokens`, `${right} were billed`);
}

/** A chain that does not know leaves it out; a figure that is none is a sum that went wrong. */
function notCounted(
  said: Exclude<Counted, number> | undefined,
  what: string,
  bills: readonly Bill[],
  record: CallRecord,
): Finding {
  const served = bills.find(({ attempt }) => attempt === record.servedBy);
  if (said === undefined) return null;
  if (said !== 'NaN' && !served?.told) return null;
  const how = said === 'NaN' ? 'NaN' : 'null';
  return broken(record, bills, `${how} for ${what}`, 'a number is right here, or no word of it');
}

function sumOf(ranges: readonly Range[]): Range {
  return {
    least: ranges.reduce((sum, { least }) => sum + least, 0),
    most: ranges.reduce((sum, { most }) => sum + most, 0),
  };
}

function broken(
  { answer, attempts }: CallRecord,
  bills: readonly Bill[],
  said: string,
  right: string,
): Broken {
  const at = answer?.t ?? 0;
  const text = (): string => {
    const each = bills.map(({ attempt }) => `${attemptText(attempt)}, ${tokensOf(attempt.end)}`);
    const all = attempts.length === 0 ? 'No attempt was made' : each.join('; ');
    return `${all}. At ${seconds(at)} the chain said ${said}; ${right}.`;
  };
  return { at, text };
}

function tokensOf(end: EndEvent | null): string {
  return end === null ? 'not billed yet' : `${end.input} + ${end.output} tokens billed`;
}

function costFinding(
  view: TrialView,
  bills: readonly Bill[],
  said: Counted,
  record: CallRecord,
): Finding {
  if (typeof said !== 'number') return notCounted(said, 'its cost', bills, record);
  const right = costOf(bills, ({ target }) => view.price(target));
  if (right === null || right.most === 0) return null;
  if (isIn(said, right)) return 'held';
  const served = costOf(bills, (attempt) => view.price(namedIn(attempt)));
  if (served !== null && isIn(said, served)) return 'held';
  const wrong = wrongCost(view, bills, said, record);
  if (wrong === null && (said > 0 || right.least === 0)) return null;
  const why = wrong ?? 'the answer was not for nothing';
  const dollars = right.least === right.most ? usd(right.least) : rangeText(right);
  return broken(record, bills, `${usd(said)}`, `${dollars} is right, and ${why}`);
}

/** The model that the response names. */
function namedIn({ effects, start, target }: AttemptRecord): string {
  for (const { effect } of effects) {
    const model = effectMember(effect, 'quirks', 'model');
    if (typeof model === 'string') return `${start.provider}/${model}`;
  }
  return target;
}

/** Which mistake gives exactly this sum; null: prices may be the chain's own. */
function wrongCost(
  view: TrialView,
  bills: readonly Bill[],
  said: number,
  { servedBy, attempts }: CallRecord,
): string | null {
  const first = view.price(attempts[0]?.target ?? '') ?? view.price(view.trial.primary);
  const asFirst = costOf(bills, () => first);
  if (isExactly(said, asFirst)) {
    return 'this is the sum at the price of the target that was asked first';
  }
  const last = costOf(
    bills.filter(({ attempt }) => attempt === servedBy),
    ({ target }) => view.price(target),
  );
  if (isExactly(said, last)) {
    return 'this is the cost of the last attempt alone';
  }
  return null;
}

function costOf(
  bills: readonly Bill[],
  priceOf: (attempt: AttemptRecord) => ModelPrice | null,
): Range | null {
  const sum = { least: 0, most: 0 };
  for (const { attempt, input, output } of bills) {
    if (input.most + output.most === 0) continue;
    const price = priceOf(attempt);
    if (price === null) return null;
    sum.least += microsOf(price, { input: input.least, output: output.least }) / 1e6;
    sum.most += microsOf(price, { input: input.most, output: output.most }) / 1e6;
  }
  return sum;
}

/** Where tokens had to be guessed, many sums would fit. */
function isExactly(said: number, range: Range | null): boolean {
  if (range === null || range.most === 0 || range.most > range.least * (1 + slack)) return false;
  return isIn(said, range);
}

function isIn(said: number, { least, most }: Range): boolean {
  return said >= least * (1 - slack) && said <= most * (1 + slack);
}

function usd(cost: number): string {
  return `$${cost.toFixed(6)}`;
}

function rangeText({ least, most }: Range): string {
  return `between ${usd(least)} and ${usd(most)}`;
}
