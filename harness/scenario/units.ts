// Units as users write them in YAML, and the zod types that read them: `250ms`, `5m`, `1/s`,
// `60%`, `60% -> 0%`, `250ms..4s`, `first-token`, `12 tokens`.
import { z } from 'zod';
import type { FramePart, Position } from '../faults/effect.ts';
import { expectedText, expecting } from './issue.ts';

const unitMs: Record<string, number> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** ms of `1h30m`, `250ms`, `0s`; null where it is no duration. */
export function durationMs(text: string): number | null {
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(text)) return null;
  let total = 0;
  for (const [, count, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    total += Number(count) * (unitMs[unit ?? ''] ?? 0);
  }
  const ms = Math.round(total);
  return Number.isSafeInteger(ms) ? ms : null;
}

/** `1.5s`, `2m`, `20ms`: the shortest exact way to say a time, to the ms. */
export function durationText(ms: number): string {
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    const size = unitMs[unit] ?? 1;
    if (ms >= size && ms % (size / 10) === 0 && (unit === 's' || ms % size === 0)) {
      return `${ms / size}${unit}`;
    }
  }
  return `${ms}ms`;
}

/** 0..1 of `60%` or `0.6`; null where it is no share. */
export function shareOf(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(text);
  if (!match) return null;
  const share = Number(match[1]) / (match[2] === '%' ? 100 : 1);
  return share <= 1 ? share : null;
}

const words = {
  duration: 'a duration like 250ms, 8s or 5m',
  someTime: 'a duration above 0, like 250ms, 8s or 5m',
  share: 'a share like 60% or 0.6',
  ramp: 'a share like 30%, or a ramp like 60% -> 0%',
  rate: 'a rate like 1/s or 30/m',
  quota: 'a limit like 60/m, 500/h or 1/s',
  range: 'a range like 250ms..4s',
  numbers: 'a number, a list of numbers, or a range like 1..3 or 2..',
};

/** `pattern` is for editors: what it lets pass may still be refused, with better words. */
const textOf = (what: string, pattern?: string) =>
  z.string({ error: expecting(what) }).meta({ description: what, ...(pattern && { pattern }) });

const durationPattern = '^(\\d+(\\.\\d+)?(ms|s|m|h|d))+$';
const textOrNumberOf = (what: string) =>
  z.union([z.string(), z.number()], { error: expecting(what) }).meta({ description: what });

export const duration = textOf(words.duration, durationPattern).transform(
  (text, context) => durationMs(text) ?? refuse(context, words.duration, text),
);

/** A duration in which something can happen. */
export const someTime = textOf(words.someTime, durationPattern).transform(
  (text, context) => durationMs(text) || refuse(context, words.someTime, text),
);

export const share = textOrNumberOf(words.share).transform(
  (value, context) => shareOf(String(value)) ?? refuse(context, words.share, value),
);

/** A share that may change over the rule's window. */
export interface Ramp {
  from: number;
  to: number;
}

export const ramp = textOrNumberOf(words.ramp).transform((value, context): Ramp => {
  const [first, last, ...more] = String(value)
    .split('->')
    .map((part) => shareOf(part.trim()));
  if (typeof first !== 'number' || last === null || more.length > 0) {
    return refuse(context, words.ramp, value);
  }
  return { from: first, to: last ?? first };
});

/** Calls per second of `1/s`, `30/m`. */
export const rate = textOf(words.rate, '^\\d+(\\.\\d+)?/(s|m|h)$').transform((text, context) => {
  const match = /^(\d+(?:\.\d+)?)\/(s|m|h)$/.exec(text);
  const perSecond = match ? (Number(match[1]) * 1000) / (unitMs[match[2] ?? 's'] ?? 1000) : 0;
  return perSecond > 0 && Number.isFinite(perSecond)
    ? perSecond
    : refuse(context, words.rate, text);
});

/** So many in so much time. */
export interface Quota {
  count: number;
  perMs: number;
}

/** `60/m`, `40000/m`, `2000/d`. */
export const quota = textOf(words.quota).transform((text, context): Quota => {
  const match = /^(\d+)\/(s|m|h|d)$/.exec(text);
  const count = Number(match?.[1] ?? 0);
  if (!match || count === 0 || !Number.isSafeInteger(count)) {
    return refuse(context, words.quota, text);
  }
  return { count, perMs: unitMs[match[2] ?? 'm'] ?? 60_000 };
});

