// Kinds of checks by the key that selects them in a workload. A new kind is its file and its line.
import { all } from './all.ts';
import { any } from './any.ts';
import { bullets } from './bullets.ts';
import { capitalWords } from './capital-words.ts';
import type { Check } from './check.ts';
import { contains } from './contains.ts';
import { endsWith } from './ends-with.ts';
import { equals } from './equals.ts';
import { frequency } from './frequency.ts';
import { highlights } from './highlights.ts';
import { json } from './json.ts';
import { language } from './language.ts';
import { letterCase } from './letter-case.ts';
import { noRefusal } from './no-refusal.ts';
import { not } from './not.ts';
import { notContains } from './not-contains.ts';
import { number } from './number.ts';
import { oneOf } from './one-of.ts';
import { paragraphs } from './paragraphs.ts';
import { parts } from './parts.ts';
import { placeholders } from './placeholders.ts';
import { postscript } from './postscript.ts';
import { regex } from './regex.ts';
import { sections } from './sections.ts';
import { sentences } from './sentences.ts';
import { similar } from './similar.ts';
import { startsWith } from './starts-with.ts';
import { title } from './title.ts';
import { words } from './words.ts';
import { wrapped } from './wrapped.ts';

export const checks: Readonly<Record<string, Check<unknown>>> = {
  all,
  any,
  bullets,
  capitalWords,
  contains,
  endsWith,
  equals,
  frequency,
  highlights,
  json,
  language,
  letterCase,
  noRefusal,
  not,
  notContains,
  number,
  oneOf,
  paragraphs,
  parts,
  placeholders,
  postscript,
  regex,
  sections,
  sentences,
  similar,
  startsWith,
  title,
  words,
  wrapped,
};
