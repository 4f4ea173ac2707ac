// Kinds of checks by the key that selects them in a workload. A new kind is its file and its line.
import { bullets } from './bullets.ts';
import type { Check } from './check.ts';
import { contains } from './contains.ts';
import { equals } from './equals.ts';
import { json } from './json.ts';
import { notContains } from './not-contains.ts';
import { number } from './number.ts';
import { oneOf } from './one-of.ts';
import { regex } from './regex.ts';
import { words } from './words.ts';

export const checks: Readonly<Record<string, Check<unknown>>> = {
  bullets,
  contains,
  equals,
  json,
  notContains,
  number,
  oneOf,
  regex,
  words,
};