/** `250ms..4s`, or one duration for both ends. */
export const durationRange = textOf(words.range).transform((text, context) => {
  const [from, to] = text.split('..').map((part) => durationMs(part.trim()));
  if (typeof from !== 'number' || to === null || (to ?? from) < from) {
    return refuse(context, words.range, text);
  }
  return { fromMs: from, toMs: to ?? from };
});

/** A number, a list of numbers, or `1..3`; from 1. */
export const numbers = z
  .union([z.number(), z.array(z.number()), z.string()], { error: expecting(words.numbers) })
  .transform((value, context): Numbers => {
    const [from, to] = typeof value === 'string' ? rangeOf(value) : [1, 1];
    const list = typeof value === 'string' ? [from] : [value].flat();
    if (list.length === 0 || !list.every((one) => Number.isSafeInteger(one) && one > 0)) {
      return refuse(context, words.numbers, value);
    }
    if (typeof value === 'string') return { from, to };
    return Array.isArray(value) ? { list } : { from: value, to: value };
  });

/** `1..3`, `2..`; a range that holds nothing counts from 0. */
function rangeOf(text: string): [from: number, to: number] {
  const match = /^(\d+)\.\.(\d*)$/.exec(text);
  const from = Number(match?.[1] ?? 0);
  const to = match?.[2] ? Number(match[2]) : Number.POSITIVE_INFINITY;
  return to < from ? [0, 0] : [from, to];
}

export type Numbers = { from: number; to: number } | { list: number[] };

export function holdsNumber(numbers: Numbers, value: number): boolean {
  if ('list' in numbers) return numbers.list.includes(value);
  return value >= numbers.from && value <= numbers.to;
}

/** Every way to write a position in a response. */
export const positionWords =
  'headers, first-event, first-token, block, empty-delta, reasoning, arguments, marker, ' +
  'inside-character, "event 3", "20 tokens", "byte 120" or "40%"';

/** Places that are behind a part of the response. */
const behindParts: Readonly<Record<string, FramePart>> = {
  block: 'block-open',
  'empty-delta': 'empty',
};

const positionPattern =
  '^(headers|first-event|first-token|block|empty-delta|reasoning|arguments|marker|' +
  'inside-character|event [1-9]\\d*|\\d+ tokens?|byte \\d+|\\d+(\\.\\d+)?%)$';

export const position = textOf(`one of ${positionWords}`, positionPattern).transform(
  (text, context): Position => {
    if (text === 'headers' || text === 'first-event') return { at: text };
    if (text === 'first-token' || text === 'marker' || text === 'arguments') return { at: text };
    if (text === 'reasoning' || text === 'inside-character') return { at: text };
    const behind = Object.hasOwn(behindParts, text) ? behindParts[text] : undefined;
    if (behind) return { at: 'part', part: behind };
    const tokens = /^(\d+) tokens?$/.exec(text);
    if (tokens) return { at: 'tokens', count: Number(tokens[1]) };
    const event = /^event (\d+)$/.exec(text);
    if (event && Number(event[1]) > 0) return { at: 'event', index: Number(event[1]) };
    const byte = /^byte (\d+)$/.exec(text);
    if (byte) return { at: 'byte', index: Number(byte[1]) };
    const part = text.endsWith('%') ? shareOf(text) : null;
    if (part !== null) return { at: 'share', share: part };
    return refuse(context, `one of ${positionWords}`, text);
  },
);

export function positionText(position: Position): string {
  if (position.at === 'tokens') return `${position.count} tokens`;
  if (position.at === 'event') return `event ${position.index}`;
  if (position.at === 'byte') return `byte ${position.index}`;
  if (position.at === 'part') return `behind the first part "${position.part}"`;
  if (position.at === 'share') return `${Math.round(position.share * 1000) / 10}%`;
  return position.at;
}

function refuse(context: z.RefinementCtx, expected: string, found: unknown): never {
  context.addIssue({ code: 'custom', message: expectedText(expected, found) });
  return z.NEVER;
}
