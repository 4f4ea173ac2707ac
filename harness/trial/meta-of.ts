// What a chain says of its answer, before anything is built on it: a chain may be plain JavaScript,
// and what is no JSON would only be noticed where the history is written.
import { HarnessError } from '../errors.ts';
import type { Meta } from '../history.ts';
import { isOurs } from './caller-error.ts';

/** A copy of it; null where it says nothing. A HarnessError where it is not what can be kept. */
export function metaOf(said: unknown): Meta | null {
  if (!said) return null;
  if (typeof said !== 'object') throw refused(`${kindOf(said)} as \`meta\``, whole);
  try {
    if ('then' in said) throw refused('a promise as `meta`', 'await it first');
    if (Array.isArray(said)) throw refused('a list as `meta`', whole);
    for (const [field, { isFit, instead }] of Object.entries(fields)) {
      const value = Reflect.get(said, field);
      if (value === undefined || isFit(value)) continue;
      throw refused(`${kindOf(value)} as \`meta.${field}\``, instead);
    }
    // Later changes to the chain's own object are not the history's.
    return JSON.parse(JSON.stringify(said, withNaN)) as Meta;
  } catch (error) {
    if (isOurs(error)) throw error;
    throw refused('what JSON cannot hold (a circle, a BigInt) in `meta`', plain);
  }
}

const plain = 'give strings, numbers, true or false, and lists and objects of them';
const whole =
  'give { served, cachedMs, degraded, hops, usage, costUsd }, as many of them as are known, or ' +
  'leave it out';

/** JSON makes null of what is no number; a sum that went wrong is not the same as none. */
function withNaN(_: string, value: unknown): unknown {
  return Number.isNaN(value) ? 'NaN' : value;
}

interface Field {
  isFit(value: unknown): boolean;
  instead: string;
}

const fields: Readonly<Record<keyof Meta, Field>> = {
  served: {
    isFit: (value) => typeof value === 'string',
    instead: "give a string such as 'openai/gpt-4o', 'cache' or 'degraded'",
  },
  cachedMs: { isFit: Number.isFinite, instead: 'give the age of the cached answer in ms' },
  degraded: { isFit: (value) => typeof value === 'boolean', instead: 'give true or false' },
  hops: {
    isFit: (value) => Array.isArray(value) && value.every(isHop),
    instead: 'give a list of { target, outcome }, both of them strings',
  },
  usage: {
    isFit: (value) => value === null || isUsage(value),
    instead: 'give { input, output } in tokens over all attempts, or leave it out',
  },
  costUsd: { isFit: isCount, instead: 'give USD over all attempts as a number, or leave it out' },
};

/** Wrong sums pass: they are the chain's, and judged. */
function isCount(value: unknown): boolean {
  return value === null || typeof value === 'number';
}

function isUsage(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return ['input', 'output'].every((name) => {
    const count: unknown = Reflect.get(value, name);
    return count === undefined || isCount(count);
  });
}

function isHop(hop: unknown): boolean {
  if (typeof hop !== 'object' || hop === null) return false;
  return ['target', 'outcome'].every((key) => typeof Reflect.get(hop, key) === 'string');
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list of something else';
  if (typeof value === 'number') return `the number ${value}`;
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function refused(what: string, instead: string): HarnessError {
  return new HarnessError(`the chain gave ${what}: ${instead}`);
}
